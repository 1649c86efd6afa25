-- Technologies that came or went between two scans of a page. The first scan is the baseline: what
-- it shows was there before, so it is no change. A failed scan is skipped, never a removal.
--
-- Sites are scanned every day and seldom change. Only scans that show other technologies than the
-- scan before are compared technology by technology, so the work grows with changes, not with days.
with scans as (
    select record_id, payload_sha256, fetched_at, cast(fetched_at as date) as scanned_on
    from {{ ref('stg_company_site__pages') }}
    where coalesce(status, 200) between 200 and 299
    -- A page fetched twice on a day counts as it was at the later fetch.
    qualify row_number() over (
        partition by record_id, cast(fetched_at as date) order by fetched_at desc, payload_sha256
    ) = 1
),

-- What a page shows follows from its content, whenever that content was read.
contents as (
    select
        record_id,
        payload_sha256,
        technology,
        max(category) as category,
        max(vendor) as vendor,
        max(method) as method,
        max(reader_confidence) as reader_confidence,
        max(evidence) as evidence
    from {{ ref('stg_detections__technology_detections') }}
    group by record_id, payload_sha256, technology
),

shown as (
    select record_id, payload_sha256, list(technology order by technology) as technologies
    from contents
    group by record_id, payload_sha256
),

compared as (
    select
        scans.*,
        shown.technologies,
        row_number() over by_day as day_number,
        lag(shown.technologies) over by_day as previous_technologies
    from scans
    left join shown
        on scans.record_id = shown.record_id and scans.payload_sha256 = shown.payload_sha256
    window by_day as (partition by scans.record_id order by scans.scanned_on)
),

different as (
    select
        record_id, payload_sha256, fetched_at, scanned_on,
        day_number = 1 as is_first_scan,
        row_number() over (partition by record_id order by scanned_on) as scan_number
    from compared
    where day_number = 1 or technologies is distinct from previous_technologies
),

presence as (
    select
        different.record_id,
        different.payload_sha256,
        different.scanned_on,
        different.scan_number,
        different.is_first_scan,
        contents.technology,
        lag(different.scan_number) over by_scan as previous_presence,
        lead(different.scan_number) over by_scan as next_presence
    from different
    inner join contents
        on different.record_id = contents.record_id
        and different.payload_sha256 = contents.payload_sha256
    window by_scan as (
        partition by different.record_id, contents.technology order by different.scan_number
    )
),

-- Each change with the scan that tells it and the content that shows the technology.
changes as (
    select
        record_id, technology, scanned_on, scan_number,
        payload_sha256 as shown_sha256,
        case when is_first_scan then 'baseline' else 'added' end as change_type
    from presence
    where previous_presence is null or previous_presence < scan_number - 1
    union all
    select
        presence.record_id, presence.technology, next_scan.scanned_on, next_scan.scan_number,
        presence.payload_sha256 as shown_sha256,
        'removed' as change_type
    from presence
    inner join different as next_scan
        on presence.record_id = next_scan.record_id
        and next_scan.scan_number = presence.scan_number + 1
    where presence.next_presence is null or presence.next_presence > presence.scan_number + 1
),

pages as (
    select
        different.record_id, different.scan_number, different.payload_sha256, different.fetched_at,
        pages.source, pages.stream, pages.source_url, pages.domain, pages.page_url
    from different
    inner join {{ ref('stg_company_site__pages') }} as pages
        on different.record_id = pages.record_id
        and different.payload_sha256 = pages.payload_sha256
        and different.fetched_at = pages.fetched_at
),

-- Two pages of one site may tell the same change on the same day.
told as (
    select
        changes.*,
        pages.source, pages.stream, pages.payload_sha256, pages.source_url, pages.domain,
        pages.page_url, pages.fetched_at
    from changes
    inner join pages
        on changes.record_id = pages.record_id and changes.scan_number = pages.scan_number
    qualify row_number() over (
        partition by pages.domain, changes.technology, changes.change_type, changes.scanned_on
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
    contents.method,
    contents.reader_confidence,
    case
        when told.change_type <> 'removed' then contents.evidence
        else 'no longer found on ' || coalesce(told.page_url, told.domain)
    end as evidence,
    told.scanned_on,
    told.fetched_at,
    told.change_type,
    {{ stable_id(["'technology'", 'told.domain', 'told.technology', 'told.change_type', 'told.scanned_on']) }} as change_id
from told
inner join contents
    on told.record_id = contents.record_id
    and told.shown_sha256 = contents.payload_sha256
    and told.technology = contents.technology
