-- What a person in the position may decide and is likely to begin comes from the seeds
-- executive_authority and executive_initiatives; both are marked as inferred.
with changes as (
    select
        *,
        case when direction = 'outgoing' then 'outgoing' else 'incoming' end as side,
        {{ person_name_key('person_name') }} as person_key,
        {{ person_name_key('predecessor_name') }} as predecessor_key,
        {{ person_name_key('successor_name') }} as successor_key,
        trim(regexp_replace(lower(job_title), '\b(interim|acting)\b', '', 'g')) as role_key
    from {{ ref('int_signals') }}
    where signal_type = 'executive_change'
),

-- The other half of a change: who was named as predecessor or successor, else who left or took the
-- same position at the same company within 120 days.
halves as (
    select
        changes.signal_id,
        others.signal_id as counterpart_signal_id,
        others.person_name as counterpart_name,
        row_number() over (
            partition by changes.signal_id
            order by
                (others.person_key in (changes.predecessor_key, changes.successor_key)) is true desc,
                abs({{ days_between('changes.occurred_on', 'others.occurred_on') }}),
                others.signal_id
        ) as choice
    from changes
    inner join changes as others
        on changes.company_id = others.company_id
        and changes.side <> others.side
        and changes.person_key <> others.person_key
        and abs({{ days_between('changes.occurred_on', 'others.occurred_on') }}) <= 120
        and (
            others.person_key in (changes.predecessor_key, changes.successor_key)
            or changes.role_key = others.role_key
        )
),

initiatives as (
    select
        changes.signal_id,
        string_agg(templates.initiative, '; ' order by templates.from_days, templates.initiative) as likely_initiatives,
        min(templates.from_days) as initiatives_from_days,
        max(templates.to_days) as initiatives_to_days
    from changes
    inner join {{ ref('executive_initiatives') }} as templates
        on changes.side = templates.direction
        and (templates.department = 'any' or templates.department = changes.department)
    group by changes.signal_id
)

select
    changes.signal_id,
    changes.company_id,
    changes.person_name,
    changes.job_title as position,
    changes.level,
    changes.department,
    changes.change_type,
    case when changes.side = 'incoming' then changes.person_name else coalesce(changes.successor_name, halves.counterpart_name) end as incoming_executive,
    case when changes.side = 'outgoing' then changes.person_name else coalesce(changes.predecessor_name, halves.counterpart_name) end as outgoing_executive,
    halves.counterpart_signal_id,
    changes.is_interim,
    changes.occurred_on as announced_on,
    changes.effective_on,
    changes.status,
    changes.polarity,
    case when changes.is_interim then authority.interim_decision_impact else authority.decision_impact end as decision_impact,
    authority.budget_authority,
    authority.method as authority_method,
    changes.earlier_companies,
    initiatives.likely_initiatives,
    case when initiatives.signal_id is not null then 'inferred from role and kind of change' end as initiatives_basis,
    changes.occurred_on + initiatives.initiatives_from_days as initiatives_from,
    changes.occurred_on + initiatives.initiatives_to_days as initiatives_to,
    changes.confidence_score,
    changes.evidence,
    changes.source_url,
    changes.reader_version,
    changes.primary_source,
    changes.source_count
from changes
left join halves on changes.signal_id = halves.signal_id and halves.choice = 1
left join initiatives on changes.signal_id = initiatives.signal_id
left join {{ ref('executive_authority') }} as authority on changes.level = authority.level
