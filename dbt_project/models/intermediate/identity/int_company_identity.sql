-- One company per set of records that share a domain or a CIK, or of which a person or a vendor said so; then
-- records without a domain join the one company that bears their name, or else the one that they are
-- most like, unless a person said no.
with decisions as (
    select * from {{ ref('int_company_decisions') }}
),

-- A decision ties records together and names no company.
edges as (
    select record_key, key, key_rank from {{ ref('int_company_keys') }}
    union all
    {{ decision_edges('decisions') }}
    union all
    select record_key, 'merger:' || merger_id, cast(null as bigint) from {{ ref('int_company_mergers') }}
),

{{ spread_labels('edges', 'components') }},

members as (
    select
        components.label,
        records.record_key,
        records.name_key,
        records.domain,
        records.cik
    from components
    inner join {{ ref('int_company_records') }} as records
        on components.record_key = records.record_key
        and records.is_latest
),

-- Which two a person told apart.
apart as (
    select distinct subjects.label as weak_label, others.label as strong_label
    from decisions as one
    inner join decisions as other
        on one.decision_id = other.decision_id and one.side = 'subject' and other.side = 'other'
    inner join components as subjects on one.record_key = subjects.record_key
    inner join components as others on other.record_key = others.record_key
    where one.decision = 'split'
),

traits as (
    select
        label,
        bool_or(domain is not null) as has_domain,
        bool_or(cik is not null) as has_cik
    from members
    group by label
),

-- Names borne by exactly one company with a domain. A name borne by two is a homonym: no guess.
strong_names as (
    select
        members.name_key,
        min(members.label) as label,
        bool_or(traits.has_cik) as has_cik
    from members
    inner join traits on members.label = traits.label
    where traits.has_domain and members.name_key is not null
    group by members.name_key
    having count(distinct members.label) = 1
),

-- A company without a domain joins its namesake; a filer only where that has no CIK of its own,
-- because two CIKs are two legal entities. Where several filers bear the name, none joins.
candidates as (
    select
        members.label as weak_label,
        strong_names.label as strong_label,
        traits.has_cik,
        count(*) filter (where traits.has_cik) over (partition by strong_names.label) as filers
    from members
    inner join traits on members.label = traits.label and not traits.has_domain
    inner join strong_names on members.name_key = strong_names.name_key
    left join apart on members.label = apart.weak_label and strong_names.label = apart.strong_label
    where not (traits.has_cik and strong_names.has_cik) and apart.weak_label is null
),

joins as (
    select weak_label, min(strong_label) as strong_label
    from candidates
    where not has_cik or filers = 1
    group by weak_label
    having count(distinct strong_label) = 1
),

-- What no name joins may be like one company with a domain, in the group that linkage found. A name
-- that several of these bear tells none of them.
homonyms as (
    select members.name_key
    from members
    inner join traits on members.label = traits.label
    where traits.has_domain and members.name_key is not null
    group by members.name_key
    having count(distinct members.label) > 1
),

grouped as (
    select members.label, members.name_key, traits.has_domain, traits.has_cik, entities.entity_key
    from members
    inner join traits on members.label = traits.label
    inner join {{ ref('stg_identity__company_entities') }} as entities
        on members.record_key = entities.record_key
),

alike as (
    select
        weak.label as weak_label,
        strong.label as strong_label,
        weak.has_cik,
        count(distinct case when weak.has_cik then weak.label end) over (
            partition by strong.label
        ) as filers
    from grouped as weak
    inner join grouped as strong on weak.entity_key = strong.entity_key and strong.has_domain
    left join joins on weak.label = joins.weak_label
    left join homonyms on weak.name_key = homonyms.name_key
    left join apart on weak.label = apart.weak_label and strong.label = apart.strong_label
    where not weak.has_domain
        and apart.weak_label is null
        and not (weak.has_cik and strong.has_cik)
        and joins.weak_label is null
        and homonyms.name_key is null
),

likely_joins as (
    select weak_label, min(strong_label) as strong_label
    from alike
    where not has_cik or filers = 1
    group by weak_label
    having count(distinct strong_label) = 1
),

attached as (
    select
        components.record_key,
        components.label,
        coalesce(joins.strong_label, likely_joins.strong_label, components.label) as company_label,
        joins.weak_label is not null as is_joined_by_name,
        likely_joins.weak_label is not null as is_joined_by_likeness
    from components
    left join joins on components.label = joins.weak_label
    left join likely_joins on components.label = likely_joins.weak_label
),

-- The company is named after its first key, also when that came from the record that joined.
roots as (
    select attached.company_label, min(attached.label) as root_rank
    from attached
    group by attached.company_label
),

root_keys as (
    select distinct key, key_rank from edges
),

-- A decision on what nobody tells of decides nothing.
decided as (
    select distinct decisions.record_key
    from decisions
    inner join decisions as others
        on decisions.decision_id = others.decision_id and decisions.side <> others.side
    where decisions.decision in ('merge', 'pin')
),

merged as (
    select distinct record_key from {{ ref('int_company_mergers') }}
)

select
    attached.record_key,
    {{ stable_id(["'company'", 'root_keys.key']) }} as company_id,
    root_keys.key as root_key,
    case
        when decided.record_key is not null then 'decision'
        when merged.record_key is not null then 'merger'
        when attached.is_joined_by_name then 'name'
        when attached.is_joined_by_likeness then 'likeness'
        else 'key'
    end as match_method
from attached
inner join roots on attached.company_label = roots.company_label
inner join root_keys on roots.root_rank = root_keys.key_rank
left join decided on attached.record_key = decided.record_key
left join merged on attached.record_key = merged.record_key
