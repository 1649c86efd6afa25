-- The group as of the day the warehouse is built for.
with ranked as (
    select
        record_key,
        entity_key,
        row_number() over (partition by record_key order by linked_on desc) as newest
    from {{ source('identity', 'company_entities') }}
    where linked_on <= {{ as_of() }}
)

select record_key, entity_key from ranked where newest = 1
