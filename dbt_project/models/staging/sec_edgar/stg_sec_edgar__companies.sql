with records as (
    select
        {{ provenance() }},
        payload,
        {{ json_fields('payload', ['$.name', '$.sicDescription', '$.website', '$.phone',
            '$.addresses.business.city', '$.addresses.business.stateOrCountryDescription',
            '$.addresses.business.stateOrCountry', '$.entityType', '$.sic']) }} as fields
    from {{ admitted(source('lake', 'sec_edgar__companies')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ cik_key('record_id') }} as cik,
    fields[1] as name,
    nullif(fields[2], '') as industry,
    {{ domain_key('fields[3]') }} as domain,
    nullif(fields[4], '') as phone,
    nullif(fields[5], '') as city,
    nullif(fields[6], '') as state_or_country,
    nullif(fields[7], '') as state_or_country_code,
    fields[8] as entity_type,
    {{ try_to('fields[9]', 'bigint') }} as sic_code
from records
