-- Any key of a person may once have named the person, so each id that ever was leads to who it has become.
with keys as (
    select
        keys.key,
        keys.key_rank,
        identity.person_id,
        split_part(keys.key, ':', 1) as key_type,
        substr(keys.key, strpos(keys.key, ':') + 1) as alias,
        split_part(keys.record_key, '|', 1) as source,
        keys.first_seen_at
    from {{ ref('int_person_keys') }} as keys
    inner join {{ ref('int_person_identity') }} as identity on keys.record_key = identity.record_key
),

aliases as (
    select person_id, key_type as alias_type, alias, key_rank, source, first_seen_at from keys
    union all
    select person_id, 'person_id', {{ stable_id(["'person'", 'key']) }}, key_rank, source, first_seen_at from keys
)

-- A key that a decision leaves with several people leads to the one who was known by it first.
select person_id, alias_type, alias, source, first_seen_at
from aliases
qualify row_number() over (partition by alias_type, alias order by key_rank, first_seen_at, person_id, source) = 1
