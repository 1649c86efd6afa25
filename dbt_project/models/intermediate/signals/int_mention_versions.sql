-- One row per fact and version of the record that tells it: what documents, feeds and databases
-- say in one shape, before it is known which company is meant and which mentions tell one event.
with form_d as (
    select {{ mention_columns({
        'mention_key': "'funding_round'",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'funding_round'",
        'signal_subtype': "case when is_debt and not is_equity then 'debt' else 'equity' end",
        'title': "case when is_amendment then 'Amended a Form D' else 'Filed a Form D' end || coalesce(' for ' || " ~ money_text('coalesce(nullif(total_amount_sold, 0), total_offering_amount)', "'USD'") ~ ", '')",
        'polarity': "'positive'",
        'status': "case when coalesce(total_amount_sold, 0) = 0 and first_sale_on is null then 'planned' else 'done' end",
        'occurred_on': 'coalesce(first_sale_on, filed_on)', 'published_at': 'cast(filed_on as timestamp)', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence',
        'company_name': 'issuer_name', 'cik': 'cik',
        'amount': 'coalesce(nullif(total_amount_sold, 0), total_offering_amount)', 'currency': "'USD'",
        'amount_usd': 'coalesce(nullif(total_amount_sold, 0), total_offering_amount)',
        'other_amount_usd': 'total_offering_amount',
        'round_type': "case when is_debt and not is_equity then 'debt' end",
        'city': 'city', 'is_amendment': 'is_amendment', 'amends_record_id': 'previous_accession_number',
        'amount_basis': "case when total_amount_sold > 0 then 'sold' when total_offering_amount is not null then 'offered' end",
        'reader_version': "reader || ' ' || reader_version"
    }) }}
    from {{ ref('stg_detections__form_d_offerings') }}
    -- A fund that collects money is not a company that raises it.
    where not is_pooled_fund
),

crunchbase as (
    select {{ mention_columns({
        'mention_key': "'funding_round'",
        'source': 'rounds.source', 'stream': 'rounds.stream', 'record_id': 'rounds.record_id', 'payload_sha256': 'rounds.payload_sha256',
        'source_url': 'rounds.source_url', 'signal_type': "'funding_round'",
        'signal_subtype': 'round_types.round_type',
        'title': "coalesce(rounds.round_name, 'Funding round')", 'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'rounds.announced_on', 'published_at': 'coalesce(cast(rounds.announced_on as timestamp), rounds.observed_at)',
        'fetched_at': 'rounds.fetched_at', 'reader_confidence': '1.0',
        'evidence': "coalesce(rounds.round_name, 'Funding round') || coalesce(' announced ' || rounds.announced_on_text, '')",
        'company_name': 'rounds.company_name',
        'amount': 'coalesce(rounds.amount, rounds.amount_usd)',
        'currency': "case when rounds.amount is not null then rounds.currency when rounds.amount_usd is not null then 'USD' end",
        'amount_usd': 'rounds.amount_usd', 'round_type': 'round_types.round_type', 'stated_round_type': 'rounds.investment_type',
        'valuation_usd': 'rounds.valuation_usd', 'pre_money_valuation_usd': 'rounds.pre_money_valuation_usd',
        'closed_on': 'rounds.closed_on', 'date_precision': 'rounds.announced_precision',
        'is_extension': "coalesce(round_types.is_extension, false) or " ~ tells_extension('rounds.round_name'),
        'is_bridge': "coalesce(round_types.is_bridge, false) or " ~ tells_bridge('rounds.round_name'),
        'amount_basis': "case when coalesce(rounds.amount, rounds.amount_usd) is not null then 'announced' end",
        'investors': 'cast(to_json(rounds.investor_names) as varchar)',
        'lead_investor': 'rounds.lead_investor_names[1]',
        'reject_reason': "case when rounds.announced_on is null and rounds.announced_on_text is not null then 'unreadable_date' end"
    }) }}
    from {{ ref('stg_crunchbase__funding_rounds') }} as rounds
    left join {{ ref('round_types') }} as round_types
        on lower(rounds.investment_type) = round_types.stated
),

-- A takeover and a partnership concern both companies: what is told of one is told of the other.
press_events as (
    select *, false as is_other_side from {{ ref('stg_detections__press_events') }}
    union all
    select
        * replace (
            counterparty_name as company_name,
            cast(null as varchar) as company_domain,
            company_name as counterparty_name,
            case signal_subtype when 'acquirer' then 'acquired' when 'acquired' then 'acquirer' else signal_subtype end as signal_subtype
        ),
        true as is_other_side
    from {{ ref('stg_detections__press_events') }}
    where signal_type in ('acquisition', 'partnership') and counterparty_name is not null
),

