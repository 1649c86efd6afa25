-- What Coresignal's companies say once its webhook has told that they changed, as fields of enrichment: the
-- newest version of a company counts, as long as nobody has said that it was merged into another one.
with ranked as (
    select
        *,
        row_number() over (partition by record_id order by fetched_at desc, payload_sha256) as newest
    from {{ ref('stg_coresignal__companies') }}
    where domain is not null
),

merged as (
    select distinct profile_id
    from {{ ref('stg_mapped__profile_changes') }}
    where subject = 'company' and change_type = 'merged'
),

companies as (
    select ranked.*, lookup.company_id
    from ranked
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and ranked.domain = lookup.key and lookup.company_count = 1
    left join merged on ranked.record_id = merged.profile_id
    where ranked.newest = 1 and merged.profile_id is null
),

fields as (
    {% for field in ['linkedin_url', 'employee_count', 'industry', 'country', 'city', 'founded_year'] %}
    select company_id, '{{ field }}' as field, cast({{ field }} as varchar) as value, fetched_at, stated_at, source_url, record_id
    from companies
    where {{ field }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

-- Confidence and lifetime are those of a record that enrichment asks of the same vendor (docs/enrichment.md).
select
    fields.company_id,
    fields.field,
    fields.value,
    operations.operation,
    operations.source,
    operations.confidence,
    'company ' || fields.record_id || ' collected after a notification that it changed' as basis,
    fields.stated_at,
    fields.source_url,
    fields.fetched_at,
    fields.fetched_at + operations.lifetime_hours * interval 1 hour as expires_at
from fields
inner join {{ ref('stg_reference__enrichment_operations') }} as operations on operations.operation = 'coresignal.company'
qualify row_number() over (partition by fields.company_id, fields.field order by fields.fetched_at desc, fields.record_id) = 1
