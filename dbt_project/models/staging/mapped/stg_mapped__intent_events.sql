{{ mapped_records(source('lake', 'mapped__intent_events'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'intent_type': 'varchar',
    'topic': 'varchar',
    'category': 'varchar',
    'score': 'double',
    'visits': 'bigint',
    'occurred_on': 'date',
    'city': 'varchar',
    'country': 'varchar',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
