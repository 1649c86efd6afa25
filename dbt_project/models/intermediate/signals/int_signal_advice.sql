-- What to do and say about each signal that holds and whose window has not passed: the first play that
-- fits it, each text in the first version whose words are all known. A text that says a figure rests on the
-- record that states the figure, any other on the record that the signal quotes.
{% set words = {
    'company': 'company', 'title': 'title', 'amount': 'amount_said', 'round': 'round_said', 'investor': 'lead_investor',
    'person': 'person_name', 'position': 'job_title', 'department': 'department_said', 'level': 'level_said',
    'city': 'city', 'country': 'country', 'headcount': 'headcount_said', 'technology': 'technology',
    'category': 'technology_category', 'partner': 'counterparty_name', 'product': 'product_name',
    'date': 'date_said', 'from': 'from_said', 'to': 'to_said',
} %}
with plays as (
    select * from {{ ref('stg_reference__plays') }}
),

kinds as (
    select distinct
        play_id, play_order, signal_type, polarity, subtypes, levels, min_impact, only_relevant, from_days, to_days
    from plays
),

signals as (
    select * from {{ ref('int_signals') }}
    where {{ holds_on_day() }}
),

fitting as (
    select
        signals.*,
        kinds.play_id,
        cast(signals.occurred_on + cast(kinds.from_days as integer) as date) as engage_from,
        cast(signals.occurred_on + cast(kinds.to_days as integer) as date) as engage_to,
        row_number() over (partition by signals.signal_id order by kinds.play_order) as choice
    from signals
    inner join kinds
        on signals.signal_type = kinds.signal_type
        and signals.polarity = kinds.polarity
        and signals.impact_score >= kinds.min_impact
        and (kinds.subtypes is null or strpos(kinds.subtypes, ',' || signals.signal_subtype || ',') > 0)
        and (kinds.levels is null or strpos(kinds.levels, ',' || signals.level || ',') > 0)
        and (signals.is_icp_relevant or not kinds.only_relevant)
),

-- The record whose words hold the number of people; without one the number is not said.
counted as (
    select
        fitting.signal_id,
        arg_min(mentions.mention_id, (-mentions.reader_confidence, mentions.detected_at, mentions.mention_id)) as headcount_mention_id
    from fitting
    inner join {{ ref('int_signal_clusters') }} as clusters on fitting.signal_id = clusters.signal_id
    inner join {{ ref('int_signal_mentions') }} as mentions
        on clusters.mention_id = mentions.mention_id and fitting.headcount = mentions.headcount
    where fitting.choice = 1 and mentions.ended_at is null
        and regexp_matches(
            regexp_replace(mentions.evidence, '([0-9])[,.]([0-9]{3})', '\1\2', 'g'),
            '(^|[^0-9])' || fitting.headcount || '([^0-9]|$)'
        )
    group by fitting.signal_id
),

said as (
    select
        fitting.*,
        companies.name as company,
        case when fitting.amount is not null then {{ money_text('fitting.amount', 'fitting.currency') }} end as amount_said,
        case
            when fitting.round_type like 'series/__' escape '/' then 'Series ' || upper(right(fitting.round_type, 1))
            else replace(fitting.round_type, '_', ' ')
        end as round_said,
        replace(fitting.department, '_', ' ') as department_said,
        replace(fitting.level, '_', ' ') as level_said,
        counted.headcount_mention_id,
        case when counted.signal_id is not null then cast(fitting.headcount as varchar) end as headcount_said,
        {{ day_text('fitting.occurred_on') }} as date_said,
        {{ day_text('greatest(fitting.engage_from, ' ~ as_of() ~ ')') }} as from_said,
        {{ day_text('fitting.engage_to') }} as to_said
    from fitting
    inner join {{ ref('int_companies') }} as companies on fitting.company_id = companies.company_id
    left join counted on fitting.signal_id = counted.signal_id
    where fitting.choice = 1 and fitting.engage_to >= {{ as_of() }}
),

texts as (
    select
        said.signal_id,
        plays.kind,
        plays.rank,
        plays.version,
        -- Of two figures the amount counts: its record is the one that told the deal.
        case
            when strpos(plays.template, '{amount}') > 0 then said.amount_mention_id
            when strpos(plays.template, '{headcount}') > 0 then said.headcount_mention_id
        end as figure_mention_id,
        {{ filled('plays.template', words) }} as advice
    from said
    inner join plays on said.play_id = plays.play_id
),

first_known as (
    select
        signal_id,
        kind,
        rank,
        arg_min(advice, version) filter (where strpos(advice, {{ unfilled() }}) = 0) as advice,
        -- Empty, not NULL: the record of the version taken, not of the first that has one.
        arg_min(coalesce(figure_mention_id, ''), version) filter (where strpos(advice, {{ unfilled() }}) = 0) as figure_mention_id
    from texts
    group by signal_id, kind, rank
)

select
    said.signal_id,
    said.company_id,
    said.play_id,
    first_known.kind,
    first_known.rank,
    first_known.advice,
    said.engage_from,
    said.engage_to,
    said.engage_from <= {{ as_of() }} as is_open,
    coalesce(figures.evidence, said.evidence) as evidence,
    said.source_names,
    case when figures.mention_id is null then said.source_url else figures.source_url end as source_url,
    said.occurred_on
from said
inner join first_known on said.signal_id = first_known.signal_id
left join {{ ref('int_signal_mentions') }} as figures on first_known.figure_mention_id = figures.mention_id
where first_known.advice is not null
