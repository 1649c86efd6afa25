-- Gaps, redundancies and complements of each company's technologies in use, by the rules of the seeds
-- technology_stack_rules, technology_areas and technology_complements.
with used as (
    select
        company_id, technology, category,
        string_agg(distinct method, ', ' order by method) as methods,
        max(confidence_level) as confidence_level,
        -- A posting may name what it would take instead: it shows no second technology in use.
        bool_or(method <> 'job_ad') as is_in_use
    from {{ ref('company_technologies') }}
    where is_current
    group by company_id, technology, category
),

categories as (
    select
        company_id, category,
        string_agg(technology, ', ' order by technology) as names,
        count(*) filter (where is_in_use) as in_use,
        string_agg(technology, ', ' order by technology) filter (where is_in_use) as names_in_use,
        max(confidence_level) as confidence_level
    from used
    group by company_id, category
),

-- Who could have seen a category, and did look.
sight as (
    select distinct views.company_id, areas.category
    from {{ ref('company_technology_looks') }} as views
    inner join {{ ref('technology_areas') }} as areas
        on views.method in ('vendor', 'enriched') or contains(' ' || areas.seen_by || ' ', ' ' || views.method || ' ')
    where {{ days_between('views.looked_on', as_of()) }} <= {{ var('stack_look_days', 90) }}
),

gaps as (
    select
        held.company_id, 'gap' as kind, rules.rule_id, rules.wanted_category as category,
        held.names as technologies, rules.reason,
        case when sight.company_id is null then 'not_observable' else 'not_seen' end as status,
        held.confidence_level
    from categories as held
    inner join {{ ref('technology_stack_rules') }} as rules on held.category = rules.having_category
    left join categories as wanted
        on held.company_id = wanted.company_id and rules.wanted_category = wanted.category
    left join sight
        on held.company_id = sight.company_id and rules.wanted_category = sight.category
    where wanted.company_id is null
),

redundancies as (
    select
        categories.company_id, 'redundancy' as kind, 'several_in_one_category' as rule_id, categories.category,
        categories.names_in_use as technologies,
        categories.in_use || ' technologies of a category in which one does' as reason,
        'seen' as status,
        categories.confidence_level
    from categories
    inner join {{ ref('technology_areas') }} as areas on categories.category = areas.category
    where areas.is_single and categories.in_use > 1
),

complements as (
    select
        one.company_id, 'complement' as kind, 'known_pair' as rule_id, other.category,
        one.technology || ', ' || other.technology as technologies, pairs.reason,
        'seen' as status,
        least(one.confidence_level, other.confidence_level) as confidence_level
    from used as one
    inner join {{ ref('technology_complements') }} as pairs on one.technology = pairs.technology
    inner join used as other
        on one.company_id = other.company_id and pairs.complement = other.technology
),

findings as (
    select * from gaps
    union all
    select * from redundancies
    union all
    select * from complements
)

select
    {{ stable_id(["'stack'", 'company_id', 'kind', 'rule_id', 'category', "case when kind = 'complement' then technologies else '' end"]) }} as finding_id,
    company_id,
    kind,
    rule_id,
    category,
    technologies,
    status,
    reason,
    confidence_level
from findings
