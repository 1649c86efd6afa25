-- One row per fact a record tells: what every source says in one shape, before it is known which
-- company is meant and which mentions tell the same event. Of a corrected record the last version
-- that told the fact counts; the fact ends when that version does.
with told as (
    select * from {{ ref('int_mention_versions') }} where newest = 1
),

technologies as (
    select {{ mention_columns({
        'mention_key': "change_type || '|' || technology",
        'source': 'source', 'stream': 'stream', 'record_id': "domain || '|' || scanned_on", 'payload_sha256': 'payload_sha256',
        'source_url': 'coalesce(page_url, source_url)', 'signal_type': "'technology_adoption'", 'signal_subtype': 'change_type',
        'title': "case change_type when 'added' then 'Started using ' when 'removed' then 'Stopped using ' else 'Upgraded ' end || technology || case when change_type = 'upgraded' then ' to ' || version else '' end",
        'polarity': "case change_type when 'removed' then 'negative' else 'positive' end", 'status': "'done'",
        'occurred_on': 'scanned_on', 'published_at': 'fetched_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_domain': 'domain',
        'technology': 'technology', 'technology_category': 'category', 'technology_vendor': 'vendor', 'detection_method': 'method',
        'reader_version': 'reader_version'
    }) }}
    from {{ ref('int_technology_events') }}
),

leaders as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', person_key, direction)",
        'source': 'source', 'stream': 'stream', 'record_id': "domain || '|' || read_on", 'payload_sha256': 'payload_sha256',
        'source_url': 'coalesce(page_url, source_url)', 'signal_type': "'executive_change'", 'signal_subtype': 'change_type',
        'title': "person_name || case direction when 'outgoing' then ' leaves as ' else ' becomes ' end || job_title",
        'polarity': "case direction when 'outgoing' then 'negative' else 'positive' end", 'status': "'done'",
        'occurred_on': 'read_on', 'published_at': 'fetched_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_domain': 'domain',
        'person_name': 'person_name', 'job_title': 'job_title', 'level': 'level', 'department': 'department', 'change_type': 'change_type',
        'direction': 'direction', 'is_interim': 'is_interim', 'detection_method': "'leadership_page'",
        'predecessor_name': 'predecessor_name', 'successor_name': 'successor_name', 'reader_version': 'reader_version'
    }) }}
    from {{ ref('int_leadership_changes') }}
    -- Pages list managers and advisers as well, who come and go unannounced.
    where not is_board_only and level in ('c_suite', 'vp', 'director')
),

-- Two readings of a list of people, compared.
listed_people as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', person_key, direction, coalesce(company_domain, company_name, cik))",
        'source': 'source', 'stream': 'stream', 'record_id': "record_id || '|' || read_on", 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'executive_change'", 'signal_subtype': 'change_type',
        'title': "person_name || case direction when 'outgoing' then ' leaves as ' else ' becomes ' end || job_title",
        'polarity': "case direction when 'outgoing' then 'negative' else 'positive' end", 'status': "'done'",
        'occurred_on': 'read_on', 'published_at': 'fetched_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence',
        'company_name': 'company_name', 'company_domain': 'company_domain', 'cik': cik_key('cik'),
        'person_name': 'person_name', 'job_title': 'job_title', 'level': 'level', 'department': 'department', 'change_type': 'change_type',
        'direction': 'direction', 'is_interim': 'is_interim', 'detection_method': "'export'", 'reader_version': "'export_changes 1'"
    }) }}
    from {{ ref('int_export_changes') }}
    where level in ('c_suite', 'vp', 'director')
),

-- What a search repeats of a board bears the board's title and place, so that both are one signal.
-- An agency's advert in a search over many employers names no employer.
advertised as (
    select
        postings.*,
        case when postings.source in ('adzuna', 'usajobs') then postings.company_name end as employer_name,
        coalesce(repeated.title, postings.title) as listed_title,
        case when repeated.posting_id is null then postings.city else repeated.city end as listed_city,
        case when repeated.posting_id is null then postings.country else repeated.country end as listed_country,
        case when repeated.posting_id is null then postings.location else repeated.location end as listed_location
    from {{ ref('int_job_postings') }} as postings
    left join {{ ref('int_job_roles') }} as roles
        on postings.posting_id = roles.posting_id and roles.is_aggregated
    left join {{ ref('int_job_postings') }} as repeated on roles.duplicate_of = repeated.posting_id
    where not (postings.source in ('adzuna', 'usajobs') and postings.is_recruiter)
),

postings as (
    select {{ mention_columns({
        'mention_key': "'posting'",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'job_posting'", 'signal_subtype': "coalesce(level, 'other')",
        'title': "'Hiring: ' || coalesce(title, 'unnamed position')", 'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'cast(least(published_at, first_fetched_at) as date)', 'published_at': 'coalesce(published_at, first_fetched_at)',
        'fetched_at': 'first_fetched_at', 'reader_confidence': '1.0',
        'evidence': "coalesce(title, 'Position') || coalesce(', ' || location, '')", 'board_key': 'board_key',
        'company_name': 'employer_name',
        'job_title': 'listed_title', 'level': 'level', 'department': 'department', 'stated_department': 'stated_department', 'city': 'listed_city', 'country': 'listed_country', 'location': 'listed_location', 'ended_at': 'closed_known_at',
        'reader_version': "'job_postings ' || reader_version"
    }) }}
    from advertised
),

