{{ mapped_records(source('lake', 'mapped__earnings_calls'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'ticker': 'varchar',
    'fiscal_year': 'bigint',
    'fiscal_quarter': 'bigint',
    'held_on': 'date',
    'title': 'varchar',
    'transcript': 'varchar',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
