-- Records joined by an exact key, pairs of a surname at one company compared by likeness, and what
-- somebody decided.
with identity as (
    select * from {{ ref('int_person_identity') }}
),

-- A key is shared with the record that told it first.
keyed as (
    select
        keys.key,
        keys.record_key,
        first(keys.record_key) over (partition by keys.key order by keys.first_seen_at, keys.record_key) as first_record
    from {{ ref('int_person_keys') }} as keys
    where keys.key not like 'record:%'
),

by_key as (
    select
        first_record as left_record,
        record_key as right_record,
        1.0 as probability,
        string_agg(
            case when key like 'linkedin:%' then 'same LinkedIn profile' else 'same e-mail address' end, '; ' order by key
        ) as reasons,
        'key' as method
    from keyed
    where first_record <> record_key
    group by first_record, record_key
),

groups as (
    select group_number, min(record_key) as record_key
    from identity
    group by group_number
),

alike as (
    select left_group, right_group, probability, reasons from {{ ref('int_person_pairs') }}
    union all
    select left_group, right_group, probability, reasons from {{ ref('int_person_moves') }}
),

by_likeness as (
    select one.record_key as left_record, other.record_key as right_record, pairs.probability, pairs.reasons, 'likeness' as method
    from alike as pairs
    inner join groups as one on pairs.left_group = one.group_number
    inner join groups as other on pairs.right_group = other.group_number
),

said as (
    {{ decided_pairs(ref('int_person_decisions')) }}
),

links as (
    select *, 2 as method_rank from by_key
    union all
    select *, 3 as method_rank from by_likeness
    union all
    select left_record, right_record, probability, reasons, 'decision' as method, 1 as method_rank
    from said
    where left_record <> right_record
),

-- What somebody decided on a pair counts before a key, and a key before likeness.
ranked as (
    select
        *,
        row_number() over (
            partition by least(left_record, right_record), greatest(left_record, right_record)
            order by method_rank, reasons
        ) as place
    from links
)

select
    ranked.left_record,
    ranked.right_record,
    one.person_id as left_person_id,
    other.person_id as right_person_id,
    case
        when one.person_id = other.person_id then 'joined'
        when ranked.method = 'decision' then 'apart'
        else 'review'
    end as decision,
    cast(ranked.probability as double) as probability,
    ranked.reasons,
    ranked.method
from ranked
inner join identity as one on ranked.left_record = one.record_key
inner join identity as other on ranked.right_record = other.record_key
where ranked.place = 1
