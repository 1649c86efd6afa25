-- Who came, left or changed position between two readings of a company's leadership page. The first
-- reading is the baseline: who stands there was there before. A reading that shows nobody, or less
-- than half of those before it, is believed only when a later one shows the same: a page that failed
-- is no departure. Nor are two pages compared that have nobody in common.
with readings as (
    select record_id, payload_sha256, source, stream, source_url, domain, page_url, fetched_at, cast(fetched_at as date) as read_on
    from {{ ref('stg_leadership_pages__pages') }}
    where coalesce(status, 200) between 200 and 299
    qualify row_number() over (
        partition by record_id, cast(fetched_at as date) order by fetched_at desc, payload_sha256
    ) = 1
),

people as (
    select
        record_id,
        payload_sha256,
        {{ person_name_key('person_name') }} as person_key,
        arg_min(person_name, detection_id) as person_name,
        arg_min(job_title, detection_id) as job_title,
        arg_min(level, detection_id) as level,
        arg_min(department, detection_id) as department,
        arg_min(reader_confidence, detection_id) as reader_confidence,
        arg_min(reader || ' ' || reader_version, detection_id) as reader_version,
        arg_min(evidence, detection_id) as evidence,
        bool_or(is_interim) as is_interim,
        bool_and(is_board_only) as is_board_only
    from {{ ref('stg_detections__leadership_entries') }}
    group by record_id, payload_sha256, {{ person_name_key('person_name') }}
),

counted as (
    select record_id, payload_sha256, count(*) as person_count
    from people
    group by record_id, payload_sha256
),

sized as (
    select
        readings.*,
        counted.person_count,
        lag(counted.person_count) over (partition by readings.record_id order by readings.read_on) as person_count_before
    from readings
    inner join counted
        on readings.record_id = counted.record_id and readings.payload_sha256 = counted.payload_sha256
),

believed as (
    select
        *,
        row_number() over (partition by record_id order by read_on) as reading_number
    from sized
    where person_count_before is null or 2 * person_count >= person_count_before
),

presence as (
    select
        believed.record_id,
        believed.reading_number,
        people.*  exclude (record_id, payload_sha256),
        believed.payload_sha256,
        lag(believed.reading_number) over by_reading as number_before,
        lag(people.level) over by_reading as level_before,
        lag(people.department) over by_reading as department_before,
        lag(people.job_title) over by_reading as job_title_before,
        lag(people.is_interim) over by_reading as was_interim,
        lead(believed.reading_number) over by_reading as number_after
    from believed
    inner join people
        on believed.record_id = people.record_id and believed.payload_sha256 = people.payload_sha256
    window by_reading as (partition by believed.record_id, people.person_key order by believed.reading_number)
),

-- Readings that have somebody in common with the reading before.
comparable as (
    select record_id, reading_number
    from presence
    where number_before = reading_number - 1
    group by record_id, reading_number
),

told as (
    select
        record_id, reading_number, person_key, person_name, job_title, level, department, is_interim, is_board_only, reader_confidence,
        reader_version, evidence, 'incoming' as direction, 'new_hire' as change_type
    from presence
    where reading_number > 1 and number_before is distinct from reading_number - 1
    union all
    select
        record_id, reading_number + 1 as reading_number, person_key, person_name, job_title, level, department, is_interim, is_board_only,
        reader_confidence, reader_version, evidence, 'outgoing' as direction, 'departure' as change_type
    from presence
    where number_after is distinct from reading_number + 1
    union all
    -- A position reworded is no change: rank or department must differ.
    select
        record_id, reading_number, person_key, person_name, job_title, level, department, is_interim, is_board_only, reader_confidence,
        reader_version, job_title_before || ' -> ' || evidence as evidence, 'incoming' as direction,
        case
            when {{ level_rank('level') }} > {{ level_rank('level_before') }} or (was_interim and not is_interim) then 'promotion'
            else 'reorganization'
        end as change_type
    from presence
    where number_before = reading_number - 1
        and job_title is distinct from job_title_before
        and (level is distinct from level_before or department is distinct from department_before or was_interim and not is_interim)
),

placed as (
    select
        told.*,
        trim(regexp_replace(lower(told.job_title), '\b(interim|acting)\b', '', 'g')) as role_key,
        believed.source,
        believed.stream,
        believed.payload_sha256,
        believed.source_url,
        believed.domain,
        believed.page_url,
        believed.read_on,
        believed.fetched_at,
        before.read_on as read_before_on
    from told
    inner join believed on told.record_id = believed.record_id and told.reading_number = believed.reading_number
    inner join believed as before on told.record_id = before.record_id and told.reading_number = before.reading_number + 1
    inner join comparable on told.record_id = comparable.record_id and told.reading_number = comparable.reading_number
),

-- Who left and who came in the same position between the same readings replaced each other.
replaced as (
    select
        gone.record_id,
        gone.reading_number,
        gone.role_key,
        min(gone.person_name) as gone_name,
        min(came.person_name) as came_name
    from placed as gone
    inner join placed as came
        on gone.record_id = came.record_id
        and gone.reading_number = came.reading_number
        and gone.role_key = came.role_key
    where gone.direction = 'outgoing' and came.direction = 'incoming'
    group by gone.record_id, gone.reading_number, gone.role_key
)

select
    {{ stable_id(["'leadership'", 'placed.record_id', 'placed.person_key', 'placed.direction', 'placed.read_on']) }} as change_id,
    placed.source,
    placed.stream,
    placed.record_id,
    placed.payload_sha256,
    placed.source_url,
    placed.domain,
    placed.page_url,
    placed.person_key,
    placed.person_name,
    placed.job_title,
    placed.level,
    placed.department,
    placed.is_interim,
    placed.is_board_only,
    placed.direction,
    placed.change_type,
    case when placed.direction = 'incoming' and placed.change_type = 'new_hire' then replaced.gone_name end as predecessor_name,
    case when placed.direction = 'outgoing' then replaced.came_name end as successor_name,
    placed.read_before_on,
    placed.read_on,
    placed.fetched_at,
    -- The page says that somebody is there, not since when, and is silent on why somebody is not.
    round(placed.reader_confidence * case placed.direction when 'incoming' then 0.9 else 0.85 end, 3) as reader_confidence,
    placed.reader_version,
    placed.evidence || case
        when placed.direction = 'outgoing'
            then ' (listed on ' || placed.read_before_on || ', not on ' || placed.read_on || ')'
        when placed.change_type = 'new_hire'
            then ' (listed on ' || placed.read_on || ', not on ' || placed.read_before_on || ')'
        else ' (listed so on ' || placed.read_on || ')'
    end as evidence
from placed
left join replaced
    on placed.record_id = replaced.record_id
    and placed.reading_number = replaced.reading_number
    and placed.role_key = replaced.role_key
