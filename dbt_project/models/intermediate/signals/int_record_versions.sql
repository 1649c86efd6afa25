-- The contents that a document or feed entry has had, in order; a later one replaces an earlier.
with contents as (
    {% for model in ['stg_press__articles', 'stg_newsapi__articles', 'stg_google_news__articles', 'stg_sec_edgar__form_d', 'stg_sec_edgar__form_8k', 'stg_crunchbase__funding_rounds', 'stg_coresignal__employees',
        'stg_mapped__funding_rounds', 'stg_mapped__executive_changes', 'stg_mapped__people',
        'stg_mapped__technologies', 'stg_mapped__expansions', 'stg_mapped__social_posts',
        'stg_mapped__earnings_calls'] + var('mention_models') %}
    select source, stream, record_id, payload_sha256, min(fetched_at) as first_fetched_at, max(fetched_at) as last_fetched_at
    from {{ ref(model) }}
    group by source, stream, record_id, payload_sha256
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    first_fetched_at,
    lead(payload_sha256) over (
        partition by source, stream, record_id order by last_fetched_at, payload_sha256
    ) as superseded_by,
    lead(first_fetched_at) over (
        partition by source, stream, record_id order by last_fetched_at, payload_sha256
    ) as superseded_at
from contents
