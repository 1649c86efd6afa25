with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$.Lookup']) }} as fields
    from {{ admitted(source('lake', 'builtwith__profiles')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ domain_key('fields[1]') }} as domain
from records
