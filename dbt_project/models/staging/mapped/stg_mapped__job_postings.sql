{{ mapped_records(source('lake', 'mapped__job_postings'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'title': 'varchar',
    'department': 'varchar',
    'location': 'varchar',
    'country': 'varchar',
    'remote_option': 'varchar',
    'salary': 'varchar',
    'employment_type': 'varchar',
    'posted_on': 'date',
    'closed_on': 'date',
    'description': 'varchar',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
