-- Who changed position, company or rank between two readings of a list of people that somebody exported.
-- A list may be a part: who is missing from it has not left, and who is new in it has not come, unless
-- both lists state that they name everybody of the company (`listed_on`). Of one and the same record, its
-- two positions tell the change by themselves. What the first reading shows was there before.
with rows as (
    select
        people.source,
        people.stream,
        people.record_id,
        people.payload_sha256,
        people.source_url,
        people.fetched_at,
        cast(people.fetched_at as date) as read_on,
        people.full_name as person_name,
        {{ person_name_key('people.full_name') }} as person_key,
        people.job_title,
        titles.level,
        titles.department,
        {{ tells_interim('people.job_title', 'false') }} as is_interim,
        people.company_name,
        {{ domain_key('people.company_domain') }} as company_domain,
        {{ company_name_key('people.company_name') }} as company_name_key,
        people.cik,
        people.listed_on,
        coalesce(people.confidence, 0.9) as confidence
    from {{ ref('stg_mapped__people') }} as people
    left join {{ ref('int_title_readings') }} as titles on people.job_title = titles.title
    where people.ended_on is null and coalesce(people.is_current, true) and people.job_title is not null
    qualify row_number() over (
        partition by people.source, people.record_id, cast(people.fetched_at as date)
        order by people.fetched_at desc, people.payload_sha256
    ) = 1
),

{% set before = ['person_key', 'company_name', 'company_domain', 'company_name_key', 'cik', 'job_title', 'level', 'department', 'is_interim', 'read_on'] %}
readings as (
    select
        *
        {% for column in before %}, lag({{ column }}) over by_reading as {{ column }}_before{% endfor %}
    from rows
    window by_reading as (partition by source, record_id order by read_on)
),

-- Two readings of one record that name the same person.
compared as (
    select
        *,
        case
            when company_domain is not null and company_domain_before is not null then company_domain <> company_domain_before
            else company_name_key <> company_name_key_before
        end as is_elsewhere,
        person_name || ': ' || job_title_before || coalesce(' at ' || company_name_before, '') || ' (list read on ' || read_on_before || '), '
        || job_title || coalesce(' at ' || company_name, '') || ' (list read on ' || read_on || ')' as seen
    from readings
    where person_key = person_key_before
),

-- Lists that name everybody of a company, each beside the one before it. One of less than half as many
-- people is no whole list.
lists as (
    select
        source,
        company_domain,
        listed_on,
        max(fetched_at) as fetched_at,
        max(read_on) as read_on,
        count(distinct person_key) as person_count
    from rows
    where listed_on is not null and company_domain is not null
    group by source, company_domain, listed_on
),

believed as (
    select
        *,
        lag(listed_on) over by_list as listed_before_on
    from lists
    window by_list as (partition by source, company_domain order by listed_on)
    qualify 2 * person_count >= coalesce(lag(person_count) over by_list, 0)
),

told as (
    select
        source, stream, record_id, payload_sha256, source_url, fetched_at, read_on, read_on_before as read_before_on, person_name, person_key,
        job_title, level, department, is_interim, company_name, company_domain, cik, confidence,
        'incoming' as direction, 'new_hire' as change_type, seen as evidence, 1 as rank
    from compared
    where is_elsewhere
    union all
    select
        source, stream, record_id, payload_sha256, source_url, fetched_at, read_on, read_on_before as read_before_on, person_name, person_key,
        job_title_before as job_title, level_before as level, department_before as department, is_interim_before as is_interim,
        company_name_before as company_name, company_domain_before as company_domain, cik_before as cik, confidence,
        'outgoing' as direction, 'departure' as change_type, seen as evidence, 1 as rank
    from compared
    where is_elsewhere
    union all
    -- A position reworded is no change: rank or department must differ.
    select
        source, stream, record_id, payload_sha256, source_url, fetched_at, read_on, read_on_before as read_before_on, person_name, person_key,
        job_title, level, department, is_interim, company_name, company_domain, cik, confidence,
        'incoming' as direction,
        case
            when {{ level_rank('level') }} > {{ level_rank('level_before') }} or (is_interim_before and not is_interim) then 'promotion'
            else 'reorganization'
        end as change_type,
        seen as evidence, 1 as rank
    from compared
    where not is_elsewhere
        and job_title <> job_title_before
        and (level is distinct from level_before or department is distinct from department_before or is_interim_before and not is_interim)
    union all
    select
        came.source, came.stream, came.record_id, came.payload_sha256, came.source_url, came.fetched_at, believed.read_on, cast(null as date) as read_before_on,
        came.person_name, came.person_key, came.job_title, came.level, came.department, came.is_interim, came.company_name, came.company_domain, came.cik,
        0.9 * came.confidence as confidence,
        'incoming' as direction, 'new_hire' as change_type,
        came.person_name || ', ' || came.job_title || ' (in the whole list of ' || believed.listed_on || ', not in that of ' || believed.listed_before_on || ')' as evidence,
        2 as rank
    from believed
    inner join rows as came
        on believed.source = came.source and believed.company_domain = came.company_domain and believed.listed_on = came.listed_on
    left join rows as was
        on came.source = was.source and came.company_domain = was.company_domain and came.person_key = was.person_key
        and was.listed_on = believed.listed_before_on
    where believed.listed_before_on is not null and was.person_key is null
    union all
    select
        gone.source, gone.stream, gone.record_id, gone.payload_sha256, gone.source_url, believed.fetched_at, believed.read_on, gone.read_on as read_before_on,
        gone.person_name, gone.person_key, gone.job_title, gone.level, gone.department, gone.is_interim, gone.company_name, gone.company_domain, gone.cik,
        0.85 * gone.confidence as confidence,
        'outgoing' as direction, 'departure' as change_type,
        gone.person_name || ', ' || gone.job_title || ' (in the whole list of ' || believed.listed_before_on || ', not in that of ' || believed.listed_on || ')' as evidence,
        2 as rank
    from believed
    inner join rows as gone
        on believed.source = gone.source and believed.company_domain = gone.company_domain and gone.listed_on = believed.listed_before_on
    left join rows as still
        on gone.source = still.source and gone.company_domain = still.company_domain and gone.person_key = still.person_key
        and still.listed_on = believed.listed_on
    where still.person_key is null
)

select
    {{ stable_id(["'export'", 'source', 'person_key', "coalesce(company_domain, company_name, cik, '')", 'direction', 'read_on']) }} as change_id,
    * exclude (rank, confidence),
    round(confidence, 3) as reader_confidence
from told
qualify row_number() over (
    partition by source, person_key, coalesce(company_domain, company_name, cik, ''), direction, read_on
    order by rank, record_id
) = 1
