{{ mapped_records(source('lake', 'mapped__engagement_events'), {
    'company_name': 'varchar',
    'company_domain': 'varchar',
    'cik': 'varchar',
    'event_type': 'varchar',
    'occurred_at': 'timestamp',
    'crm_account_id': 'varchar',
    'person_name': 'varchar',
    'person_email': 'varchar',
    'channel': 'varchar',
    'page_url': 'varchar',
    'content_title': 'varchar',
    'campaign': 'varchar',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
