{{ mapped_records(source('lake', 'mapped__company_relations'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'parent_name': 'varchar',
    'parent_domain': 'varchar',
    'since': 'date',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
