{#- The columns of a mention in their order, each source giving those it states; the rest are NULL. -#}
{% macro mention_columns(given) -%}
    {%- set columns = {
        'mention_key': 'varchar', 'source': 'varchar', 'stream': 'varchar', 'record_id': 'varchar',
        'payload_sha256': 'varchar', 'source_url': 'varchar', 'signal_type': 'varchar',
        'signal_subtype': 'varchar', 'title': 'varchar', 'polarity': 'varchar', 'status': 'varchar',
        'occurred_on': 'date', 'published_at': 'timestamp', 'fetched_at': 'timestamp',
        'reader_confidence': 'double', 'evidence': 'varchar', 'company_name': 'varchar',
        'company_domain': 'varchar', 'cik': 'varchar', 'board_key': 'varchar', 'amount': 'double',
        'currency': 'varchar', 'amount_usd': 'double', 'other_amount_usd': 'double',
        'round_type': 'varchar', 'valuation_usd': 'double', 'investors': 'varchar',
        'lead_investor': 'varchar', 'person_name': 'varchar', 'job_title': 'varchar',
        'level': 'varchar', 'department': 'varchar', 'stated_department': 'varchar', 'change_type': 'varchar',
        'direction': 'varchar', 'effective_on': 'date', 'is_interim': 'boolean', 'city': 'varchar',
        'country': 'varchar', 'headcount': 'bigint', 'counterparty_name': 'varchar', 'product_name': 'varchar',
        'technology': 'varchar', 'technology_category': 'varchar', 'technology_vendor': 'varchar',
        'detection_method': 'varchar', 'is_amendment': 'boolean', 'content_fingerprint': 'varchar',
        'ended_at': 'timestamp', 'is_other_side': 'boolean', 'reject_reason': 'varchar',
        'reader_version': 'varchar',
        'usd_rate_on': 'date', 'amount_basis': 'varchar', 'pre_money_valuation_usd': 'double',
        'is_extension': 'boolean', 'is_bridge': 'boolean', 'closed_on': 'date',
        'date_precision': 'varchar', 'amends_record_id': 'varchar', 'predecessor_name': 'varchar',
        'successor_name': 'varchar', 'earlier_companies': 'varchar', 'square_feet': 'bigint',
        'region': 'varchar', 'stated_round_type': 'varchar', 'location': 'varchar', 'effective_precision': 'varchar'
    } -%}
    {#- Who tells a day of effect and not how exactly tells a day. -#}
    {%- if 'effective_on' in given and 'effective_precision' not in given -%}
        {%- set given = dict(given, effective_precision="case when (" ~ given['effective_on'] ~ ") is not null then 'day' end") -%}
    {%- endif %}
    {%- for name, type in columns.items() %}
        cast({{ given.get(name, 'null') }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The names of these columns in their order, for a model that has them all. -#}
{% macro mention_column_names() -%}
    {%- set columns = mention_columns({}) -%}
    {{- modules.re.findall(' as ([a-z_0-9]+),?(?=\s|$)', columns) | join(', ') -}}
{%- endmacro %}

{#- Whether two mentions may state the same amount: within 20 %, or the sum offered or sold of a
    filing. A filing made before the round closed states less than the announcement: down to a
    third of it still agrees. -#}
{% macro amounts_agree(a, b) -%}
    (
        {{ a }}.amount_usd between 0.8 * {{ b }}.amount_usd and 1.25 * {{ b }}.amount_usd
        or {{ a }}.other_amount_usd between 0.8 * {{ b }}.amount_usd and 1.25 * {{ b }}.amount_usd
        or {{ a }}.amount_usd between 0.8 * {{ b }}.other_amount_usd and 1.25 * {{ b }}.other_amount_usd
        or ({{ a }}.source = 'sec_edgar' and {{ b }}.source <> 'sec_edgar'
            and {{ a }}.amount_usd between {{ b }}.amount_usd / 3 and {{ b }}.amount_usd * 1.25)
        or ({{ b }}.source = 'sec_edgar' and {{ a }}.source <> 'sec_edgar'
            and {{ b }}.amount_usd between {{ a }}.amount_usd / 3 and {{ a }}.amount_usd * 1.25)
        or {{ a }}.is_amendment or {{ b }}.is_amendment
    )
{%- endmacro %}

{#- Each node's root when every node links to at most one other: links are followed by doubling, six
    times, which is a chain of 64. -#}
{% macro follow_links(nodes, links) -%}
    with step_0 as (
        select n.mention_id, coalesce(l.joined_mention_id, n.mention_id) as root_mention_id
        from {{ nodes }} as n
        left join {{ links }} as l on n.mention_id = l.mention_id
    )
    {% for step in range(1, 7) %},
    step_{{ step }} as (
        select s.mention_id, t.root_mention_id
        from step_{{ step - 1 }} as s
        inner join step_{{ step - 1 }} as t on s.root_mention_id = t.mention_id
    )
    {% endfor %}
    select mention_id, root_mention_id from step_6
{%- endmacro %}

{#- Whether somebody holds a position for the interim: the flag of the source, or the title's own word. -#}
{% macro tells_interim(title, flag='null') -%}
    case when regexp_matches(lower({{ title }}), '\b(interim|acting)\b') then true else {{ flag }} end
{%- endmacro %}

{#- Whether a text says that a round prolongs an earlier one, or bridges to the next. -#}
{% macro tells_extension(text) -%}
    regexp_matches(lower({{ text }}), '(series [a-j]|seed|round)[^.]{0,25} (extension|extended|second close|top-up)|\bextend(s|ed|ing)? (its |the |their |a )?[^.]{0,25}(series [a-j]|seed|round)|\badd(s|ed)? [^.]{0,30} to (its|the|their) [^.]{0,25}(series [a-j]|seed) round|(extension|extended|second closing|top-up) (of|to) (its|the|their) [^.]{0,25}(series [a-j]|seed|round)|series [a-j]-?[23]\b')
{%- endmacro %}
{% macro tells_bridge(text) -%}
    regexp_matches(lower({{ text }}), '\bbridge (round|financing|loan|funding|capital|notes?)')
{%- endmacro %}
