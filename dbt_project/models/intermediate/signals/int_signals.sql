-- One row per signal: its mentions put together. Title, evidence, source, URL and reader are those of
-- one mention, the leading one: the first that holds of the most trusted source. Other details come
-- from the most trusted that states them, times from whichever told it first. A statement taken back counts only
-- while no other holds.
with mentions as (
    select
        mentions.* exclude (company_domain, cik, board_key, company_name_key, reject_reason, is_other_side)
            -- Which equity round it was is not told: a mention may name it, and nothing else does.
            replace (
                nullif(mentions.round_type, 'series_unknown') as round_type,
                nullif(mentions.signal_subtype, 'series_unknown') as signal_subtype
            ),
        companies.company_id,
        clusters.signal_id,
        coalesce(mentions.content_fingerprint, mentions.source) as independence_key,
        least(0.99, mentions.reader_confidence * coalesce(trust.trust, 0.5)) as certainty,
        coalesce(trust.priority, 9) as priority,
        clusters.mention_count
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
    inner join {{ ref('int_signal_clusters') }} as clusters on mentions.mention_id = clusters.mention_id
    left join {{ ref('source_trust') }} as trust on mentions.source = trust.source
),

repeated as (
    select
        *,
        ended_at is null or count(*) filter (where ended_at is null) over (partition by signal_id) = 0 as holds,
        count(distinct case when ended_at is null then independence_key end) over (partition by signal_id, amount_usd) as agreeing
    from mentions
    where mention_count > 1
),

-- An amount counts before another if it is the whole sum and not what a filing says was sold so
-- far, then by trust, then by how many tell it independently. Of equally trusted sources the first
-- day counts: later reports bear the day they were printed.
ranked as (
    select
        *,
        row_number() over (
            partition by signal_id
            order by not holds, priority, {{ latest_amendment_first() }}, reader_confidence desc, detected_at, mention_id
        ) as statement_rank,
        -- Who knows only that somebody holds a role tells it as one newly hired for; who knows that
        -- the person was there before (a promotion, another role) knows more.
        row_number() over (
            partition by signal_id
            order by not holds, coalesce(change_type = 'new_hire', false), priority, {{ latest_amendment_first() }}, reader_confidence desc,
                detected_at, mention_id
        ) as change_rank,
        row_number() over (
            partition by signal_id
            order by amount_usd is null, not holds, coalesce(other_amount_usd > amount_usd, false), priority, {{ latest_amendment_first() }}, agreeing desc,
                reader_confidence desc, detected_at, mention_id
        ) as amount_rank,
        row_number() over (
            partition by signal_id
            order by not holds, priority, is_amendment nulls first, occurred_on, mention_id
        ) as date_rank
    from repeated
),

{% set amounts = ['amount', 'currency', 'amount_usd', 'usd_rate', 'usd_rate_on', 'amount_basis'] %}
{% set leading = ['title', 'evidence', 'source_url', 'detection_method', 'reader_version'] %}
{% set changes = ['signal_subtype', 'change_type'] %}
{% set details = ['round_type', 'valuation_usd', 'investors', 'lead_investor', 'person_name', 'job_title', 'level',
    'department', 'stated_department', 'direction', 'effective_on', 'city', 'country',
    'headcount', 'counterparty_name', 'product_name', 'technology', 'technology_category', 'technology_vendor',
    'date_precision', 'effective_precision',
    'pre_money_valuation_usd', 'closed_on', 'predecessor_name',
    'successor_name', 'earlier_companies', 'square_feet', 'region', 'stated_round_type'] %}
{% set flags = ['is_interim', 'is_extension', 'is_bridge'] %}
independent as (
    select
        signal_id,
        independence_key,
        max(certainty) as certainty
    from ranked
    where holds
    group by signal_id, independence_key
),

-- Independent sources err independently: the chance that all are wrong is the product.
confidence as (
    select
        signal_id,
        count(*) as independent_source_count,
        1 - exp(sum(ln(1 - certainty))) as confidence
    from independent
    group by signal_id
),

told_several_times as (
    select
        signal_id,
        min(company_id) as company_id,
        min(signal_type) as signal_type,
        min(polarity) as polarity,
        case when bool_or(holds and status = 'done') then 'done' else 'planned' end as status,
        {% for detail in leading %}
        max({{ detail }}) filter (where statement_rank = 1) as {{ detail }},
        {% endfor %}
        {% for detail in details %}
        arg_min({{ detail }}, statement_rank) filter (where holds and {{ detail }} is not null) as {{ detail }},
        {% endfor %}
        {% for detail in changes %}
        arg_min({{ detail }}, change_rank) filter (where holds and {{ detail }} is not null) as {{ detail }},
        {% endfor %}
        -- A headline often leaves the word "interim" out, a database does not know that a round was
        -- prolonged or bridges: who says it is right.
        {% for detail in flags %}
        bool_or({{ detail }}) filter (where holds) as {{ detail }},
        {% endfor %}
        {% for detail in amounts %}
        arg_min({{ detail }}, amount_rank) filter (where holds and {{ detail }} is not null) as {{ detail }},
        {% endfor %}
        arg_min(mention_id, amount_rank) filter (where holds and amount is not null) as amount_mention_id,
        arg_min(occurred_on, date_rank) filter (where holds and occurred_on is not null) as occurred_on,
        max(source) filter (where statement_rank = 1) as primary_source,
        max(record_id) filter (where statement_rank = 1) as primary_record_id,
        min(published_at) as published_at,
        min(detected_at) as detected_at,
        min(least(detected_at, published_at)) as knowable_from,
        case when count(ended_at) = count(*) then max(ended_at) end as known_to,
        count(distinct source || '|' || stream || '|' || record_id) filter (where holds) as source_count,
        string_agg(distinct source, ', ' order by source) filter (where holds) as source_names
    from ranked
    group by signal_id
),

