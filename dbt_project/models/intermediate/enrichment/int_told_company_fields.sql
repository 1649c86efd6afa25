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

-- The confidence is that of a company record which enrichment asks of the same vendor; so is the day
-- after which it would be asked again (docs/enrichment.md).
select
    company_id,
    field,
    value,
    'coresignal.company' as operation,
    'coresignal' as source,
    cast(0.8 as double) as confidence,
    'company ' || record_id || ' collected after a notification that it changed' as basis,
    stated_at,
    source_url,
    fetched_at,
    fetched_at + interval 1 day as expires_at
from fields
qualify row_number() over (partition by company_id, field order by fetched_at desc, record_id) = 1
