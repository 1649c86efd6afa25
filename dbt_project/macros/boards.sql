{#- Postings of one board vendor in the common columns: the staging of `stg_<vendor>__jobs`.

    `relation` is the lake stream. `paths` are the JSON paths of title, department, location, time of
    publication, address and country, in this order; `published_at` is SQL that turns the fourth
    field (`fields[4]`) into a UTC timestamp. -#}
{% macro board_postings(relation, paths, published_at) -%}
with records as (
    select
        {{ provenance() }},
        payload
    from {{ admitted(relation) }} as records
),

-- A version of a posting never changes, so only versions not staged yet are parsed.
unstaged as (
    select * from records
    {% if is_incremental() %}
    where not exists (
        select 1
        from {{ this }} as staged
        where staged.record_id = records.record_id
            and staged.payload_sha256 = records.payload_sha256
            and staged.fetched_at = records.fetched_at
    )
    {% endif %}
),

parsed as (
    select
        * exclude (payload),
        {{ json_fields('payload', paths) }} as fields
    from unstaged
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    split_part(record_id, '/', 1) as board_token,
    regexp_replace(record_id, '^[^/]*/', '') as job_id,
    trim(fields[1]) as title,
    nullif(fields[2], '') as department,
    nullif(fields[3], '') as location,
    {{ published_at }} as published_at,
    nullif(fields[5], '') as job_url,
    nullif(fields[6], '') as country
from parsed
{%- endmacro %}
