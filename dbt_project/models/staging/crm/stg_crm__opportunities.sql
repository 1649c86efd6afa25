with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$."Opportunity ID"', '$."Account ID"', '$."Account Name"', '$."Opportunity Name"', '$."Stage"', '$."Amount"', '$."Currency"', '$."Created Date"', '$."Close Date"', '$."Is Closed"', '$."Is Won"', '$."Lead Source"', '$."Next Step"', '$."Owner"']) }} as fields
    from {{ admitted(source('lake', 'crm__opportunities')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    nullif(trim(fields[1]), '') as opportunity_id,
    nullif(trim(fields[2]), '') as account_id,
    nullif(trim(fields[3]), '') as account_name,
    nullif(trim(fields[4]), '') as name,
    nullif(trim(fields[5]), '') as stage,
    {{ try_to("replace(trim(fields[6]), ',', '')", 'double') }} as amount,
    nullif(trim(fields[6]), '') as amount_text,
    nullif(trim(fields[7]), '') as currency,
    {{ try_to('trim(fields[8])', 'date') }} as created_on,
    nullif(trim(fields[8]), '') as created_on_text,
    {{ try_to('trim(fields[9])', 'date') }} as close_on,
    nullif(trim(fields[9]), '') as close_on_text,
    lower(trim(fields[10])) in ('true', 'yes', '1') as is_closed,
    lower(trim(fields[11])) in ('true', 'yes', '1') as is_won,
    nullif(trim(fields[12]), '') as lead_source,
    nullif(trim(fields[13]), '') as next_step,
    nullif(trim(fields[14]), '') as owner
from records
