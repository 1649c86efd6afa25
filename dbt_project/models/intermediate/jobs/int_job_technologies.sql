-- Which posting names which technology, and since when: one row per posting and technology that any
-- version of it names.
with readings as (
    select
        source,
        record_id,
        fetched_at,
        reader_version,
        unnest({{ json_values('technologies', '$[*].name') }}) as technology,
        unnest({{ json_values('technologies', '$[*].category') }}) as category,
        unnest({{ json_values('technologies', '$[*].requirement') }}) as requirement
    from {{ ref('stg_detections__job_postings') }}
    where fetched_at < {{ as_of_end() }}
),

named as (
    select
        source,
        record_id,
        technology,
        max(category) as category,
        bool_or(requirement = 'required') as is_required,
        min(fetched_at) as named_at,
        max(reader_version) as reader_version
    from readings
    group by source, record_id, technology
),

boards as (
    select source, board_token, min(snapshot_on) as first_read_on
    from {{ ref('int_job_board_manifests') }}
    group by source, board_token
)

select
    roles.company_id,
    named.technology,
    named.category,
    named.is_required,
    named.named_at,
    named.reader_version,
    roles.posting_id,
    roles.role_id,
    postings.source,
    postings.stream,
    postings.record_id,
    postings.payload_sha256,
    postings.source_url,
    postings.board_key,
    postings.title,
    postings.is_open,
    postings.closed_on,
    coalesce(cast(named.named_at as date) <= boards.first_read_on, false) as is_from_baseline
from named
inner join {{ ref('int_job_roles') }} as roles
    on named.source = roles.source and named.record_id = roles.record_id
inner join {{ ref('int_job_postings') }} as postings on roles.posting_id = postings.posting_id
left join boards on postings.source = boards.source and postings.board_token = boards.board_token
-- An agency's advert speaks of its client.
where roles.company_id is not null and not postings.is_recruiter
