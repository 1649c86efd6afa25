-- Volume figures are those of the company on the day the warehouse is built for.
with signals as (
    select * from {{ ref('int_signals') }} where signal_type = 'job_posting' and signal_subtype <> 'hiring_surge'
),

postings as (
    {% for model in ['int_job_postings', 'int_mapped_postings'] %}
    select
        posting_id, source, record_id, source_url, stated_department, location, changed_on, is_open, closed_on,
        closes_on, reopenings, board_key, job_id, is_recruiter,
        {{ posting_reading_columns() }}
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

roles as (
    select * from {{ ref('int_job_roles') }}
),

volumes as (
    select
        company_id,
        count(*) filter (where known_to is null) as total_openings,
        count(*) filter (where occurred_on > {{ as_of() }} - 90) / 3.0 as posting_velocity,
        count(*) filter (where occurred_on > {{ as_of() }} - 30) as posted_30d
    from signals
    group by company_id
)

select
    signals.signal_id,
    signals.company_id,
    signals.job_title,
    signals.department,
    postings.stated_department,
    signals.level,
    postings.seniority,
    postings.location,
    postings.city,
    postings.region,
    postings.country,
    postings.places,
    postings.remote_option,
    postings.employment_type,
    postings.salary_min,
    postings.salary_max,
    postings.salary_currency,
    postings.salary_period,
    postings.salary_source,
    postings.required_skills,
    postings.preferred_skills,
    postings.technologies,
    postings.certifications,
    postings.years_min,
    postings.years_max,
    postings.degree,
    signals.occurred_on as posted_on,
    signals.status,
    signals.polarity,
    postings.changed_on,
    postings.is_open,
    postings.closed_on,
    postings.closes_on,
    postings.reopenings,
    postings.source,
    postings.board_key,
    postings.job_id,
    postings.source_url,
    postings.is_recruiter,
    roles.role_id,
    roles.duplicate_kind,
    roles.duplicate_of,
    coalesce(signals.level in ('c_suite', 'vp', 'director'), false) as is_decision_maker,
    signals.evidence,
    postings.field_evidence,
    signals.reader_version,
    postings.reader_confidence,
    volumes.total_openings,
    cast(volumes.posting_velocity as double) as posting_velocity,
    case
        when volumes.posted_30d >= 2 * volumes.posting_velocity and volumes.posted_30d >= 3 then 'rapid'
        when volumes.posted_30d >= volumes.posting_velocity and volumes.posted_30d > 0 then 'steady'
        when volumes.posted_30d > 0 then 'moderate'
        else 'minimal'
    end as growth_indicator
from signals
inner join postings
    on signals.primary_source = postings.source and signals.primary_record_id = postings.record_id
left join roles on postings.posting_id = roles.posting_id
inner join volumes on signals.company_id = volumes.company_id
