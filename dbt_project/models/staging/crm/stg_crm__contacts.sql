with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$."Contact ID"', '$."Account ID"', '$."Account Name"', '$."First Name"', '$."Last Name"', '$."Title"', '$."Email"', '$."Phone"', '$."LinkedIn"', '$."Created Date"', '$."Last Activity Date"']) }} as fields
    from {{ admitted(source('lake', 'crm__contacts')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    nullif(trim(fields[1]), '') as contact_id,
    nullif(trim(fields[2]), '') as account_id,
    nullif(trim(fields[3]), '') as account_name,
    nullif(trim(fields[4]), '') as first_name,
    nullif(trim(fields[5]), '') as last_name,
    nullif(trim(fields[6]), '') as title,
    nullif(trim(fields[7]), '') as email,
    nullif(trim(fields[8]), '') as phone,
    nullif(trim(fields[9]), '') as linkedin_url,
    {{ try_to('trim(fields[10])', 'date') }} as created_on,
    nullif(trim(fields[10]), '') as created_on_text,
    {{ try_to('trim(fields[11])', 'date') }} as last_activity_on,
    nullif(trim(fields[11]), '') as last_activity_on_text
from records
