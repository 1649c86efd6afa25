-- What a reader has read has a row of its own in the detections, also where it says nothing of business.
with messages as (
    select
        source,
        stream,
        record_id,
        payload_sha256,
        source_url,
        observed_at,
        fetched_at,
        'mail:' || message_id as item_id,
        reader,
        reader_version,
        verdict
    from {{ ref('stg_detections__correspondence_messages') }}
    where coalesce(part, 'mail') = 'mail'
),

meetings as (
    select
        source,
        stream,
        record_id,
        payload_sha256,
        source_url,
        observed_at,
        fetched_at,
        'call:' || meeting_id || case when part = 'transcript' then '' else '#' || part end as item_id,
        reader,
        reader_version,
        verdict
    from {{ ref('stg_detections__correspondence_meetings') }}
),

deals as (
    select
        source,
        stream,
        record_id,
        payload_sha256,
        source_url,
        observed_at,
        fetched_at,
        'crm:' || source || ':' || record_id as item_id,
        reader,
        reader_version,
        stage_name as verdict
    from {{ ref('stg_detections__crm_opportunities') }}
),

papers as (
    select
        source,
        stream,
        record_id,
        payload_sha256,
        source_url,
        observed_at,
        fetched_at,
        'document:' || record_id as item_id,
        reader,
        reader_version,
        verdict,
        not_read
    from {{ ref('stg_detections__correspondence_documents') }}
),

items_read as (
    select
        *,
        cast(null as varchar) as not_read
    from messages
    union all
    select
        *,
        cast(null as varchar) as not_read
    from meetings
    union all
    select
        *,
        cast(null as varchar) as not_read
    from deals
    union all
    select * from papers
),

-- Fetched before documents were read, and not read since.
kept as (
    select documents.*
    from {{ ref('stg_drive__documents') }} as documents
    left join items_read as found
        on documents.source = found.source
            and documents.stream = found.stream
            and documents.record_id = found.record_id
            and documents.payload_sha256 = found.payload_sha256
    where found.record_id is null
),

set_aside as (
    select
        source,
        stream,
        record_id,
        payload_sha256,
        min({{ utc('quarantined_at') }}) as quarantined_at,
        min(rule || ': ' || reason) as reason
    from {{ source('quarantine', 'set_aside') }}
    where severity = 'critical'
        and gate in ('fetch', 'read', 'raw')
        and (stream in ('messages', 'meetings', 'documents', 'crm_opportunities') or (source = 'crm' and stream = 'opportunities'))
        and {{ utc('quarantined_at') }} < {{ as_of_end() }}
    group by source, stream, record_id, payload_sha256
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    case when not_read is null then 'read' else 'not_read' end as outcome,
    item_id,
    reader,
    reader_version,
    verdict,
    not_read as reason
from items_read
union all
select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    'kept' as outcome,
    'document:' || record_id as item_id,
    cast(null as varchar) as reader,
    cast(null as varchar) as reader_version,
    cast(null as varchar) as verdict,
    'came before documents were read: opportunities process --all reads it' as reason
from kept
union all
select
    source,
    stream,
    record_id,
    payload_sha256,
    cast(null as varchar) as source_url,
    cast(null as timestamp) as observed_at,
    quarantined_at as fetched_at,
    'set_aside' as outcome,
    cast(null as varchar) as item_id,
    cast(null as varchar) as reader,
    cast(null as varchar) as reader_version,
    cast(null as varchar) as verdict,
    reason
from set_aside
