{{ mapped_records(source('lake', 'mapped__social_posts'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'author_name': 'varchar',
    'network': 'varchar',
    'text': 'varchar',
    'posted_at': 'timestamp',
    'reactions': 'bigint',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
