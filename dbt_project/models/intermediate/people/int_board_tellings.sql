-- Who joined or left a board, as each source tells it, with the company that is meant. Those who hold
-- an office besides are executives and stand with the signals.
with filed as (
    select
        source, record_id, coalesce(source_url, record_id) as source_url, company_name, cast(null as varchar) as company_domain, cik,
        person_name, job_title, direction, announced_on as told_on, effective_on,
        reader_confidence, evidence, reader || ' ' || reader_version as reader_version, fetched_at
    from {{ ref('stg_detections__executive_changes') }}
    where is_board_only
),

shown as (
    select
        source, record_id, coalesce(page_url, source_url) as source_url, cast(null as varchar) as company_name, domain as company_domain, cast(null as varchar) as cik,
        person_name, job_title, direction, read_on as told_on, cast(null as date) as effective_on,
        reader_confidence, evidence, reader_version, fetched_at
    from {{ ref('int_leadership_changes') }}
    where is_board_only
),

moves as (
    select *, min(fetched_at) over (partition by source, stream, record_id) as first_read_at
    from {{ ref('stg_detections__employee_moves') }}
),

-- A profile tells a whole career: only what was recent when it was first read is news.
moved as (
    select
        source, record_id, source_url, company_name, company_domain, cast(null as varchar) as cik,
        person_name, job_title, direction, changed_on as told_on,
        case when date_precision = 'day' then changed_on end as effective_on,
        reader_confidence, evidence, reader || ' ' || reader_version as reader_version, fetched_at
    from moves
    where is_board_only and changed_on >= cast(first_read_at as date) - 365
),

exported as (
    select
        source, record_id, source_url, company_name, company_domain, {{ cik_key('cik') }} as cik,
        person_name, job_title, case change_type when 'departure' then 'outgoing' else 'incoming' end as direction,
        coalesce(announced_on, effective_on) as told_on, effective_on,
        coalesce(confidence, 1.0) as reader_confidence,
        coalesce(evidence, concat_ws(', ', person_name, job_title, company_name)) as evidence,
        cast(null as varchar) as reader_version, fetched_at
    from {{ ref('stg_mapped__executive_changes') }}
    where is_board_only
),

tellings as (
    select * from filed
    union all
    select * from shown
    union all
    select * from moved
    union all
    select * from exported
),

linked as (
    {{ with_company('tellings', {'domain': 'rows.company_domain', 'cik': 'rows.cik', 'name': 'rows.company_name'}) }}
)

select
    source,
    record_id,
    source_url,
    company_id,
    person_name,
    {{ person_name_key('person_name') }} as person_key,
    job_title,
    case direction when 'outgoing' then 'outgoing' else 'incoming' end as direction,
    told_on,
    effective_on,
    reader_confidence,
    evidence,
    reader_version,
    fetched_at
from linked
where company_id is not null and told_on is not null
