with filers as (
    select {{ provenance() }}, payload
    from {{ admitted(source('lake', 'sec_edgar__companies')) }} as records
),

names as (
    select filers.* exclude (payload), unnest({{ json_list('payload', '$.formerNames') }}) as entry
    from filers
    where filers.payload is not null
),

told as (
    select names.* exclude (entry), {{ json_fields('entry', ['$.name', '$.from', '$.to']) }} as fields
    from names
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ cik_key('record_id') }} as cik,
    nullif(trim(fields[1]), '') as former_name,
    {{ try_to('left(fields[2], 10)', 'date') }} as used_from,
    {{ try_to('left(fields[3], 10)', 'date') }} as used_to
from told
