-- Where companies hire on the spot: one row per company and place (city), by the posting that first
-- stated it. Remote positions, agencies' adverts and positions to be filled in any of many places
-- say nothing of an office.
with readings as (
    select
        source,
        record_id,
        fetched_at,
        reader_version,
        unnest({{ json_values('places', '$[*].city') }}) as city,
        unnest({{ json_values('places', '$[*].country') }}) as country
    from {{ ref('stg_detections__job_postings') }}
    where fetched_at < {{ as_of_end() }}
        and coalesce(remote_option, '') <> 'remote'
        and not is_recruiter
        and json_array_length(places) <= 3
),

stated as (
    select
        source,
        record_id,
        {{ folded('city') }} as city_key,
        min(city) as city,
        min(country) as country,
        min(fetched_at) as stated_at,
        max(reader_version) as reader_version
    from readings
    where city is not null
    group by source, record_id, {{ folded('city') }}
),

boards as (
    select source, board_token, min(snapshot_on) as first_read_on
    from {{ ref('int_job_board_manifests') }}
    group by source, board_token
),

placed as (
    select
        roles.company_id,
        stated.*,
        {{ folded('stated.country') }} as country_key,
        postings.posting_id,
        postings.stream,
        postings.payload_sha256,
        postings.source_url,
        postings.board_key,
        postings.title,
        postings.location,
        postings.published_at,
        postings.closed_known_at,
        coalesce(cast(stated.stated_at as date) <= boards.first_read_on, true) as is_from_baseline,
        min(stated.stated_at) over (partition by roles.company_id) as first_stated_at
    from stated
    inner join {{ ref('int_job_roles') }} as roles
        on stated.source = roles.source and stated.record_id = roles.record_id
    inner join {{ ref('int_job_postings') }} as postings on roles.posting_id = postings.posting_id
    left join boards on postings.source = boards.source and postings.board_token = boards.board_token
    where roles.company_id is not null
),

ranked as (
    select
        *,
        row_number() over (partition by company_id, city_key order by stated_at, posting_id) as city_rank,
        row_number() over (partition by company_id, country_key order by stated_at, posting_id, city_key) as country_rank
    from placed
)

select
    ranked.* exclude (city_rank, country_rank, first_stated_at),
    ranked.country_key is not null
        and ranked.country_rank = 1
        and ranked.country_key <> coalesce({{ folded('companies.country') }}, '') as is_new_country,
    -- New is what the board did not show from its first reading on, elsewhere than at home.
    not ranked.is_from_baseline
        and ranked.first_stated_at < ranked.stated_at
        and ranked.city_key <> coalesce({{ folded('companies.city') }}, '') as is_new
from ranked
inner join {{ ref('int_companies') }} as companies on ranked.company_id = companies.company_id
where ranked.city_rank = 1
