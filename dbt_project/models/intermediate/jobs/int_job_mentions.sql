-- What a company's postings tell together, as mentions: that it hires in a place for the first time,
-- that it begins to ask for a technology, that it hires far more than it used to.
with places as (
    select {{ mention_columns({
        'mention_key': "'first_job|' || city_key",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'expansion'",
        'signal_subtype': "case when is_new_country then 'new_market' else 'new_office' end",
        'title': "'Hires in ' || city || coalesce(', ' || country, '') || ' for the first time'",
        'polarity': "'positive'", 'status': "'planned'",
        'occurred_on': 'cast(stated_at as date)', 'published_at': 'least(coalesce(published_at, stated_at), stated_at)',
        'fetched_at': 'stated_at',
        'reader_confidence': '0.6', 'evidence': "coalesce(title, 'Position') || coalesce(', ' || location, '')",
        'board_key': 'board_key', 'city': 'city', 'country': 'country',
        'detection_method': "'job_posting'", 'reader_version': "'job_postings ' || reader_version"
    }) }}
    from {{ ref('int_job_places') }}
    where is_new
),

-- One posting may follow a template or a hope; the second position within 90 days counts.
namings as (
    select
        *,
        row_number() over (partition by company_id, technology, role_id order by named_at, posting_id) as naming
    from {{ ref('int_job_technologies') }}
),

asked as (
    select
        *,
        row_number() over in_time as roles_so_far,
        bool_or(is_from_baseline) over (in_time rows unbounded preceding) as was_there,
        lag(named_at) over in_time as named_before_at,
        lag(title) over in_time as title_before
    from namings
    where naming = 1
    window in_time as (partition by company_id, technology order by named_at, role_id)
),

technologies as (
    select {{ mention_columns({
        'mention_key': "'job_ads|' || technology",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'technology_adoption'", 'signal_subtype': "'asked_for'",
        'title': "'Asks for ' || technology || ' in job postings'", 'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'cast(named_at as date)', 'published_at': 'named_at', 'fetched_at': 'named_at',
        'reader_confidence': '0.6', 'evidence': "technology || ': ' || coalesce(title_before, 'Position') || '; ' || coalesce(title, 'Position')",
        'board_key': 'board_key', 'technology': 'technology', 'technology_category': 'category',
        'detection_method': "'job_posting'", 'reader_version': "'job_postings ' || reader_version"
    }) }}
    from asked
    where roles_so_far = 2 and not was_there and {{ days_between('named_before_at', 'named_at') }} <= 90
),

surges as (
    select
        *,
        lag(is_surge) over (partition by company_id order by snapshot_on) as was_surge
    from {{ ref('int_job_volumes') }}
),

hiring as (
    select {{ mention_columns({
        'mention_key': "'hiring_surge'",
        'source': "split_part(board_key, ':', 1)", 'stream': "'boards'",
        'record_id': "substr(board_key, strpos(board_key, ':') + 1) || '|' || snapshot_on",
        'signal_type': "'job_posting'", 'signal_subtype': "'hiring_surge'",
        'title': "'Hires far more than before: ' || new_roles_28d || ' positions in four weeks'",
        'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'snapshot_on', 'published_at': 'fetched_at', 'fetched_at': 'fetched_at', 'reader_confidence': '0.9',
        'evidence': "new_roles_28d || ' new positions in the four weeks to ' || snapshot_on || ', ' || round(baseline_weekly, 2) || ' a week in the twelve weeks before'",
        'board_key': 'board_key', 'reader_version': "'job_volumes 1'"
    }) }}
    from surges
    where is_surge and not coalesce(was_surge, false)
)

select * from places
union all
select * from technologies
union all
select * from hiring
