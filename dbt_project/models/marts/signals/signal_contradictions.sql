-- Only signals told more than once can contradict themselves, and of these only the details that
-- have another value than the one shown.
{% set numbers = ['amount_usd', 'valuation_usd', 'headcount'] %}
{% set dates = ['occurred_on', 'effective_on'] %}
{% set texts = ['round_type', 'level', 'department', 'city', 'country', 'counterparty_name', 'lead_investor'] %}
with signals as (
    -- A month or quarter and a day in it do not contradict each other: only days are compared.
    select * replace (case when effective_precision = 'day' then effective_on end as effective_on)
    from {{ ref('int_signals') }}
    where source_count > 1
),

mentions as (
    select
        clusters.signal_id,
        -- The day of an undated report is the day it was printed, which disputes nothing.
        mentions.* replace (
            case
                when mentions.detection_method = 'news' and mentions.occurred_on = cast(mentions.published_at as date) then null
                else mentions.occurred_on
            end as occurred_on,
            -- A series that is not told disputes nothing.
            nullif(mentions.round_type, 'series_unknown') as round_type,
            case when mentions.effective_precision = 'day' then mentions.effective_on end as effective_on
        ),
        coalesce(mentions.content_fingerprint, mentions.source) as independence_key,
        coalesce(trust.priority, 9) as priority
    from {{ ref('int_signal_clusters') }} as clusters
    inner join {{ ref('int_signal_mentions') }} as mentions on clusters.mention_id = mentions.mention_id
    left join {{ ref('source_trust') }} as trust on mentions.source = trust.source
    where clusters.mention_count > 1
),

stated as (
    {% for field in numbers + dates + texts %}
    select
        mentions.signal_id,
        signals.company_id,
        '{{ field }}' as field,
        {% if field in numbers %}
        printf('%.0f', cast(mentions.{{ field }} as double)) as stated_value,
        printf('%.0f', cast(signals.{{ field }} as double)) as chosen_value,
        cast(mentions.{{ field }} as double) as stated_number,
        cast(signals.{{ field }} as double) as chosen_number,
        {% elif field in dates %}
        cast(mentions.{{ field }} as varchar) as stated_value,
        cast(signals.{{ field }} as varchar) as chosen_value,
        cast({{ days_between("date '1970-01-01'", 'mentions.' ~ field) }} as double) as stated_number,
        cast({{ days_between("date '1970-01-01'", 'signals.' ~ field) }} as double) as chosen_number,
        {% else %}
        mentions.{{ field }} as stated_value,
        signals.{{ field }} as chosen_value,
        null as stated_number,
        null as chosen_number,
        {% endif %}
        mentions.source,
        mentions.record_id,
        mentions.source_url,
        mentions.independence_key,
        mentions.priority,
        mentions.reader_confidence,
        mentions.detected_at,
        mentions.ended_at,
        mentions.amount_usd is not null and mentions.other_amount_usd is not null as is_filing_amount
    from mentions
    inner join signals on mentions.signal_id = signals.signal_id
    where mentions.{{ field }} is not null
        and mentions.{{ field }} is distinct from signals.{{ field }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

disagreeing as (
    select stated.*
    from stated
    inner join {{ ref('contradiction_rules') }} as rules on stated.field = rules.field
    where case rules.kind
        when 'ratio' then abs(stated.stated_number - stated.chosen_number)
            > rules.tolerance * greatest(abs(stated.stated_number), abs(stated.chosen_number))
        when 'days' then abs(stated.stated_number - stated.chosen_number) > rules.tolerance
        when 'text' then {{ folded('stated.stated_value') }} <> {{ folded('stated.chosen_value') }}
        -- "Raleigh, United States" tells more than "Raleigh", not other than it.
        when 'place' then {{ folded("trim(split_part(stated.stated_value, ',', 1))") }} <> {{ folded("trim(split_part(stated.chosen_value, ',', 1))") }}
        when 'company' then {{ company_name_key('stated.stated_value') }} <> {{ company_name_key('stated.chosen_value') }}
    end
),

-- Statements that agree with the value shown, for every detail in dispute.
agreeing as (
    {% for field in numbers + dates + texts %}
    select
        disputed.signal_id,
        '{{ field }}' as field,
        min(mentions.priority) as priority,
        count(distinct mentions.independence_key) filter (where mentions.ended_at is null) as independent_sources,
        count(*) filter (where mentions.ended_at is null) > 0 as holds,
        count(*) as records,
        string_agg(distinct mentions.source, ', ' order by mentions.source) as sources,
        max(mentions.reader_confidence) as reader_confidence,
        min(mentions.detected_at) as first_told_at,
        arg_min(mentions.source_url, (mentions.priority, mentions.detected_at, mentions.mention_id)) as source_url
    from (select distinct signal_id from disagreeing where field = '{{ field }}') as disputed
    inner join signals on disputed.signal_id = signals.signal_id
    inner join mentions on disputed.signal_id = mentions.signal_id and mentions.{{ field }} = signals.{{ field }}
    group by disputed.signal_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

others as (
    select
        signal_id,
        company_id,
        field,
        stated_value,
        chosen_value,
        min(priority) as priority,
        count(distinct independence_key) filter (where ended_at is null) as independent_sources,
        count(*) filter (where ended_at is null) > 0 as holds,
        count(*) as records,
        string_agg(distinct source, ', ' order by source) as sources,
        max(reader_confidence) as reader_confidence,
        min(detected_at) as first_told_at,
        arg_min(source_url, (priority, detected_at, record_id)) as source_url,
        -- What a filing says was sold so far is less than the whole and contradicts nothing.
        bool_and(is_filing_amount and field = 'amount_usd' and stated_number < chosen_number) as is_partial
    from disagreeing
    group by signal_id, company_id, field, stated_value, chosen_value
)

select
    others.signal_id,
    others.company_id,
    others.field,
    others.stated_value,
    others.sources as stated_by,
    others.records as stated_records,
    others.independent_sources as stated_independent_sources,
    others.source_url as stated_url,
    others.first_told_at as first_stated_at,
    others.chosen_value,
    agreeing.sources as chosen_from,
    agreeing.records as chosen_records,
    agreeing.independent_sources as chosen_independent_sources,
    agreeing.source_url as chosen_url,
    case
        when not others.holds and agreeing.holds then 'other_was_taken_back'
        when agreeing.priority < others.priority then 'more_trusted_source'
        when agreeing.independent_sources > others.independent_sources then 'more_independent_sources'
        when agreeing.reader_confidence > others.reader_confidence then 'reader_more_certain'
        else 'told_first'
    end as chosen_because,
    others.is_partial as is_explained
from others
inner join agreeing on others.signal_id = agreeing.signal_id and others.field = agreeing.field
