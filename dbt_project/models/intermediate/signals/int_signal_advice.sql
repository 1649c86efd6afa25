-- What to do and say about each signal that holds and whose window has not passed: the first play that
-- fits it, each text in the first version whose words are all known.
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
    where detected_at < {{ as_of_end() }} and (known_to is null or known_to >= {{ as_of_end() }})
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
        cast(fitting.headcount as varchar) as headcount_said,
        {{ day_text('fitting.occurred_on') }} as date_said,
        {{ day_text('greatest(fitting.engage_from, ' ~ as_of() ~ ')') }} as from_said,
        {{ day_text('fitting.engage_to') }} as to_said
    from fitting
    inner join {{ ref('int_companies') }} as companies on fitting.company_id = companies.company_id
    where fitting.choice = 1 and fitting.engage_to >= {{ as_of() }}
),

texts as (
    select
        said.signal_id,
        plays.kind,
        plays.rank,
        plays.version,
        {{ filled('plays.template', words) }} as advice
    from said
    inner join plays on said.play_id = plays.play_id
),

first_known as (
    select
        signal_id,
        kind,
        rank,
        arg_min(advice, version) filter (where strpos(advice, {{ unfilled() }}) = 0) as advice
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
    said.evidence,
    said.source_names,
    said.source_url,
    said.occurred_on
from said
inner join first_known on said.signal_id = first_known.signal_id
where first_known.advice is not null