exported_postings as (
    select {{ mention_columns({
        'mention_key': "'posting'",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'job_posting'", 'signal_subtype': "coalesce(level, 'other')",
        'title': "'Hiring: ' || title", 'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'cast(least(published_at, first_fetched_at) as date)', 'published_at': 'coalesce(published_at, first_fetched_at)',
        'fetched_at': 'first_fetched_at', 'reader_confidence': '1.0', 'evidence': "title || coalesce(', ' || location, '')",
        'company_name': 'company_name', 'company_domain': 'company_domain', 'cik': 'cik',
        'job_title': 'title', 'level': 'level', 'department': 'department', 'stated_department': 'stated_department', 'city': 'city', 'country': 'country', 'location': 'location', 'ended_at': 'closed_known_at',
        'reader_version': "'job_postings ' || reader_version"
    }) }}
    from {{ ref('int_mapped_postings') }}
),

mentions as (
    select {{ mention_columns({
        'mention_key': 'mention_key', 'source': 'source', 'stream': 'stream', 'record_id': 'record_id',
        'payload_sha256': 'payload_sha256', 'source_url': 'source_url', 'signal_type': 'signal_type',
        'signal_subtype': 'signal_subtype', 'title': 'title', 'polarity': 'polarity', 'status': 'status',
        'occurred_on': 'occurred_on', 'published_at': 'published_at', 'fetched_at': 'first_fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_name': 'company_name',
        'company_domain': 'company_domain', 'cik': 'cik', 'board_key': 'board_key', 'amount': 'amount',
        'currency': 'currency', 'amount_usd': 'amount_usd', 'other_amount_usd': 'other_amount_usd',
        'round_type': 'round_type', 'valuation_usd': 'valuation_usd', 'investors': 'investors',
        'lead_investor': 'lead_investor', 'person_name': 'person_name', 'job_title': 'job_title',
        'level': 'level', 'department': 'department', 'stated_department': 'stated_department', 'change_type': 'change_type', 'direction': 'direction',
        'effective_on': 'effective_on', 'effective_precision': 'effective_precision', 'is_interim': 'is_interim', 'city': 'city', 'country': 'country',
        'headcount': 'headcount', 'counterparty_name': 'counterparty_name', 'product_name': 'product_name', 'technology': 'technology',
        'technology_category': 'technology_category', 'technology_vendor': 'technology_vendor',
        'detection_method': 'detection_method', 'is_amendment': 'is_amendment',
        'content_fingerprint': 'content_fingerprint', 'ended_at': 'ended_at',
        'is_other_side': 'is_other_side', 'reject_reason': 'reject_reason',
        'reader_version': 'reader_version', 'amount_basis': 'amount_basis',
        'pre_money_valuation_usd': 'pre_money_valuation_usd', 'is_extension': 'is_extension', 'is_bridge': 'is_bridge',
        'closed_on': 'closed_on', 'date_precision': 'date_precision', 'amends_record_id': 'amends_record_id',
        'predecessor_name': 'predecessor_name', 'successor_name': 'successor_name',
        'earlier_companies': 'earlier_companies', 'square_feet': 'square_feet', 'region': 'region'
    }) }}
    from told
    union all
    select * from technologies
    union all
    select * from leaders
    union all
    select * from listed_people
    union all
    select * from postings
    union all
    select * from exported_postings
    union all
    select * from {{ ref('int_job_mentions') }}
)

select
    {{ stable_id(["'mention'", 'mentions.source', 'mentions.stream', 'mentions.record_id', 'mentions.mention_key']) }} as mention_id,
    mentions.* exclude (mention_key, fetched_at, amount_usd, usd_rate_on, reject_reason, reader_version),
    -- What a vendor's own fields tell was read by no reader, only by their mapping to columns.
    coalesce(mentions.reader_version, 'fields 1') as reader_version,
    mentions.fetched_at as detected_at,
    coalesce(mentions.amount_usd, mentions.amount * exchange_rates.usd_rate) as amount_usd,
    -- The rate is the source's own, of its day, where it states both amounts.
    case
        when mentions.amount_usd is not null and mentions.amount > 0 then mentions.amount_usd / mentions.amount
        when mentions.amount is not null then exchange_rates.usd_rate
    end as usd_rate,
    case
        when mentions.amount_usd is not null and mentions.amount > 0 then mentions.occurred_on
        when mentions.amount is not null then exchange_rates.rate_on
    end as usd_rate_on,
    {{ company_name_key('mentions.company_name') }} as company_name_key,
    case
        when mentions.reject_reason is not null then mentions.reject_reason
        when mentions.occurred_on < date '1990-01-01' or mentions.published_at < timestamp '1990-01-01' then 'date_before_1990'
        when mentions.occurred_on > {{ as_of() }} + interval 2 year then 'date_more_than_two_years_ahead'
        when mentions.amount < 0 or mentions.amount_usd < 0 then 'negative_amount'
        when mentions.amount > 1e12 or mentions.amount_usd > 1e12 then 'amount_above_a_trillion'
        when mentions.headcount < 0 then 'negative_headcount'
        when mentions.occurred_on is null and mentions.published_at is null then 'no_date'
    end as reject_reason
from mentions
left join {{ ref('int_exchange_rates') }} as exchange_rates
    on mentions.currency = exchange_rates.currency
    and coalesce(mentions.occurred_on, cast(mentions.published_at as date)) >= exchange_rates.from_day
    and coalesce(mentions.occurred_on, cast(mentions.published_at as date)) < exchange_rates.until_day
