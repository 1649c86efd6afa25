select
    company_id,
    {{ utc('searched_at') }} as searched_at,
    {{ utc('until') }} as until,
    run_id,
    wanted,
    known,
    found,
    confirmed,
    left_out,
    credits,
    ended,
    sources
from {{ source('enrichment', 'people_searches') }}
