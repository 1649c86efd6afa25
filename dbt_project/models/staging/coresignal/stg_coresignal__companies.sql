with companies as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$.name', '$.domain', '$.website', '$.linkedin_url', '$.employees_count', '$.industry', '$.country', '$.locality', '$.founded', '$.last_updated']) }} as fields
    from {{ admitted(source('lake', 'coresignal__companies')) }} as records
)

select
    * exclude (fields),
    nullif(trim(fields[1]), '') as name,
    {{ domain_key("coalesce(nullif(trim(fields[2]), ''), fields[3])") }} as domain,
    nullif(trim(fields[4]), '') as linkedin_url,
    {{ try_to('fields[5]', 'bigint') }} as employee_count,
    nullif(trim(fields[6]), '') as industry,
    nullif(trim(fields[7]), '') as country,
    nullif(trim(fields[8]), '') as city,
    {{ try_to('fields[9]', 'bigint') }} as founded_year,
    nullif(trim(fields[10]), '') as stated_at
from companies
