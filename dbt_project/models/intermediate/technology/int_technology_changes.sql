-- Technologies that came, went or changed their version between two looks at a record. The first look
-- is the baseline: what it shows was there before, so it is no change. A failed look is skipped, never
-- a removal.
--
-- Sites are looked at every day and seldom change. Only looks that show other technologies or
-- versions than the one before are compared technology by technology, so the work grows with
-- changes, not with days.
with scans as (
    select * from {{ ref('int_technology_scans') }}
),

contents as (
    select * from {{ ref('int_technology_contents') }}
),

shown as (
    select
        source, record_id, payload_sha256,
        list(technology || coalesce(' ' || version, '') order by technology) as technologies
    from contents
    group by source, record_id, payload_sha256
),

compared as (
    select
        scans.*,
        shown.technologies,
        row_number() over by_day as day_number,
        lag(shown.technologies) over by_day as previous_technologies
    from scans
    left join shown
        on scans.source = shown.source
        and scans.record_id = shown.record_id and scans.payload_sha256 = shown.payload_sha256
    window by_day as (partition by scans.source, scans.record_id order by scans.scanned_on)
),

different as (
    select
        * exclude (technologies, day_number, previous_technologies),
        day_number = 1 as is_first_scan,
        row_number() over (partition by source, record_id order by scanned_on) as scan_number
    from compared
    where day_number = 1 or technologies is distinct from previous_technologies
),

presence as (
    select
        different.source,
        different.record_id,
        different.payload_sha256,
        different.scan_number,
        different.is_first_scan,
        contents.technology,
        contents.version,
        lag(different.scan_number) over by_scan as previous_presence,
        lead(different.scan_number) over by_scan as next_presence,
        lag(contents.version) over by_scan as previous_version
    from different
    inner join contents
        on different.source = contents.source
        and different.record_id = contents.record_id
        and different.payload_sha256 = contents.payload_sha256
    window by_scan as (
        partition by different.source, different.record_id, contents.technology order by different.scan_number
    )
),

-- Each change with the look that tells it and the content that shows the technology.
changes as (
    select
        source, record_id, technology, scan_number,
        payload_sha256 as shown_sha256,
        case when is_first_scan then 'baseline' else 'added' end as change_type,
        version,
        cast(null as varchar) as previous_version
    from presence
    where previous_presence is null or previous_presence < scan_number - 1
    union all
    select
        source, record_id, technology, scan_number,
        payload_sha256 as shown_sha256,
        case when {{ version_key('version') }} > {{ version_key('previous_version') }} then 'upgraded' else 'downgraded' end as change_type,
        version,
        previous_version
    from presence
    where previous_presence = scan_number - 1
        -- A version that is no longer told has not changed; "3" and "3.7" may be the same.
        and {{ version_key('version') }} <> {{ version_key('previous_version') }}
        and not starts_with(version || '.', previous_version || '.')
        and not starts_with(previous_version || '.', version || '.')
    union all
    select
        presence.source, presence.record_id, presence.technology,
        presence.scan_number + 1 as scan_number,
        presence.payload_sha256 as shown_sha256,
        'removed' as change_type,
        cast(null as varchar) as version,
        presence.version as previous_version
    from presence
    inner join different as next_scan
        on presence.source = next_scan.source
        and presence.record_id = next_scan.record_id
        and next_scan.scan_number = presence.scan_number + 1
    where presence.next_presence is null or presence.next_presence > presence.scan_number + 1
),

-- Two pages of one site may tell the same change on the same day.
told as (
    select
        changes.technology, changes.shown_sha256, changes.change_type, changes.version, changes.previous_version,
        different.source, different.stream, different.method, different.record_id, different.payload_sha256,
        different.source_url, different.domain, different.page_url, different.fetched_at, different.scanned_on
    from changes
    inner join different
        on changes.source = different.source
        and changes.record_id = different.record_id and changes.scan_number = different.scan_number
    qualify row_number() over (
        partition by different.source, different.domain, changes.technology, changes.change_type, different.scanned_on
        order by changes.record_id
    ) = 1
)

select
    told.source,
    told.stream,
    told.record_id,
    told.payload_sha256,
    told.source_url,
    told.domain,
    told.page_url,
    told.technology,
    contents.category,
    contents.vendor,
    told.method,
    told.version,
    told.previous_version,
    contents.reader_confidence,
    contents.reader_version,
    case
        when told.change_type = 'removed' then 'no longer found on ' || coalesce(told.page_url, told.domain)
        when told.change_type in ('upgraded', 'downgraded')
            then 'version ' || told.version || ' instead of ' || told.previous_version || ': ' || coalesce(contents.evidence, '')
        else contents.evidence
    end as evidence,
    told.scanned_on,
    told.fetched_at,
    told.change_type,
    {{ stable_id(["'technology'", "case told.method when 'website' then '' else told.method || ':' end || told.domain", 'told.technology', 'told.change_type', 'told.scanned_on']) }} as change_id
from told
inner join contents
    on told.source = contents.source
    and told.record_id = contents.record_id
    and told.shown_sha256 = contents.payload_sha256
    and told.technology = contents.technology
