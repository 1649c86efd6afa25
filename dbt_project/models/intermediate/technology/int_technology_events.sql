-- Changes that tell something new of a company. What another method had shown before has not come
-- now. What the site or DNS still shows has not gone; a vendor's profile follows them days later, so
-- it neither keeps alive what they lost nor tells it anew. A new main version is work that somebody
-- planned; lesser ones come by themselves.
with changes as (
    select * from {{ ref('int_technology_changes') }}
    where change_type in ('added', 'removed')
        or (
            change_type = 'upgraded'
            and {{ main_version('version') }} > {{ main_version('previous_version') }}
        )
),

others as (
    select
        changes.change_id,
        bool_or(
            cast(spells.known_from as date) < changes.scanned_on
            and coalesce(cast(spells.known_to as date), date '9999-12-31') > changes.scanned_on
        ) as is_shown_before_and_after,
        bool_or(
            spells.method <> 'api' and spells.known_from <= changes.fetched_at
            and coalesce(cast(spells.known_to as date), date '9999-12-31') > changes.scanned_on
        ) as is_still_shown,
        bool_or(spells.method <> 'api' and cast(spells.known_to as date) <= changes.scanned_on) as is_lost_before
    from changes
    inner join {{ ref('int_technology_spells') }} as spells
        on changes.domain = spells.domain
        and changes.technology = spells.technology
        and changes.method <> spells.method
    group by changes.change_id
)

select changes.*
from changes
left join others on changes.change_id = others.change_id
where case
    when changes.change_type = 'upgraded' then true
    when changes.change_type = 'added' then not coalesce(others.is_shown_before_and_after, false)
    when changes.method = 'api' then not coalesce(others.is_still_shown or others.is_lost_before, false)
    else not coalesce(others.is_still_shown, false)
end
