{#- The last day that an event of a mention may have happened on: a source that states only the year
    or the month means any day of it. -#}
{% macro last_possible_day(mention) -%}
    ({{ mention }}.occurred_on + case {{ mention }}.date_precision when 'year' then 364 when 'month' then 30 else 0 end)
{%- endmacro %}

{#- Least number of days that may lie between two mentions' events. -#}
{% macro days_apart(a, b) -%}
    greatest(
        0,
        {{ days_between(last_possible_day(a), b ~ '.occurred_on') }},
        {{ days_between(last_possible_day(b), a ~ '.occurred_on') }}
    )
{%- endmacro %}

{#- Whether one notice amends the other, or both amend the same. -#}
{% macro amends(a, b) -%}
    ({{ a }}.source = {{ b }}.source and (
        {{ a }}.amends_record_id = {{ b }}.record_id
        or {{ b }}.amends_record_id = {{ a }}.record_id
        or {{ a }}.amends_record_id = {{ b }}.amends_record_id
    )) is true
{%- endmacro %}

{#- Whether two mentions may tell the same round by its name: a round of unknown series may be any
    round of equity. -#}
{% macro rounds_compatible(a, b) -%}
    (
        {{ a }}.round_type is null
        or {{ b }}.round_type is null
        or {{ a }}.round_type = {{ b }}.round_type
        or ({{ a }}.round_type = 'series_unknown' and {{ b }}.round_type not in ('debt', 'grant', 'ipo', 'post_ipo_equity'))
        or ({{ b }}.round_type = 'series_unknown' and {{ a }}.round_type not in ('debt', 'grant', 'ipo', 'post_ipo_equity'))
        -- A bridge is mostly given as a convertible note, by which databases know it.
        or ({{ a }}.round_type in ('bridge', 'convertible_note') and {{ b }}.round_type in ('bridge', 'convertible_note'))
    )
{%- endmacro %}

{#- How far two mentions are from stating the same amount: 0 equal, 1 unknown, more the further. Among
    several rounds of a year the one of equal amount is meant; where both state the day, that decides. -#}
{% macro amount_distance(a, b) -%}
    case
        when coalesce({{ a }}.date_precision, 'day') = 'day' and coalesce({{ b }}.date_precision, 'day') = 'day' then 0
        when {{ a }}.amount_usd is null and {{ b }}.amount_usd is null then 0
        when {{ a }}.amount_usd is null or {{ b }}.amount_usd is null then 1
        when {{ a }}.amount_usd = 0 or {{ b }}.amount_usd = 0 then 2
        else round(least(2, abs(ln({{ a }}.amount_usd / {{ b }}.amount_usd))), 2)
    end
{%- endmacro %}

{#- Whether two mentions lie near enough in time. Beyond the year that a source states, only an equal
    amount makes the same round of it; a month is near enough to be known like a day. -#}
{% macro near_in_time(a, b, window) -%}
    (
        {{ days_apart(a, b) }} <= case
            when coalesce({{ a }}.date_precision, 'day') <> 'year' and coalesce({{ b }}.date_precision, 'day') <> 'year' then {{ window }}
            when {{ a }}.amount_usd between 0.8 * {{ b }}.amount_usd and 1.25 * {{ b }}.amount_usd then {{ window }}
            else 0
        end
    )
{%- endmacro %}

{#- Order of statements of one notice: the latest amendment says what it says now. -#}
{% macro latest_amendment_first() -%}
    case when is_amendment then 0 else 1 end, case when is_amendment then published_at end desc nulls last
{%- endmacro %}