press as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', events.signal_type, events.signal_subtype, " ~ company_name_key('events.company_name') ~ ", " ~ person_name_key('events.person_name') ~ ", lower(events.city), lower(events.counterparty_name), events.round_type)",
        'source': 'events.source', 'stream': 'events.stream', 'record_id': 'events.record_id', 'payload_sha256': 'events.payload_sha256',
        'source_url': 'events.source_url', 'signal_type': 'events.signal_type',
        'signal_subtype': "case when events.signal_type = 'funding_round' then round_types.round_type else coalesce(events.signal_subtype, events.change_type) end",
        'title': 'events.title', 'polarity': 'events.polarity', 'status': 'events.status',
        'occurred_on': 'coalesce(events.occurred_on, cast(events.published_at as date))', 'published_at': 'events.published_at',
        'fetched_at': 'events.fetched_at', 'reader_confidence': 'events.reader_confidence', 'evidence': 'coalesce(events.evidence, events.sentence)',
        'company_name': 'events.company_name', 'company_domain': 'events.company_domain',
        'amount': 'events.amount', 'currency': 'events.currency',
        'round_type': 'round_types.round_type', 'stated_round_type': "case when events.signal_type = 'funding_round' then events.round_type end", 'investors': 'events.investors', 'lead_investor': 'events.lead_investor',
        'person_name': 'events.person_name', 'job_title': 'events.job_title', 'level': 'events.level', 'department': 'events.department',
        'change_type': 'events.change_type',
        'direction': "case when events.change_type = 'departure' then 'outgoing' when events.change_type is not null then 'incoming' end",
        'city': 'events.city', 'country': 'events.country', 'headcount': 'events.headcount', 'counterparty_name': 'events.counterparty_name',
        'product_name': 'events.product_name', 'is_interim': 'events.is_interim', 'effective_on': 'events.effective_on',
        'effective_precision': 'events.effective_precision',
        'detection_method': "'news'", 'content_fingerprint': 'events.release_id',
        'is_other_side': 'events.is_other_side',
        'is_extension': "events.signal_type = 'funding_round' and (coalesce(round_types.is_extension, false) or " ~ tells_extension("coalesce(events.evidence, '')") ~ ")",
        'is_bridge': "events.signal_type = 'funding_round' and (coalesce(round_types.is_bridge, false) or " ~ tells_bridge("coalesce(events.evidence, '')") ~ ")",
        'amount_basis': "case when events.signal_type = 'funding_round' and events.amount is not null then 'announced' end",
        'reader_version': "events.reader || ' ' || events.reader_version"
    }) }}
    from press_events as events
    left join {{ ref('round_types') }} as round_types
        on lower(events.round_type) = round_types.stated
),

executives as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', " ~ person_name_key('person_name') ~ ", direction)",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'executive_change'", 'signal_subtype': 'change_type',
        'title': "case change_type when 'departure' then person_name || ' leaves as ' || job_title else person_name || ' becomes ' || job_title end",
        'polarity': "case direction when 'outgoing' then 'negative' else 'positive' end",
        'status': "case when effective_on > announced_on then 'planned' else 'done' end",
        'occurred_on': 'announced_on', 'published_at': 'observed_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_name': 'company_name', 'cik': 'cik',
        'person_name': 'person_name', 'job_title': 'job_title', 'level': 'level', 'department': 'department', 'change_type': 'change_type',
        'direction': 'direction', 'effective_on': 'effective_on', 'is_interim': 'is_interim',
        'predecessor_name': 'predecessor_name', 'successor_name': 'successor_name',
        'earlier_companies': 'earlier_companies', 'reader_version': "reader || ' ' || reader_version"
    }) }}
    from {{ ref('stg_detections__executive_changes') }}
    -- A director who joins or leaves the board only decides on no purchase.
    where not coalesce(is_board_only, false)
),

moves as (
    select
        *,
        min(fetched_at) over (partition by source, stream, record_id) as first_read_at
    from {{ ref('stg_detections__employee_moves') }}
),

