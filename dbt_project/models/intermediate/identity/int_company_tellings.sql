-- What each source has told of each company, whatever it was: one row per telling record.
with lookup as (
    select key_type, key, company_id from {{ ref('int_company_lookup') }} where company_count = 1
),

anchors as (
    select identity.company_id, records.source, records.record_id, records.fetched_at as told_at
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
),

-- A board that answered without an open position spoke too, and so did a site that shows nothing new.
boards as (
    {% for vendor in ['greenhouse', 'lever', 'ashby', 'workday'] %}
    select lookup.company_id, boards.source, boards.record_id, boards.fetched_at as told_at
    from {{ ref('stg_' ~ vendor ~ '__boards') }} as boards
    inner join lookup on lookup.key_type = 'board' and lookup.key = boards.source || ':' || boards.board_token
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

pages as (
    {% for model in ['stg_company_site__pages', 'stg_leadership_pages__pages', 'stg_dns__records', 'stg_builtwith__profiles'] %}
    select lookup.company_id, pages.source, pages.record_id, pages.fetched_at as told_at
    from {{ ref(model) }} as pages
    inner join lookup on lookup.key_type = 'domain' and lookup.key = pages.domain
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

mentions as (
    select companies.company_id, mentions.source, mentions.record_id, mentions.detected_at as told_at
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
),

people as (
    select company_id, source, record_id, fetched_at as told_at from {{ ref('int_mapped_people') }}
),

technologies as (
    select company_id, source, record_id, fetched_at as told_at from {{ ref('int_mapped_technologies') }}
),

engagement as (
    select company_id, source, record_id, detected_at as told_at from {{ ref('int_engagement_events') }}
),

intent as (
    select company_id, source, record_id, detected_at as told_at from {{ ref('int_intent_events') }}
),

tellings as (
    {% for step in ['anchors', 'boards', 'pages', 'mentions', 'people', 'technologies', 'engagement', 'intent'] %}
    select company_id, source, record_id, told_at from {{ step }} where company_id is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select company_id, source, record_id, min(told_at) as first_told_at, max(told_at) as last_told_at
from tellings
group by company_id, source, record_id
