{{ mapped_records(source('lake', 'mapped__profile_changes'), {
    'subject': 'varchar',
    'profile_id': 'varchar',
    'change_type': 'varchar',
    'changed_fields': 'varchar',
    'merged_into': 'varchar',
    'received_on': 'date',
    'source_url': 'varchar',
    'evidence': 'varchar',
    'confidence': 'double'
}) }}