-- A profile tells a whole career: only what was recent when it was first read is news.
employee_moves as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', " ~ company_name_key('company_name') ~ ", direction, cast(changed_on as varchar), lower(job_title))",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'executive_change'",
        'signal_subtype': 'change_type',
        'title': "person_name || case direction when 'outgoing' then ' leaves as ' else ' becomes ' end || job_title",
        'polarity': "case direction when 'outgoing' then 'negative' else 'positive' end",
        'status': "case when changed_on > cast(fetched_at as date) then 'planned' else 'done' end",
        'occurred_on': 'changed_on', 'published_at': 'observed_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_name': 'company_name', 'company_domain': 'company_domain',
        'person_name': 'person_name', 'job_title': 'job_title', 'level': 'level', 'department': 'department', 'change_type': 'change_type',
        'direction': 'direction', 'effective_on': "case when date_precision = 'day' then changed_on end", 'is_interim': 'is_interim',
        'detection_method': "'profile'", 'date_precision': 'date_precision',
        'earlier_companies': 'earlier_companies', 'reader_version': "reader || ' ' || reader_version"
    }) }}
    from moves
    where not is_board_only and changed_on >= cast(first_read_at as date) - 365
),

filings as (
    select {{ mention_columns({
        'mention_key': "'item|' || items.item_code",
        'source': 'items.source', 'stream': 'items.stream', 'record_id': 'items.record_id', 'payload_sha256': 'items.payload_sha256',
        'source_url': 'items.source_url', 'signal_type': 'kinds.signal_type', 'signal_subtype': 'kinds.signal_subtype',
        'title': 'kinds.title', 'polarity': 'kinds.polarity', 'status': "'done'",
        'occurred_on': 'items.filed_on', 'published_at': 'items.observed_at', 'fetched_at': 'items.fetched_at',
        'reader_confidence': 'items.reader_confidence', 'evidence': 'coalesce(items.evidence, items.text_excerpt)',
        'company_name': 'items.company_name', 'cik': 'items.cik',
        'reader_version': "items.reader || ' ' || items.reader_version"
    }) }}
    from {{ ref('stg_detections__filing_items') }} as items
    inner join {{ ref('filing_item_signals') }} as kinds
        on items.item_code = kinds.item_code
),

filing_events as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'event', signal_type, signal_subtype, " ~ company_name_key('counterparty_name') ~ ")",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': 'signal_type',
        'signal_subtype': 'signal_subtype', 'title': filing_event_title(), 'polarity': 'polarity', 'status': 'status',
        'occurred_on': 'coalesce(occurred_on, filed_on)', 'published_at': 'observed_at', 'fetched_at': 'fetched_at',
        'reader_confidence': 'reader_confidence', 'evidence': 'evidence', 'company_name': 'company_name', 'cik': 'cik',
        'amount': 'amount', 'currency': 'currency', 'round_type': 'round_type', 'city': 'city', 'country': 'country',
        'amount_basis': "case when signal_type = 'funding_round' and amount is not null then 'announced' end",
        'counterparty_name': 'counterparty_name', 'square_feet': 'square_feet',
        'reader_version': "reader || ' ' || reader_version"
    }) }}
    from {{ ref('stg_detections__filing_events') }}
),

statements as (
    select * from form_d
    union all
    select * from crunchbase
    union all
    select * from press
    union all
    select * from executives
    union all
    select * from filings
    union all
    select * from filing_events
    union all
    select * from employee_moves
    union all
    select * from {{ ref('int_mapped_mentions') }}
    -- Staging models of added sources that already have the shape of mentions.
    {% for model in var('mention_models') %}
    union all
    select {{ mention_column_names() }} from {{ ref(model) }}
    {% endfor %}
),

versioned as (
    select
        statements.* exclude (ended_at),
        versions.superseded_at as ended_at,
        min(statements.fetched_at) over (
            partition by statements.source, statements.stream, statements.record_id, statements.mention_key
        ) as first_fetched_at,
        row_number() over (
            partition by statements.source, statements.stream, statements.record_id, statements.mention_key
            order by versions.superseded_at desc nulls first, statements.fetched_at desc,
                statements.reader_confidence desc, statements.payload_sha256, statements.evidence
        ) as newest
    from statements
    left join {{ ref('int_record_versions') }} as versions
        on statements.source = versions.source
        and statements.stream = versions.stream
        and statements.record_id = versions.record_id
        and statements.payload_sha256 = versions.payload_sha256
)

select
    {{ stable_id(["'mention'", 'source', 'stream', 'record_id', 'mention_key']) }} as mention_id,
    *
from versioned
