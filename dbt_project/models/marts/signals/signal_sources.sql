with statements as (
    select
        clusters.signal_id,
        mentions.mention_id,
        mentions.source,
        mentions.stream,
        mentions.record_id,
        mentions.source_url,
        mentions.published_at,
        mentions.detected_at,
        mentions.ended_at,
        mentions.status,
        mentions.polarity,
        mentions.reader_version,
        mentions.reader_confidence,
        mentions.amount_usd as stated_amount_usd,
        mentions.occurred_on as stated_date,
        mentions.evidence,
        clusters.merge_reason,
        row_number() over (
            partition by clusters.signal_id, coalesce(mentions.content_fingerprint, mentions.source)
            order by mentions.detected_at, mentions.published_at, mentions.mention_id
        ) = 1 as is_independent
    from {{ ref('int_signal_clusters') }} as clusters
    inner join {{ ref('int_signal_mentions') }} as mentions on clusters.mention_id = mentions.mention_id
)

select * from statements
