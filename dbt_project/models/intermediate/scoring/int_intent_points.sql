-- The best signal of each intent rule, for every company and profile: one row per award.
-- What is only planned or talked about has not come about: it earns a part.
{%- set planned_share -%}
    case when signals.status = 'planned' then coalesce(rules.planned_share, 1) else 1 end
{%- endset %}
with profiles as (
    select * from {{ ref('stg_reference__icp_profiles') }}
),

rules as (
    select * from {{ ref('int_score_rules') }} where component = 'intent'
),

-- What was known, and still held, at the end of the day; bad news awards nothing.
signals as (
    select * from {{ ref('int_signals') }}
    where polarity = 'positive'
        and signal_type in ('funding_round', 'job_posting', 'technology_adoption', 'executive_change')
        and {{ holds_on_day() }}
        and occurred_on >= {{ as_of() }} - (select cast(max(ends_after_days) as integer) from rules)
),

stages as (
    select organisation_id, icp_profile_id, term as stage
    from {{ ref('int_icp_terms') }} where term_type = 'funding_stage'
),

staged_profiles as (
    select distinct organisation_id, icp_profile_id from stages
),

tools as (
    select distinct organisation_id, icp_profile_id, term
    from {{ ref('int_icp_terms') }} where term_type in ('must_have', 'nice_to_have')
),

tooled_profiles as (
    select distinct organisation_id, icp_profile_id from tools
),

-- Who came in, as the profile sees it: one of its titles, one of its departments, or anybody else.
-- What a source does not say of the rank is not taken for a chief officer's.
changes as (
    select signal_id, level, lower(department) as department, {{ role_words('job_title') }} as title_words
    from signals
    where signal_type = 'executive_change'
),

arrivals as (
    select
        profiles.organisation_id,
        profiles.icp_profile_id,
        changes.signal_id,
        case
            when bool_or(terms.term_type = 'title') then 'title'
            when bool_or(terms.term_type = 'department') then 'department'
            else 'other'
        end as match,
        coalesce(changes.level, 'unknown') as seniority
    from changes
    inner join profiles on profiles.wants_leadership_change
    left join {{ ref('int_icp_terms') }} as terms
        on profiles.organisation_id = terms.organisation_id
        and profiles.icp_profile_id = terms.icp_profile_id
        and (
            (terms.term_type = 'title' and {{ names_role('changes.title_words', 'changes.department') }})
            or (terms.term_type = 'department' and changes.department = terms.term)
        )
    group by profiles.organisation_id, profiles.icp_profile_id, changes.signal_id, changes.level
),

-- `role_share`: how much of the rule's points the signal is worth by its role.
candidates as (
    select
        profiles.organisation_id, profiles.icp_profile_id, 'recent_funding' as rule_id, signals.signal_id,
        cast(1 as double) as role_share
    from signals
    inner join profiles on profiles.wants_recent_funding
    left join staged_profiles
        on profiles.organisation_id = staged_profiles.organisation_id
        and profiles.icp_profile_id = staged_profiles.icp_profile_id
    left join stages
        on profiles.organisation_id = stages.organisation_id
        and profiles.icp_profile_id = stages.icp_profile_id
        and signals.round_type = stages.stage
    where signals.signal_type = 'funding_round'
        and (signals.round_type is null or staged_profiles.icp_profile_id is null or stages.stage is not null)
    union all
    select profiles.organisation_id, profiles.icp_profile_id, 'relevant_hiring', signals.signal_id, roles.share
    from signals
    inner join {{ ref('int_icp_roles') }} as roles
        on signals.job_title = roles.title
        and signals.stated_department is not distinct from roles.stated_department
    inner join profiles
        on profiles.wants_actively_hiring
        and roles.organisation_id = profiles.organisation_id
        and roles.icp_profile_id = profiles.icp_profile_id
    where signals.signal_type = 'job_posting'
    union all
    select profiles.organisation_id, profiles.icp_profile_id, 'technology_change', signals.signal_id, 1
    from signals
    inner join profiles on profiles.wants_tech_stack_change
    left join tooled_profiles
        on profiles.organisation_id = tooled_profiles.organisation_id
        and profiles.icp_profile_id = tooled_profiles.icp_profile_id
    left join tools
        on profiles.organisation_id = tools.organisation_id
        and profiles.icp_profile_id = tools.icp_profile_id
        and lower(signals.technology) = tools.term
    where signals.signal_type = 'technology_adoption'
        -- Another version of a tool is no change of tools.
        and signals.signal_subtype is distinct from 'upgraded'
        and (tooled_profiles.icp_profile_id is null or tools.term is not null)
    union all
    select arrivals.organisation_id, arrivals.icp_profile_id, 'leadership_change', arrivals.signal_id, shares.share
    from arrivals
    inner join {{ ref('role_relevance') }} as shares
        on shares.rule_id = 'leadership_change'
        and arrivals.match = shares.match
        and arrivals.seniority = shares.seniority
),

scored as (
    select
        candidates.*,
        {{ planned_share }} as planned_share,
        candidates.role_share * {{ planned_share }} as share,
        signals.company_id,
        signals.title,
        signals.evidence as signal_evidence,
        signals.source_url,
        signals.source_names,
        signals.occurred_on,
        signals.status,
        signals.impact_score,
        signals.confidence_score,
        signals.amount_usd,
        signals.amount,
        signals.currency,
        rules.max_points,
        {{ decayed_points('rules.max_points * candidates.role_share * ' ~ planned_share, 'greatest(0, ' ~ days_between('signals.occurred_on', as_of()) ~ ')',
            'rules.fresh_days', 'rules.half_life_days', 'rules.ends_after_days') }} as points
    from candidates
    inner join signals on candidates.signal_id = signals.signal_id
    inner join rules
        on candidates.organisation_id = rules.organisation_id
        and candidates.icp_profile_id = rules.icp_profile_id
        and candidates.rule_id = rules.rule_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by organisation_id, icp_profile_id, company_id, rule_id
            order by points desc, impact_score desc, confidence_score desc, occurred_on desc, signal_id
        ) as choice,
        count(*) over (partition by organisation_id, icp_profile_id, company_id, rule_id) as alternatives
    from scored
    where points > 0
)

select
    organisation_id,
    icp_profile_id,
    company_id,
    rule_id,
    points,
    share,
    title
        || case when rule_id = 'recent_funding' and amount is not null and strpos(title, '$') = 0
            then ' (' || {{ money_text('amount', 'currency') }} || ')' else '' end
        || case when status = 'planned' then ', planned' else '' end
        || case when planned_share < 1
            then ' (counts ' || cast(round(100 * planned_share) as integer) || ' %), ' else ', ' end
        || {{ iso_day('occurred_on') }}
        || ' [' || source_names || ']'
        || case when role_share < 1
            then ', a role that counts ' || cast(round(100 * role_share) as integer) || ' %' else '' end
        || case when alternatives > 1 then ', and ' || (alternatives - 1) || ' more' else '' end as evidence,
    signal_id,
    source_url,
    occurred_on
from ranked
where choice = 1
