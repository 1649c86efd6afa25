{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook='{{ remove_set_aside() }}'
) }}

with records as (
    select
        {{ provenance() }},
        payload
    from {{ admitted(source('lake', 'ashby__jobs')) }} as records
),

-- A version of a posting never changes, so only versions not staged yet are parsed.
unstaged as (
    select * from records
    {% if is_incremental() %}
    where not exists (
        select 1
        from {{ this }} as staged
        where staged.record_id = records.record_id
            and staged.payload_sha256 = records.payload_sha256
            and staged.fetched_at = records.fetched_at
    )
    {% endif %}
),

parsed as (
    select
        * exclude (payload),
        {{ json_fields('payload', ['$.title', '$.department', '$.location', '$.publishedAt', '$.jobUrl', '$.address.postalAddress.addressCountry']) }} as fields
    from unstaged
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    split_part(record_id, '/', 1) as board_token,
    regexp_replace(record_id, '^[^/]*/', '') as job_id,
    trim(fields[1]) as title,
    nullif(fields[2], '') as department,
    nullif(fields[3], '') as location,
    {{ utc(try_to('fields[4]', 'timestamptz')) }} as published_at,
    nullif(fields[5], '') as job_url,
    nullif(fields[6], '') as country
from parsed
