-- Why a signal no longer holds, and which record says so: one row per signal that has ended.
with ended as (
    select signal_id, signal_type, known_to, is_lapsed
    from {{ ref('int_signals') }}
    where known_to is not null
),

-- The statement whose end was the signal's end.
last_words as (
    select
        ended.signal_id,
        ended.signal_type,
        mentions.source,
        mentions.stream,
        mentions.record_id,
        mentions.source_url,
        versions.superseded_by,
        row_number() over (
            partition by ended.signal_id order by mentions.detected_at desc, mentions.mention_id
        ) as choice
    from ended
    inner join {{ ref('int_signal_clusters') }} as clusters on ended.signal_id = clusters.signal_id
    inner join {{ ref('int_signal_mentions') }} as mentions
        on clusters.mention_id = mentions.mention_id
        and mentions.ended_at = ended.known_to
    left join {{ ref('int_record_versions') }} as versions
        on mentions.source = versions.source
        and mentions.stream = versions.stream
        and mentions.record_id = versions.record_id
        and mentions.payload_sha256 = versions.payload_sha256
    where not ended.is_lapsed
),

-- A record that still tells an event of the kind was corrected; one that tells none was withdrawn.
replacements as (
    select distinct source, stream, record_id, payload_sha256, signal_type
    from {{ ref('int_mention_versions') }}
),

articles as (
    {% for model in ['stg_press__articles', 'stg_newsapi__articles', 'stg_google_news__articles'] %}
    select source, stream, record_id, payload_sha256, payload from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Only the few notices are parsed; a record is stored again when it is fetched again.
headlines as (
    select
        articles.source,
        articles.stream,
        articles.record_id,
        articles.payload_sha256,
        min({{ json_fields('articles.payload', ['$.title']) }}[1]) as title
    from articles
    inner join last_words
        on articles.source = last_words.source
        and articles.stream = last_words.stream
        and articles.record_id = last_words.record_id
        and articles.payload_sha256 = last_words.superseded_by
    group by articles.source, articles.stream, articles.record_id, articles.payload_sha256
)

select
    ended.signal_id,
    case
        when ended.is_lapsed then 'not_confirmed'
        when last_words.superseded_by is null then 'closed'
        when replacements.record_id is not null then 'corrected'
        else 'withdrawn'
    end as end_reason,
    case
        when ended.is_lapsed then 'nothing confirmed it in time'
        when last_words.superseded_by is null then last_words.source || ': ' || last_words.record_id || ' is gone'
        else last_words.source || ': ' || coalesce(headlines.title, 'a later version of ' || last_words.record_id)
    end as ended_by,
    last_words.source_url as ended_by_url
from ended
left join last_words on ended.signal_id = last_words.signal_id and last_words.choice = 1
left join replacements
    on last_words.source = replacements.source
    and last_words.stream = replacements.stream
    and last_words.record_id = replacements.record_id
    and last_words.superseded_by = replacements.payload_sha256
    and last_words.signal_type = replacements.signal_type
left join headlines
    on last_words.source = headlines.source
    and last_words.stream = headlines.stream
    and last_words.record_id = headlines.record_id
    and last_words.superseded_by = headlines.payload_sha256
