-- Postings of mapped sources as they were last told.
with versions as (
    select
        postings.*,
        {{ domain_key('company_domain') }} as site,
        min(fetched_at) over (partition by source, record_id) as first_fetched_at,
        max(fetched_at) over (partition by source, record_id) as last_fetched_at,
        count(*) over (partition by source, record_id) as version_count,
        row_number() over (
            partition by source, record_id order by fetched_at desc, observed_at desc, payload_sha256
        ) as newest
    from {{ ref('stg_mapped__job_postings') }} as postings
)

select
    {{ stable_id(["'job'", 'versions.source', 'versions.record_id']) }} as posting_id,
    versions.source,
    versions.stream,
    versions.record_id,
    versions.payload_sha256,
    versions.source_url,
    -- An export is no board of one employer and keeps no ids of a board.
    cast(null as varchar) as board_key,
    cast(null as varchar) as job_id,
    versions.company_name,
    versions.site as company_domain,
    {{ cik_key('versions.cik') }} as cik,
    versions.title,
    coalesce(titles.department, lower(versions.department)) as department,
    lower(versions.department) as stated_department,
    titles.level,
    versions.location,
    cast(versions.posted_on as timestamp) as published_at,
    versions.first_fetched_at,
    coalesce(versions.posted_on, cast(versions.first_fetched_at as date)) as first_seen_on,
    -- An export says what was open then; a month later nobody knows.
    case
        when versions.closed_on <= {{ as_of() }} then false
        when {{ days_between('versions.last_fetched_at', as_of()) }} <= 30 then true
    end as is_open,
    case when versions.closed_on <= {{ as_of() }} then versions.closed_on end as closed_on,
    case
        when versions.closed_on <= {{ as_of() }} then greatest(cast(versions.closed_on as timestamp), versions.fetched_at)
    end as closed_known_at,
    cast(null as bigint) as reopenings,
    case when versions.version_count > 1 then cast(versions.fetched_at as date) end as changed_on,
    coalesce(readings.closes_on, versions.closed_on) as closes_on,
    coalesce(readings.is_recruiter, false) as is_recruiter,
    {{ posting_reading_columns('readings') }}
from versions
left join {{ ref('int_title_readings') }} as titles on versions.title = titles.title
left join {{ ref('int_posting_readings') }} as readings
    on versions.source = readings.source
    and versions.record_id = readings.record_id
    and versions.payload_sha256 = readings.payload_sha256
where versions.newest = 1
