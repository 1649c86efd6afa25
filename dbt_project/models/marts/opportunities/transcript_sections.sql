-- Of a meeting's transcript, chat or notes the version fetched last counts, as in joining.
with meetings as (
    select
        *,
        'call:' || meeting_id || case when part = 'transcript' then '' else '#' || part end as source_key
    from {{ ref('stg_detections__correspondence_meetings') }}
    qualify row_number() over (
        partition by source, stream, record_id order by fetched_at desc, payload_sha256 desc
    ) = 1
),

entries as (
    select meetings.* exclude (sections), unnest({{ json_list('sections', '$') }}) as entry
    from meetings
),

told as (
    select
        * exclude (entry),
        {{ json_fields('entry', ['$.number', '$.kind', '$.first_cue', '$.last_cue', '$.start_ms', '$.end_ms', '$.start', '$.end', '$.speaker_count', '$.sentence']) }} as fields
    from entries
),

joined as (
    select distinct
        source_key,
        opportunity_id
    from {{ ref('int_opportunity_evidence') }}
    where field = 'source' and kind = 'call'
)

select
    {{ stable_id(['told.source', 'told.stream', 'told.record_id', 'told.fields[1]']) }} as section_id,
    told.meeting_id,
    told.part,
    {{ try_to('told.fields[1]', 'bigint') }} as section_number,
    told.fields[2] as kind,
    {{ try_to('told.fields[3]', 'bigint') }} as first_cue,
    {{ try_to('told.fields[4]', 'bigint') }} as last_cue,
    {{ try_to('told.fields[5]', 'bigint') }} as start_ms,
    {{ try_to('told.fields[6]', 'bigint') }} as end_ms,
    {{ try_to('told.fields[7]', 'bigint') }} as start_at,
    {{ try_to('told.fields[8]', 'bigint') }} as end_at,
    {{ try_to('told.fields[9]', 'bigint') }} as speaker_count,
    told.fields[10] as sentence,
    case when told.is_business then told.topic end as topic,
    told.started_at,
    told.is_business,
    joined.opportunity_id,
    told.source_key,
    told.source,
    told.stream,
    told.record_id,
    told.payload_sha256,
    told.source_url,
    told.reader,
    told.reader_version,
    {{ as_of() }} as as_of
from told
left join joined on told.source_key = joined.source_key
