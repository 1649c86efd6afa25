-- A version is read once a fetch day; of several readings the latest reader's counts.
with readings as (
    select
        *,
        row_number() over (
            partition by source, record_id, payload_sha256
            order by reader_version desc, fetched_at, detection_id
        ) as choice
    from {{ ref('stg_detections__job_postings') }}
)

select
    source,
    record_id,
    payload_sha256,
    company_name,
    department,
    opened_on,
    closes_on,
    is_recruiter,
    text_fingerprint,
    {{ posting_reading_columns() }}
from readings
where choice = 1
