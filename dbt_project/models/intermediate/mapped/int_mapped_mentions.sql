-- What mapped records tell, in the shape of mentions: one row per fact and version of its record.
{% set round_text = "concat_ws('. ', rounds.round_type, rounds.round_name, rounds.evidence)" %}
with funding as (
    select {{ mention_columns({
        'mention_key': "'funding_round'",
        'source': 'rounds.source', 'stream': 'rounds.stream', 'record_id': 'rounds.record_id', 'payload_sha256': 'rounds.payload_sha256',
        'source_url': 'rounds.source_url', 'signal_type': "'funding_round'", 'signal_subtype': 'round_types.round_type',
        'title': "coalesce(rounds.round_name, 'Raised' || coalesce(' ' || " ~ money_text('coalesce(rounds.amount, rounds.amount_usd)', "case when rounds.amount is null then 'USD' else rounds.currency end") ~ ", ' money') || coalesce(', ' || replace(nullif(round_types.round_type, 'series_unknown'), '_', ' '), ''))",
        'polarity': "'positive'", 'status': "coalesce(rounds.status, 'done')",
        'occurred_on': 'coalesce(rounds.announced_on, rounds.closed_on)',
        'published_at': 'cast(coalesce(rounds.announced_on, rounds.closed_on) as timestamp)', 'fetched_at': 'rounds.fetched_at',
        'reader_confidence': 'coalesce(rounds.confidence, 1.0)',
        'evidence': "coalesce(rounds.evidence, concat_ws(', ', rounds.company_name, rounds.round_type, cast(coalesce(rounds.announced_on, rounds.closed_on) as varchar)))",
        'company_name': 'rounds.company_name', 'company_domain': 'rounds.company_domain', 'cik': cik_key('rounds.cik'),
        'amount': 'coalesce(rounds.amount, rounds.amount_usd)',
        'currency': "case when rounds.amount is not null then upper(rounds.currency) when rounds.amount_usd is not null then 'USD' end",
        'amount_usd': 'rounds.amount_usd', 'round_type': 'round_types.round_type', 'stated_round_type': 'rounds.round_type', 'valuation_usd': 'rounds.valuation_usd',
        'closed_on': 'rounds.closed_on',
        'is_extension': "coalesce(round_types.is_extension, false) or " ~ tells_extension(round_text),
        'is_bridge': "coalesce(round_types.is_bridge, false) or " ~ tells_bridge(round_text),
        'investors': 'rounds.investors', 'lead_investor': 'rounds.lead_investor'
    }) }}
    from {{ ref('stg_mapped__funding_rounds') }} as rounds
    left join {{ ref('round_types') }} as round_types
        on lower(rounds.round_type) = round_types.stated
),

executives as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', " ~ person_name_key('changes.person_name') ~ ", case changes.change_type when 'departure' then 'outgoing' else 'incoming' end)",
        'source': 'changes.source', 'stream': 'changes.stream', 'record_id': 'changes.record_id', 'payload_sha256': 'changes.payload_sha256',
        'source_url': 'changes.source_url', 'signal_type': "'executive_change'", 'signal_subtype': 'changes.change_type',
        'title': "changes.person_name || case changes.change_type when 'departure' then ' leaves as ' else ' becomes ' end || changes.job_title",
        'polarity': "case changes.change_type when 'departure' then 'negative' else 'positive' end",
        'status': "case when changes.effective_on > cast(changes.fetched_at as date) then 'planned' else 'done' end",
        'occurred_on': 'coalesce(changes.announced_on, changes.effective_on)',
        'published_at': 'cast(coalesce(changes.announced_on, changes.effective_on) as timestamp)', 'fetched_at': 'changes.fetched_at',
        'reader_confidence': 'coalesce(changes.confidence, 1.0)',
        'evidence': "coalesce(changes.evidence, concat_ws(', ', changes.person_name, changes.job_title, changes.company_name))",
        'company_name': 'changes.company_name', 'company_domain': 'changes.company_domain', 'cik': cik_key('changes.cik'),
        'person_name': 'changes.person_name', 'job_title': 'changes.job_title', 'level': 'titles.level', 'department': 'titles.department',
        'change_type': 'changes.change_type',
        'direction': "case changes.change_type when 'departure' then 'outgoing' else 'incoming' end",
        'effective_on': 'changes.effective_on', 'is_interim': tells_interim('changes.job_title', 'changes.is_interim')
    }) }}
    from {{ ref('stg_mapped__executive_changes') }} as changes
    left join {{ ref('int_title_readings') }} as titles on changes.job_title = titles.title
    -- A director who joins or leaves the board only decides on no purchase.
    where not coalesce(changes.is_board_only, false)
),

