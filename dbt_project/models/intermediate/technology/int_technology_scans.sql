-- One row per record and day on which it was looked at: the later look of a day counts. A look that
-- failed is none, so that nothing seems to have gone.
with looks as (
    select source, stream, 'website' as method, record_id, payload_sha256, fetched_at, domain, page_url, source_url
    from {{ ref('stg_company_site__pages') }}
    where coalesce(status, 200) between 200 and 299
    union all
    select source, stream, 'dns' as method, record_id, payload_sha256, fetched_at, domain, 'dns:' || domain as page_url, source_url
    from {{ ref('stg_dns__records') }}
    where status = 'ok'
    union all
    select source, stream, 'api' as method, record_id, payload_sha256, fetched_at, domain, source_url as page_url, source_url
    from {{ ref('stg_builtwith__profiles') }}
)

select
    source,
    stream,
    method,
    record_id,
    payload_sha256,
    fetched_at,
    cast(fetched_at as date) as scanned_on,
    domain,
    page_url,
    source_url
from looks
qualify row_number() over (
    partition by source, record_id, cast(fetched_at as date) order by fetched_at desc, payload_sha256
) = 1
