{{ mapped_records(source('lake', 'mapped__technologies'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'technology': 'varchar',
    'category': 'varchar',
    'vendor': 'varchar',
    'version': 'varchar',
    'first_seen_on': 'date',
    'last_seen_on': 'date',
    'removed_on': 'date',
    'intensity': 'double',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
