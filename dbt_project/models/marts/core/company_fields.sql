with fields as (
    select
        told.*,
        case
            when told.field = 'phone' then regexp_replace(told.value, '[^0-9]', '', 'g')
            else {{ folded('coalesce(countries.country, industries.industry, told.value)') }}
        end as meaning
    from {{ ref('int_company_fields') }} as told
    -- The field is part of the key, not a condition beside it: DuckDB hashes keys, and compares every
    -- row with every other where the left side alone must meet a condition too.
    left join {{ ref('countries') }} as countries
        on case when told.field = 'country' then lower(told.value) end = countries.alias
    left join {{ ref('industries') }} as industries
        on case when told.field = 'industry' then {{ folded('trim(told.value)') }} end = industries.alias
),

-- What others say otherwise stays in sight beside the value in use; the same country or industry in
-- other words is nothing else.
others as (
    select
        fields.company_id,
        fields.field,
        string_agg(
            fields.source || ': ' || fields.value || ' (' || {{ iso_day('fields.fetched_at') }} || ')',
            '; ' order by fields.choice
        ) as other_values
    from fields
    inner join fields as used
        on used.choice = 1 and fields.company_id = used.company_id and fields.field = used.field
    where fields.choice > 1 and fields.meaning <> used.meaning
    group by fields.company_id, fields.field
)

select
    fields.company_id,
    fields.field,
    fields.value,
    fields.source,
    fields.origin,
    fields.fetched_at as observed_at,
    cast(fields.confidence as double) as confidence,
    fields.is_usable as is_used,
    fields.evidence,
    fields.source_url,
    fields.expires_at as valid_until,
    others.other_values
from fields
left join others on fields.company_id = others.company_id and fields.field = others.field
where fields.choice = 1
