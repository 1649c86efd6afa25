-- What a person decided on a pair counts, else the merger that a vendor tells, else its newest comparison; which pairs are joined is what
-- identity decided on the whole.
with said as (
    {{ decided_pairs(ref('int_company_decisions')) }}
),

decided as (
    select
        left_record, right_record, probability, reasons, 'decision' as method,
        cast(null as varchar) as model_version, decided_on as linked_on, 1 as method_rank
    from said
    where left_record <> right_record
),

compared as (
    select left_record, right_record, probability, reasons, method, model_version, linked_on, 3 as method_rank
    from {{ ref('stg_identity__company_links') }}
),

-- Each side by its first record, as decisions are.
merged as (
    select
        least(min(case when side = 'gone' then record_key end), min(case when side = 'kept' then record_key end)) as left_record,
        greatest(min(case when side = 'gone' then record_key end), min(case when side = 'kept' then record_key end)) as right_record,
        max(probability) as probability,
        max(reason) as reasons,
        'merger' as method,
        cast(null as varchar) as model_version,
        min(told_on) as linked_on,
        2 as method_rank
    from {{ ref('int_company_mergers') }}
    group by merger_id
),

links as (
    select * from decided
    union all
    select * from merged where left_record <> right_record
    union all
    select * from compared
),

ranked as (
    select
        *,
        row_number() over (
            partition by left_record, right_record order by method_rank, linked_on desc, model_version, reasons
        ) as place
    from links
)

select
    ranked.left_record,
    ranked.right_record,
    one.company_id as left_company_id,
    other.company_id as right_company_id,
    case
        when one.company_id = other.company_id then 'joined'
        when ranked.method = 'decision' then 'apart'
        else 'review'
    end as decision,
    cast(ranked.probability as double) as probability,
    ranked.reasons,
    ranked.method,
    ranked.model_version,
    ranked.linked_on
from ranked
inner join {{ ref('int_company_identity') }} as one on ranked.left_record = one.record_key
inner join {{ ref('int_company_identity') }} as other on ranked.right_record = other.record_key
where ranked.place = 1
