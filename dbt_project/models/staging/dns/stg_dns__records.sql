with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$.domain', '$.status']) }} as fields
    from {{ admitted(source('lake', 'dns__records')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ domain_key('fields[1]') }} as domain,
    fields[2] as status
from records
