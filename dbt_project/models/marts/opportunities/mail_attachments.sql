-- Of a record the version fetched last counts. A mail belongs to the opportunity of its own words, else to that of a
-- mail within it.
with messages as (
    select
        *,
        coalesce(part, 'mail') = 'mail' as is_whole,
        'mail:' || message_id as mail_key,
        'mail:' || message_id || case when coalesce(part, 'mail') = 'mail' then '' else '#' || part end as source_key
    from {{ ref('stg_detections__correspondence_messages') }}
    qualify dense_rank() over (
        partition by source, stream, record_id order by fetched_at desc, payload_sha256 desc
    ) = 1
),

sources_joined as (
    select
        source_key,
        opportunity_id
    from {{ ref('int_opportunity_evidence') }}
    where field = 'source' and kind = 'mail'
),

joined as (
    select
        messages.mail_key,
        sources_joined.opportunity_id
    from messages
    inner join sources_joined on messages.source_key = sources_joined.source_key
    qualify row_number() over (partition by messages.mail_key order by messages.source_key) = 1
),

entries as (
    select
        messages.* exclude (attachments),
        unnest({{ json_list('attachments', '$') }}) as entry,
        unnest(generate_series(1, cast(json_array_length(attachments) as bigint))) as attachment_number
    from messages
    where is_whole
),

told as (
    select
        * exclude (entry),
        {{ json_fields('entry', ['$.name', '$.media_type', '$.size', '$.sha256', '$.is_inline']) }} as fields
    from entries
)

select
    {{ stable_id(['told.source', 'told.stream', 'told.record_id', 'told.attachment_number']) }} as attachment_id,
    told.message_id,
    told.attachment_number,
    told.fields[1] as name,
    told.fields[2] as media_type,
    {{ try_to('told.fields[3]', 'bigint') }} as size,
    told.fields[4] as sha256,
    {{ try_to('told.fields[5]', 'boolean') }} as is_inline,
    told.sent_at,
    told.is_business,
    joined.opportunity_id,
    told.mail_key as source_key,
    told.source,
    told.stream,
    told.record_id,
    told.payload_sha256,
    told.source_url,
    told.reader,
    told.reader_version,
    {{ as_of() }} as as_of
from told
left join joined on told.mail_key = joined.mail_key
