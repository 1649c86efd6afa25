-- A seat on a board decides on no purchase, so these are no signals and earn no points. Tellings of
-- one person within 120 days are one change; details come from the source trusted most.
with tellings as (
    select
        tellings.*,
        coalesce(trust.priority, 9) as priority,
        least(0.99, tellings.reader_confidence * coalesce(trust.trust, 0.5)) as certainty,
        case
            when {{ days_between('lag(told_on) over in_time', 'told_on') }} <= 120 then 0
            else 1
        end as begins_anew
    from {{ ref('int_board_tellings') }} as tellings
    left join {{ ref('source_trust') }} as trust on tellings.source = trust.source
    where tellings.person_key is not null
    window in_time as (
        partition by tellings.company_id, tellings.person_key, tellings.direction
        order by tellings.told_on, tellings.fetched_at, tellings.record_id
    )
),

changes as (
    select
        *,
        sum(begins_anew) over (
            partition by company_id, person_key, direction
            order by told_on, fetched_at, record_id
            rows unbounded preceding
        ) as change_number
    from tellings
),

{% set change = 'company_id, person_key, direction, change_number' %}
-- Independent sources err independently: the chance that all are wrong is the product.
by_source as (
    select {{ change }}, source, max(certainty) as certainty
    from changes
    group by {{ change }}, source
),

confidence as (
    select {{ change }}, 1 - exp(sum(ln(1 - certainty))) as confidence
    from by_source
    group by {{ change }}
),

gathered as (
    select
        {{ change }},
        first(source || '|' || record_id order by fetched_at, told_on, source, record_id) as first_telling,
        {% for detail in ['person_name', 'job_title', 'effective_on', 'evidence', 'source_url', 'reader_version'] %}
        first({{ detail }} order by {{ detail }} is null, priority, fetched_at, record_id) as {{ detail }},
        {% endfor %}
        first(source order by priority, fetched_at, record_id) as primary_source,
        min(told_on) as announced_on,
        min(fetched_at) as detected_at,
        string_agg(distinct source, ', ' order by source) as source_names,
        count(distinct source) as source_count
    from changes
    group by {{ change }}
)

select
    {{ stable_id(["'board'", 'gathered.first_telling', 'gathered.person_key', 'gathered.direction']) }} as change_id,
    gathered.company_id,
    gathered.person_name,
    gathered.job_title as position,
    'board' as level,
    case gathered.direction when 'outgoing' then 'departure' else 'new_hire' end as change_type,
    gathered.direction,
    gathered.announced_on,
    gathered.effective_on,
    case when gathered.effective_on > {{ as_of() }} then 'planned' else 'done' end as status,
    case gathered.direction when 'outgoing' then 'negative' else 'positive' end as polarity,
    cast(round(100 * confidence.confidence) as integer) as confidence_level,
    gathered.evidence,
    gathered.source_url,
    gathered.reader_version,
    gathered.primary_source,
    gathered.source_names,
    gathered.source_count,
    gathered.detected_at
from gathered
inner join confidence
    on gathered.company_id = confidence.company_id
    and gathered.person_key = confidence.person_key
    and gathered.direction = confidence.direction
    and gathered.change_number = confidence.change_number