several as (
    select told_several_times.*, confidence.independent_source_count, confidence.confidence
    from told_several_times
    inner join confidence on told_several_times.signal_id = confidence.signal_id
),

-- Most signals are told once; nothing is to be put together for them.
gathered as (
    select * from several
    union all
    select
        signal_id,
        company_id,
        signal_type,
        polarity,
        status,
        {% for detail in leading + details + changes + flags + amounts %}
        {{ detail }},
        {% endfor %}
        case when amount is not null then mention_id end as amount_mention_id,
        occurred_on,
        source as primary_source,
        record_id as primary_record_id,
        published_at,
        detected_at,
        least(detected_at, published_at) as knowable_from,
        ended_at as known_to,
        1 as source_count,
        source as source_names,
        1 as independent_source_count,
        certainty as confidence
    from mentions
    where mention_count = 1
),

impact as (
    select
        gathered.signal_id,
        max(bands.impact_score) as impact_score
    from gathered
    inner join {{ ref('signal_impacts') }} as bands
        on gathered.signal_type = bands.signal_type
        and (
            (bands.criterion = 'amount_usd' and gathered.amount_usd >= {{ try_to('bands.from_value', 'double') }})
            or (bands.criterion = 'level' and gathered.level = bands.from_value)
            or (bands.criterion = 'subtype' and gathered.signal_subtype = bands.from_value)
        )
    group by gathered.signal_id
),

default_roles as (
    select distinct title, stated_department from {{ ref('int_icp_roles') }} where is_default
),

default_technologies as (
    select distinct term from {{ ref('int_icp_terms') }}
    where is_default and term_type in ('must_have', 'nice_to_have')
),

judged as (
    select
        gathered.* exclude (status),
        gathered.status as stated_status,
        -- What was to take effect on a day that has passed, and was not taken back, has.
        case
            when gathered.effective_on <= {{ as_of() }} and gathered.known_to is null then 'done'
            else gathered.status
        end as status,
        coalesce(impact.impact_score, types.impact_score) as impact_score,
        default_roles.title is not null or default_technologies.term is not null as is_icp_relevant,
        types.relevance_score
            + case when default_roles.title is not null or default_technologies.term is not null then 20 else 0 end
            - case when gathered.polarity = 'negative' then 30 else 0 end as raw_relevance,
        types.urgency_half_life_days,
        -- A rumour or plan without a day that nothing confirmed in time has lapsed.
        case
            when gathered.status = 'planned' and gathered.known_to is null and gathered.effective_on is null
                and gathered.occurred_on + cast(types.plan_lapses_after_days as integer) < {{ as_of_end() }}
                then greatest(gathered.detected_at, cast(gathered.occurred_on + cast(types.plan_lapses_after_days as integer) as timestamp))
        end as lapsed_at,
        greatest(0, {{ days_between('gathered.occurred_on', as_of()) }}) as age_days
    from gathered
    inner join {{ ref('signal_types') }} as types on gathered.signal_type = types.signal_type
    left join impact on gathered.signal_id = impact.signal_id
    -- The type is part of the key, so that DuckDB can hash it (as in company_fields).
    left join default_roles
        on case when gathered.signal_type = 'job_posting' then gathered.job_title end = default_roles.title
        and gathered.stated_department is not distinct from default_roles.stated_department
    left join default_technologies
        on case when gathered.signal_type = 'technology_adoption' then lower(gathered.technology) end = default_technologies.term
)

select
    * exclude (raw_relevance, urgency_half_life_days, age_days, confidence, known_to, lapsed_at),
    coalesce(known_to, lapsed_at) as known_to,
    lapsed_at is not null as is_lapsed,
    least(100, greatest(0, raw_relevance)) as relevance_score,
    cast(round(100 * power(0.5, age_days / urgency_half_life_days)) as integer) as urgency_score,
    cast(round(100 * confidence) as integer) as confidence_score,
    case
        {% for strength, floor in [('very_strong', 80), ('strong', 60), ('moderate', 40)] %}
        when impact_score >= {{ floor }} then '{{ strength }}'
        {% endfor %}
        else 'weak'
    end as signal_strength
from judged