-- A person whose present position began within a year of the export has lately come to it.
starters as (
    select {{ mention_columns({
        'mention_key': "concat_ws('|', 'executive_change', " ~ person_name_key('people.full_name') ~ ", 'incoming', people.company_domain, " ~ company_name_key('people.company_name') ~ ")",
        'source': 'people.source', 'stream': 'people.stream', 'record_id': 'people.record_id', 'payload_sha256': 'people.payload_sha256',
        'source_url': 'people.source_url', 'signal_type': "'executive_change'", 'signal_subtype': "'new_hire'",
        'title': "people.full_name || ' becomes ' || people.job_title", 'polarity': "'positive'", 'status': "'done'",
        'occurred_on': 'people.started_on', 'published_at': 'people.observed_at', 'fetched_at': 'people.fetched_at',
        'reader_confidence': 'coalesce(people.confidence, 0.9)',
        'evidence': "coalesce(people.evidence, people.full_name || ', ' || people.job_title || ' since ' || " ~ iso_month('people.started_on') ~ ")",
        'company_name': 'people.company_name', 'company_domain': 'people.company_domain', 'cik': cik_key('people.cik'),
        'person_name': 'people.full_name', 'job_title': 'people.job_title', 'level': 'titles.level', 'department': 'titles.department',
        'change_type': "'new_hire'", 'direction': "'incoming'", 'effective_on': 'people.started_on',
        'is_interim': tells_interim('people.job_title')
    }) }}
    from {{ ref('stg_mapped__people') }} as people
    inner join {{ ref('int_title_readings') }} as titles on people.job_title = titles.title and titles.level in ('c_suite', 'vp', 'director')
    where people.started_on between cast(people.observed_at as date) - 365 and cast(people.fetched_at as date)
        and people.ended_on is null
        and coalesce(people.is_current, true)
),

-- By the one name of each; a mention keeps its key, which holds the vendor's.
named_technologies as (
    select
        technologies.* exclude (technology),
        technologies.technology as stated_technology,
        coalesce(names.technology, technologies.technology) as technology
    from {{ ref('stg_mapped__technologies') }} as technologies
    left join {{ ref('stg_reference__technology_names') }} as names
        on lower(trim(technologies.technology)) = names.alias
),

technology_changes as (
    select *, 'added' as change_type, first_seen_on as changed_on
    from named_technologies
    where first_seen_on is not null
    union all
    select *, 'removed' as change_type, removed_on as changed_on
    from named_technologies
    where removed_on is not null
),

-- A vendor that only lists a technology says nothing of when it came: that is no change.
technologies as (
    select {{ mention_columns({
        'mention_key': "change_type || '|' || stated_technology",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'technology_adoption'", 'signal_subtype': 'change_type',
        'title': "case change_type when 'added' then 'Started using ' else 'Stopped using ' end || technology",
        'polarity': "case change_type when 'added' then 'positive' else 'negative' end", 'status': "'done'",
        'occurred_on': 'changed_on', 'published_at': 'greatest(cast(changed_on as timestamp), observed_at)', 'fetched_at': 'fetched_at',
        'reader_confidence': 'coalesce(confidence, 0.9)',
        'evidence': "coalesce(evidence, technology || case change_type when 'added' then ' first seen ' else ' gone since ' end || cast(changed_on as varchar))",
        'company_name': 'company_name', 'company_domain': 'company_domain', 'cik': cik_key('cik'),
        'technology': 'technology', 'technology_category': 'category', 'technology_vendor': 'vendor', 'detection_method': "'vendor'"
    }) }}
    from technology_changes
),

expansions as (
    select {{ mention_columns({
        'mention_key': "'expansion'",
        'source': 'source', 'stream': 'stream', 'record_id': 'record_id', 'payload_sha256': 'payload_sha256',
        'source_url': 'source_url', 'signal_type': "'expansion'", 'signal_subtype': 'expansion_type',
        'title': "case when coalesce(polarity, 'positive') = 'negative' then 'Closes in ' else 'Takes premises in ' end || coalesce(city, region, country)",
        'polarity': "coalesce(polarity, case expansion_type when 'closure' then 'negative' else 'positive' end)",
        'status': "coalesce(status, 'done')",
        'occurred_on': 'coalesce(announced_on, effective_on)', 'published_at': 'cast(coalesce(announced_on, effective_on) as timestamp)',
        'fetched_at': 'fetched_at', 'reader_confidence': 'coalesce(confidence, 0.95)',
        'evidence': "coalesce(evidence, description, concat_ws(', ', company_name, expansion_type, address, city, region, cast(coalesce(announced_on, effective_on) as varchar)))",
        'company_name': 'company_name', 'company_domain': 'company_domain', 'cik': cik_key('cik'),
        'amount': 'amount', 'currency': 'upper(currency)', 'effective_on': 'effective_on', 'city': 'city', 'country': 'country', 'headcount': 'headcount',
        'region': 'region', 'square_feet': 'round(floor_area_sqft)'
    }) }}
    from {{ ref('stg_mapped__expansions') }}
)

select * from funding
union all
select * from executives
union all
select * from starters
union all
select * from technologies
union all
select * from expansions
