-- Volume figures are those of the company on the day the warehouse is built for.
with signals as (
    select * from {{ ref('int_signals') }} where signal_type = 'job_posting'
),

postings as (
    select * from {{ ref('int_job_postings') }}
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
    signals.level,
    postings.location,
    signals.occurred_on as posted_on,
    postings.is_open,
    postings.closed_on,
    postings.board_key,
    postings.job_id,
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
inner join volumes on signals.company_id = volumes.company_id
