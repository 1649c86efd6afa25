-- Dates are stated by month or year: the first day of it, with what is meant beside it.
with profiles as (
    select
        {{ provenance() }},
        payload,
        {{ json_fields('payload', ['$.full_name', '$.linkedin_url', '$.is_deleted']) }} as fields
    from {{ admitted(source('lake', 'coresignal__employees')) }} as records
),

entries as (
    select profiles.* exclude (payload), unnest({{ json_list('payload', '$.experience') }}) as entry
    from profiles
    where profiles.payload is not null
),

positions as (
    select
        * exclude (entry),
        {{ json_fields('entry', ['$.position_title', '$.title', '$.company_name', '$.company_website', '$.active_experience', '$.date_from_year', '$.date_from_month', '$.date_to_year', '$.date_to_month', '$.order_in_profile', '$.company_id']) }} as told
    from entries
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    nullif(trim(fields[1]), '') as full_name,
    nullif(trim(fields[2]), '') as linkedin_url,
    coalesce(fields[3] in ('1', 'true'), false) as is_deleted,
    coalesce(nullif(trim(told[1]), ''), nullif(trim(told[2]), '')) as job_title,
    nullif(trim(told[3]), '') as company_name,
    {{ domain_key('told[4]') }} as company_domain,
    case when told[5] is null then told[8] is null else told[5] in ('1', 'true') end as is_active,
    {{ try_to("told[6] || '-' || lpad(coalesce(told[7], '1'), 2, '0') || '-01'", 'date') }} as started_on,
    case when told[7] is not null then 'month' when told[6] is not null then 'year' end as start_precision,
    {{ try_to("told[8] || '-' || lpad(coalesce(told[9], '1'), 2, '0') || '-01'", 'date') }} as ended_on,
    case when told[9] is not null then 'month' when told[8] is not null then 'year' end as end_precision,
    {{ try_to('told[10]', 'bigint') }} as position_order,
    nullif(trim(told[11]), '') as company_number
from positions
