-- Technologies that came or went between two scans of a page. The first scan is the baseline: what
-- it shows was there before, so it is no change. A failed scan is skipped, never a removal.
with scans as (
    select
        record_id,
        domain,
        page_url,
        payload_sha256,
        source,
        stream,
        source_url,
        fetched_at,
        cast(fetched_at as date) as scanned_on,
        row_number() over (
            partition by record_id, cast(fetched_at as date) order by fetched_at desc, payload_sha256
        ) as newest
    from {{ ref('stg_company_site__pages') }}
    where coalesce(status, 200) between 200 and 299
),

numbered as (
    select
        * exclude (newest),
        row_number() over (partition by record_id order by scanned_on) as scan_number,
        count(*) over (partition by record_id) as scan_count
    from scans
    where newest = 1
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

presence as (
    select
        numbered.*,
        contents.technology,
        contents.category,
        contents.vendor,
        contents.method,
        contents.reader_confidence,
        contents.evidence,
        lag(numbered.scan_number) over (
            partition by numbered.record_id, contents.technology order by numbered.scan_number
        ) as previous_presence,
        lead(numbered.scan_number) over (
            partition by numbered.record_id, contents.technology order by numbered.scan_number
        ) as next_presence
    from numbered
    inner join contents
        on numbered.record_id = contents.record_id
        and numbered.payload_sha256 = contents.payload_sha256
),

came as (
    select
        source, stream, record_id, payload_sha256, source_url, domain, page_url, technology,
        category, vendor, method, reader_confidence, evidence, scanned_on, fetched_at,
        case when scan_number = 1 then 'baseline' else 'added' end as change_type
    from presence
    where previous_presence is null or previous_presence < scan_number - 1
),

gone as (
    select
        next_scan.source, next_scan.stream, next_scan.record_id, next_scan.payload_sha256,
        next_scan.source_url, next_scan.domain, next_scan.page_url, presence.technology,
        presence.category, presence.vendor, presence.method, presence.reader_confidence,
        'no longer found on ' || coalesce(next_scan.page_url, next_scan.domain) as evidence,
        next_scan.scanned_on, next_scan.fetched_at,
        'removed' as change_type
    from presence
    inner join numbered as next_scan
        on presence.record_id = next_scan.record_id
        and next_scan.scan_number = presence.scan_number + 1
    where presence.next_presence is null or presence.next_presence > presence.scan_number + 1
),

changes as (
    select * from came
    union all
    select * from gone
)

select
    *,
    {{ stable_id(["'technology'", 'domain', 'technology', 'change_type', 'scanned_on']) }} as change_id
from changes
-- Two pages of one site may tell the same change on the same day.
qualify row_number() over (
    partition by domain, technology, change_type, scanned_on order by record_id
) = 1
