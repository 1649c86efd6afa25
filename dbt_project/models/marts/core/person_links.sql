-- Records joined by an exact key, and pairs of a surname at one company compared by likeness.
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

by_likeness as (
    select one.record_key as left_record, other.record_key as right_record, pairs.probability, pairs.reasons, 'likeness' as method
    from {{ ref('int_person_pairs') }} as pairs
    inner join groups as one on pairs.left_group = one.group_number
    inner join groups as other on pairs.right_group = other.group_number
),

links as (
    select * from by_key
    union all
    select * from by_likeness
)

select
    links.left_record,
    links.right_record,
    one.person_id as left_person_id,
    other.person_id as right_person_id,
    case when one.person_id = other.person_id then 'joined' else 'review' end as decision,
    cast(links.probability as double) as probability,
    links.reasons,
    links.method
from links
inner join identity as one on links.left_record = one.record_key
inner join identity as other on links.right_record = other.record_key
