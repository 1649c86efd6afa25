-- What a buying group lacks, each with what to do about it.
with groups as (
    select * from {{ ref('buyer_groups') }}
),

members as (
    select * from {{ ref('int_group_members') }}
),

sizes as (
    select * from {{ ref('buying_group_sizes') }}
),

-- The departments to look in first: those that the product is most for; for blockers those that must agree.
looked_in as (
    select
        solution_category,
        string_agg(replace(department, '_', ' '), ', ' order by relevance desc, department) filter (where relevance >= 0.8) as core,
        string_agg(replace(department, '_', ' '), ', ' order by relevance desc, department) filter (where is_control) as control
    from {{ ref('solution_departments') }}
    group by solution_category
),

roles as (
    {% for role, many in {'decision_maker': 'decision_makers', 'champion': 'champions', 'stakeholder': 'stakeholders', 'blocker': 'blockers', 'introducer': 'introducers'}.items() %}
    select
        groups.buyer_group_id,
        '{{ role }}' as buying_role,
        sizes.{{ many }} as wanted,
        groups.{{ many }} as filled
    from groups
    inner join sizes on groups.market = sizes.market
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

unfilled as (
    select
        groups.buyer_group_id,
        'role_unfilled' as gap_type,
        roles.buying_role,
        cast(null as varchar) as person_id,
        roles.wanted,
        roles.filled,
        case when roles.buying_role = 'decision_maker' and roles.filled = 0 then 'high' when roles.filled = 0 then 'medium' else 'low' end as severity,
        roles.filled || ' of ' || roles.wanted || ' ' || replace(roles.buying_role, '_', ' ') || case when roles.wanted > 1 then 's' else '' end || ' known' as reason,
        case roles.buying_role
            when 'champion' then 'Win over a member of ' || looked_in.core || ': a champion shows by what they do'
            when 'blocker' then 'Find who must agree in ' || looked_in.control
            when 'introducer' then 'Look for a shared employer, investor or connection'
            when 'decision_maker' then 'Find the chief officer or vice president of ' || looked_in.core
            else 'Find people of ' || looked_in.core
        end as suggestion
    from roles
    inner join groups on roles.buyer_group_id = groups.buyer_group_id
    inner join looked_in on groups.solution_category = looked_in.solution_category
    where roles.filled < roles.wanted
),

threads as (
    select
        buyer_group_id,
        'single_thread' as gap_type,
        cast(null as varchar) as buying_role,
        cast(null as varchar) as person_id,
        2 as wanted,
        1 as filled,
        case when threads = 'single' then 'high' else 'medium' end as severity,
        case when threads = 'single' then 'Only one member deals with us' else 'Only one department deals with us' end as reason,
        'Engage a second member, of another department' as suggestion
    from groups
    where threads in ('single', 'one_department')
),

unreachable as (
    select
        groups.buyer_group_id,
        'unreachable_decision_maker' as gap_type,
        members.buying_role,
        members.person_id,
        1 as wanted,
        0 as filled,
        'medium' as severity,
        'No address, profile or number of ' || members.full_name || coalesce(', ' || members.title, '') as reason,
        'Enrich this person' as suggestion
    from members
    inner join groups
        on members.organisation_id = groups.organisation_id
        and members.icp_profile_id = groups.icp_profile_id
        and members.company_id = groups.company_id
    where members.membership = 'core' and members.buying_role = 'decision_maker' and not members.is_reachable
),

departures as (
    select
        groups.buyer_group_id,
        'departure' as gap_type,
        members.buying_role,
        members.person_id,
        1 as wanted,
        0 as filled,
        case when members.buying_role in ('decision_maker', 'champion') then 'high' else 'low' end as severity,
        members.full_name || coalesce(', ' || members.title, '') || ', has left' || coalesce(' on ' || {{ iso_day('members.ended_on') }}, '') as reason,
        'Find the successor, and keep in touch with who left' as suggestion
    from members
    inner join groups
        on members.organisation_id = groups.organisation_id
        and members.icp_profile_id = groups.icp_profile_id
        and members.company_id = groups.company_id
    where members.membership = 'departed'
),

contacts as (
    select
        buyer_group_id,
        'few_contacts' as gap_type,
        cast(null as varchar) as buying_role,
        cast(null as varchar) as person_id,
        contacts_wanted as wanted,
        contacts as filled,
        'low' as severity,
        contacts || ' of ' || contacts_wanted || ' contacts known' as reason,
        'Ask providers for people (python -m orchestration people), or add a source of people' as suggestion
    from groups
    where contacts < contacts_wanted
),

gaps as (
    {% for gap in ['unfilled', 'threads', 'unreachable', 'departures', 'contacts'] %}
    select buyer_group_id, gap_type, buying_role, person_id, wanted, filled, severity, reason, suggestion from {{ gap }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    {{ stable_id(["'buyer_group_gap'", 'gaps.buyer_group_id', 'gaps.gap_type', 'gaps.buying_role', 'gaps.person_id']) }} as buyer_group_gap_id,
    gaps.buyer_group_id,
    groups.organisation_id,
    groups.icp_profile_id,
    groups.company_id,
    gaps.gap_type,
    gaps.buying_role,
    gaps.person_id,
    cast(gaps.wanted as bigint) as wanted,
    cast(gaps.filled as bigint) as filled,
    gaps.severity,
    gaps.reason,
    gaps.suggestion
from gaps
inner join groups on gaps.buyer_group_id = groups.buyer_group_id
