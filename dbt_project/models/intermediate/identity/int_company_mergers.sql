-- Companies that a vendor says have become one: which of our records each of its two numbers stands for. What
-- a person has told apart no vendor joins.
with told as (
    select
        profile_id as gone_number,
        merged_into as kept_number,
        {{ stable_id(["'merger'", 'profile_id', 'merged_into']) }} as merger_id,
        min(fetched_at) as told_at
    from {{ ref('stg_mapped__profile_changes') }}
    where subject = 'company' and change_type = 'merged' and merged_into is not null and merged_into <> profile_id
    group by profile_id, merged_into
),

-- The site behind a number: what the company itself states, else what its people's profiles do.
stated as (
    select record_id as number, domain, 1 as stated_rank, count(*) as tellings
    from {{ ref('stg_coresignal__companies') }}
    where domain is not null
    group by record_id, domain
    union all
    select company_number, company_domain, 2, count(*)
    from {{ ref('stg_coresignal__positions') }}
    where company_number is not null and company_domain is not null
    group by company_number, company_domain
),

sites as (
    select number, domain
    from stated
    qualify row_number() over (partition by number order by stated_rank, tellings desc, domain) = 1
),

sides as (
    select *, 'gone' as side, gone_number as number from told
    union all
    select *, 'kept', kept_number from told
),

records as (
    select
        sides.merger_id,
        sides.side,
        keys.record_key,
        'Coresignal: company ' || sides.gone_number || ' was merged into ' || sides.kept_number
        || ' (told ' || {{ iso_day('sides.told_at') }} || ')' as reason,
        cast(sides.told_at as date) as told_on
    from sides
    inner join sites on sides.number = sites.number
    inner join {{ ref('int_company_keys') }} as keys on keys.key = 'domain:' || sites.domain
),

refused as (
    select distinct one.merger_id
    from records as one
    inner join records as other on one.merger_id = other.merger_id and one.side <> other.side
    inner join {{ ref('int_company_decisions') }} as subjects
        on one.record_key = subjects.record_key and subjects.side = 'subject' and subjects.decision = 'split'
    inner join {{ ref('int_company_decisions') }} as others
        on other.record_key = others.record_key and others.side = 'other' and subjects.decision_id = others.decision_id
),

known as (
    select merger_id from records group by merger_id having count(distinct side) = 2
)

select
    records.merger_id,
    records.side,
    records.record_key,
    records.reason,
    cast({{ var('company_merger_probability') }} as double) as probability,
    records.told_on
from records
inner join known on records.merger_id = known.merger_id
left join refused on records.merger_id = refused.merger_id
where refused.merger_id is null
