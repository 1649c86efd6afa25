-- Who worked where from when until when: all tellings of a person at a company put together. A later
-- start after an end is another spell; an old contact or page that repeats a position is not.
with tellings as (
    select
        identity.person_id,
        tellings.*,
        coalesce(tellings.started_on, tellings.ended_on, tellings.told_on, cast(tellings.known_at as date)) as at_day,
        case tellings.start_precision when 'day' then 1 when 'month' then 2 when 'between_readings' then 3 else 4 end as start_rank,
        case tellings.end_precision when 'day' then 1 when 'month' then 2 when 'between_readings' then 3 else 4 end as end_rank
    from {{ ref('int_person_tellings') }} as tellings
    inner join {{ ref('int_person_identity') }} as identity on tellings.person_record = identity.record_key
),

preceded as (
    select
        *,
        max(ended_on) over (
            partition by person_id, company_id order by at_day, telling_id
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from tellings
),

-- Profiles are edited late and state months: what begins within 100 days of an end is the same spell.
numbered as (
    select
        *,
        sum(case
            when started_on > ended_before + interval 100 day then 1
            when not is_left and started_on is null and at_day > ended_before + interval 180 day then 1
            else 0
        end) over (
            partition by person_id, company_id order by at_day, telling_id
            rows between unbounded preceding and current row
        ) as spell
    from preceded
),

bounded as (
    select
        *,
        min(started_on) over by_spell as first_start,
        max(case when is_left then ended_on end) over by_spell as last_end
    from numbered
    window by_spell as (partition by person_id, company_id, spell)
),

-- Of several that state one start or end the most precise counts.
spells as (
    select
        person_id,
        company_id,
        spell,
        first(telling_id order by known_at, source_rank, telling_id) as first_telling_id,
        {% for field in ['title', 'level', 'department'] %}
        first({{ field }} order by is_left, at_day desc, source_rank, telling_id) filter (where {{ field }} is not null) as {{ field }},
        {% endfor %}
        {% for field in ['started_on', 'start_precision', 'known_by'] %}
        first({{ field }} order by start_rank, source_rank, started_on, telling_id)
            filter (where started_on <= first_start + interval 100 day) as {{ 'start_' ~ field if field == 'known_by' else field }},
        {% endfor %}
        min(case when started_on is not null then known_at end) as start_noticed_at,
        {% for field in ['ended_on', 'end_precision', 'known_by'] %}
        first({{ field }} order by end_rank, source_rank, ended_on desc, telling_id)
            filter (where is_left and ended_on >= last_end - interval 100 day) as {{ 'end_' ~ field if field == 'known_by' else field }},
        {% endfor %}
        bool_or(is_left) as is_left,
        first(known_by order by left_known_at, telling_id) filter (where is_left) as left_known_by,
        min(left_known_at) as end_noticed_at,
        max(told_on) filter (where not is_left) as last_told_on,
        first(source order by source_rank, at_day desc, telling_id) as source,
        first(record_id order by source_rank, at_day desc, telling_id) as record_id,
        first(source_url order by source_rank, at_day desc, telling_id) as source_url,
        string_agg(distinct source, ', ' order by source) as source_names,
        count(distinct source) as source_count,
        first(evidence order by at_day desc, source_rank, telling_id) as evidence,
        -- Rounded: the order in which logarithms are added up is not fixed.
        least(0.99, 1 - exp(round(sum(distinct_doubt), 9))) as confidence,
        min(known_at) as first_seen_at
    from (
        select
            *,
            -- Each source counts once, by its surest statement.
            case
                when row_number() over (
                    partition by person_id, company_id, spell, source order by confidence desc nulls last, telling_id
                ) = 1 then ln(1 - least(coalesce(confidence, 0.5), 0.99))
            end as distinct_doubt
        from bounded
    ) as weighed
    group by person_id, company_id, spell
),

dated as (
    select
        * exclude (ended_on),
        case when ended_on >= coalesce(started_on, ended_on) then ended_on end as ended_on,
        coalesce(started_on <= {{ as_of() }}, true) and not (is_left and coalesce(ended_on <= {{ as_of() }}, true)) as is_there
    from spells
),

-- Who has taken a position elsewhere since the last word from here has moved on.
arrivals as (
    select person_id, company_id, started_on, start_noticed_at
    from dated
    where started_on <= {{ as_of() }}
),

moved as (
    select
        dated.person_id,
        dated.company_id,
        dated.spell,
        first(arrivals.company_id order by arrivals.started_on, arrivals.company_id) as next_company_id,
        min(arrivals.start_noticed_at) as noticed_at
    from dated
    inner join arrivals
        on dated.person_id = arrivals.person_id
        and dated.company_id <> arrivals.company_id
        and arrivals.started_on > coalesce(dated.ended_on - interval 100 day, dated.last_told_on, dated.started_on)
    group by dated.person_id, dated.company_id, dated.spell
)

select
    {{ stable_id(["'employment'", 'dated.first_telling_id']) }} as employment_id,
    dated.person_id,
    dated.company_id,
    dated.title,
    dated.level,
    dated.department,
    dated.started_on,
    dated.start_precision,
    dated.start_known_by,
    dated.start_noticed_at,
    dated.ended_on,
    case when dated.ended_on is not null then dated.end_precision end as end_precision,
    case
        when dated.ended_on is not null then dated.end_known_by
        when dated.is_left then dated.left_known_by
        when dated.is_there and moved.person_id is not null then 'moved'
    end as end_known_by,
    coalesce(dated.end_noticed_at, case when dated.is_there then moved.noticed_at end) as end_noticed_at,
    dated.is_there and moved.person_id is null as is_current,
    moved.next_company_id,
    dated.source,
    dated.record_id,
    dated.source_url,
    dated.source_names,
    dated.source_count,
    round(dated.confidence, 3) as confidence,
    dated.evidence,
    dated.last_told_on,
    dated.first_seen_at
from dated
left join moved
    on dated.person_id = moved.person_id
    and dated.company_id = moved.company_id
    and dated.spell = moved.spell
