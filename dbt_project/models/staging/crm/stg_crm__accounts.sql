with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$."Account ID"', '$."Account Name"', '$."Website"', '$."Industry"', '$."Employees"', '$."Billing City"', '$."Billing Country"', '$."Phone"', '$."Created Date"', '$."Last Activity Date"',
            '$."Parent Account ID"', '$."Parent Account"']) }} as fields
    from {{ admitted(source('lake', 'crm__accounts')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    nullif(trim(fields[1]), '') as account_id,
    nullif(trim(fields[2]), '') as name,
    {{ domain_key('fields[3]') }} as domain,
    nullif(trim(fields[4]), '') as industry,
    cast({{ try_to("replace(trim(fields[5]), ',', '')", 'double') }} as bigint) as employee_count,
    nullif(trim(fields[6]), '') as city,
    nullif(trim(fields[7]), '') as country,
    nullif(trim(fields[8]), '') as phone,
    {{ try_to('trim(fields[9])', 'date') }} as created_on,
    nullif(trim(fields[9]), '') as created_on_text,
    {{ try_to('trim(fields[10])', 'date') }} as last_activity_on,
    nullif(trim(fields[10]), '') as last_activity_on_text,
    nullif(trim(fields[11]), '') as parent_account_id,
    nullif(trim(fields[12]), '') as parent_account_name
from records
