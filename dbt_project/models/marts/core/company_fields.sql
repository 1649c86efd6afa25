with fields as (
    select * from {{ ref('int_company_fields') }}
),

-- What others say otherwise stays in sight beside the value in use.
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
    where fields.choice > 1 and {{ folded('fields.value') }} <> {{ folded('used.value') }}
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
