with versions as (
    {% for vendor in ['greenhouse', 'lever', 'ashby', 'workday', 'adzuna', 'usajobs'] %}
    select * from {{ ref('stg_' ~ vendor ~ '__jobs') }}
    where fetched_at < {{ as_of_end() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        *,
        min(fetched_at) over (partition by source, record_id) as first_fetched_at,
        count(*) over (partition by source, record_id) as version_count,
        row_number() over (
            partition by source, record_id order by fetched_at desc, payload_sha256
        ) as newest
    from versions
),

latest as (
    select * from ranked where newest = 1
),

states as (
    select
        source,
        board_token,
        job_id,
        max_by(change_type, changed_on) as last_change,
        max(changed_on) as last_changed_on,
        max(fetched_at) as last_changed_at,
        min(changed_on) as first_seen_on,
        count(*) filter (where is_reopening) as reopenings
    from {{ ref('int_job_board_changes') }}
    group by source, board_token, job_id
)

select
    {{ stable_id(["'job'", 'latest.source', 'latest.record_id']) }} as posting_id,
    latest.source,
    latest.stream,
    latest.record_id,
    latest.payload_sha256,
    coalesce(latest.job_url, latest.source_url) as source_url,
    latest.source || ':' || latest.board_token as board_key,
    latest.board_token,
    latest.job_id,
    latest.title,
    coalesce(titles.department, readings.department, lower(latest.department)) as department,
    lower(latest.department) as stated_department,
    titles.level,
    latest.location,
    latest.published_at,
    latest.first_fetched_at,
    states.first_seen_on,
    -- A search does not tell when a position is gone: a month after it was told nobody knows.
    case
        when latest.source not in ('adzuna', 'usajobs') then coalesce(states.last_change, 'opened') <> 'closed'
        when readings.closes_on < {{ as_of() }} then false
        when readings.closes_on is not null then true
        when {{ days_between('latest.fetched_at', as_of()) }} <= 30 then true
    end as is_open,
    case when states.last_change = 'closed' then states.last_changed_on end as closed_on,
    case when states.last_change = 'closed' then states.last_changed_at end as closed_known_at,
    coalesce(states.reopenings, 0) as reopenings,
    case when latest.version_count > 1 then cast(latest.fetched_at as date) end as changed_on,
    readings.opened_on,
    readings.closes_on,
    readings.company_name,
    readings.text_fingerprint,
    coalesce(readings.is_recruiter, false) as is_recruiter,
    {{ posting_reading_columns('readings') }}
from latest
left join states
    on latest.source = states.source
    and latest.board_token = states.board_token
    and latest.job_id = states.job_id
left join {{ ref('int_title_readings') }} as titles
    on latest.title = titles.title
left join {{ ref('int_posting_readings') }} as readings
    on latest.source = readings.source
    and latest.record_id = readings.record_id
    and latest.payload_sha256 = readings.payload_sha256
