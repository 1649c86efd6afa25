{{ mapped_records(source('lake', 'mapped__executive_changes'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'person_name': 'varchar',
    'job_title': 'varchar',
    'change_type': 'varchar',
    'announced_on': 'date',
    'effective_on': 'date',
    'is_interim': 'boolean',
    'is_board_only': 'boolean',
    'previous_company': 'varchar',
    'previous_title': 'varchar',
    'linkedin_url': 'varchar',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
