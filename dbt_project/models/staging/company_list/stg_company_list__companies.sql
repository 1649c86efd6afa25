with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$."name"', '$."domain"', '$."cik"', '$."industry"', '$."employees"', '$."city"', '$."country"', '$."job_board"']) }} as fields
    from {{ admitted(source('lake', 'company_list__companies')) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    nullif(trim(fields[1]), '') as name,
    {{ domain_key('fields[2]') }} as domain,
    {{ cik_key('trim(fields[3])') }} as cik,
    nullif(trim(fields[4]), '') as industry,
    cast({{ try_to("replace(trim(fields[5]), ',', '')", 'double') }} as bigint) as employee_count,
    nullif(trim(fields[6]), '') as city,
    nullif(trim(fields[7]), '') as country,
    nullif(trim(fields[8]), '') as job_board
from records
