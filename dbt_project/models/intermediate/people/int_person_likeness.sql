{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed_blocks() }}"
) }}

-- Pairs of a block as Splink weighs them: the bits of each comparison's level are added to the odds that two
-- of a surname at a company are one. Only blocks that are new or have changed are compared; the others
-- keep their pairs.
{% set comparisons = var('person_comparisons') %}
{% set compared = ['first_name', 'given_names', 'title', 'level', 'department', 'email', 'profile'] %}
with fresh as (
    select blocks.*
    from {{ ref('int_person_blocks') }} as blocks
    {% if is_incremental() %}
    left join (select distinct block_id from {{ this }}) as known on blocks.block_id = known.block_id
    where known.block_id is null
    {% endif %}
),

profiles as (
    select fresh.block_id, fresh.signature, fresh.company_people, fresh.surname, profiles.* exclude (surname)
    from {{ ref('int_person_profiles') }} as profiles
    inner join fresh on profiles.company_id = fresh.company_id and profiles.surname = fresh.surname
),

sides as (
    select
        one.block_id, one.signature, one.surname, one.company_people, one.group_id as left_group_id, other.group_id as right_group_id
        {%- for column in compared %}, one.{{ column }} as {{ column }}_l, other.{{ column }} as {{ column }}_r{% endfor %}
    from profiles as one
    inner join profiles as other on one.block_id = other.block_id and one.group_id < other.group_id
),

graded as (
    select
        block_id, signature, surname, company_people, left_group_id, right_group_id, first_name_l
        {%- for comparison, levels in comparisons.items() %},
        case
            {%- for level, condition in levels.items() %}
            when {{ condition }} then {{ 'null' if level == 'untold' else "'" ~ level ~ "'" }}
            {%- endfor %}
        end as {{ comparison }}
        {%- endfor %}
    from sides
),

unseen as (
    select name_type, share from {{ ref('int_person_name_shares') }} where name = ''
),

weighed as (
    select
        graded.*,
        {% for comparison in comparisons %}
        {{ comparison }}_weights.reason as {{ comparison }}_reason,
        {% if comparison != 'first_name' -%}
        {{ comparison }}_weights.bits as {{ comparison }}_bits,
        {%- endif %}
        {% endfor %}
        -- The rarer the name that both bear, the more it tells.
        log2(first_name_weights.m / case
            when graded.first_name = 'same' then coalesce(shares.share, unseen.share, first_name_weights.u)
            else first_name_weights.u
        end) as first_name_bits
    from graded
    {% for comparison in comparisons %}
    left join {{ ref('int_person_weights') }} as {{ comparison }}_weights
        on {{ comparison }}_weights.comparison = '{{ comparison }}' and graded.{{ comparison }} = {{ comparison }}_weights.level
    {% endfor %}
    left join {{ ref('int_person_name_shares') }} as shares
        on shares.name_type = 'first_name' and graded.first_name_l = shares.name
    left join unseen on unseen.name_type = 'first_name'
),

-- Of all that is told of two each comparison counts once: what is most alike, but what speaks against it.
best as (
    select
        block_id, signature, surname, company_people, left_group_id, right_group_id
        {%- for comparison in comparisons %}
        {%- set order = 'asc' if comparison in ['email', 'linkedin'] else 'desc' %},
        {{ 'min' if order == 'asc' else 'max' }}({{ comparison }}_bits) as {{ comparison }}_bits,
        first({{ comparison }}_reason order by {{ comparison }}_bits {{ order }}, {{ comparison }}_reason)
            filter (where {{ comparison }}_bits is not null) as {{ comparison }}_reason
        {%- endfor %}
    from weighed
    group by block_id, signature, surname, company_people, left_group_id, right_group_id
),

expected as (
    select
        best.*,
        best.company_people * coalesce(shares.share, unseen.share, surname_weights.u) as namesakes,
        partners.bits as partner_bits,
        partners.reason as partner_reason
    from best
    left join {{ ref('int_person_name_shares') }} as shares
        on shares.name_type = 'surname' and best.surname = shares.name
    left join unseen on unseen.name_type = 'surname'
    cross join (select bits, reason from {{ ref('int_person_weights') }} where comparison = 'partners') as partners
    cross join (select u from {{ ref('int_person_weights') }} where comparison = 'surname' and level = 'same') as surname_weights
),

summed as (
    select
        *,
        partner_bits - log2(namesakes) as block_bits,
        partner_bits - log2(namesakes){% for comparison in comparisons %} + coalesce({{ comparison }}_bits, 0){% endfor %} as bits
    from expected
)

select
    block_id,
    signature,
    left_group_id,
    right_group_id,
    round(bits, 4) as bits,
    concat_ws('; ',
        partner_reason || ', ' || round(namesakes, 2) || ' expected by chance' || {{ bits_text('block_bits') }}
        {%- for comparison in comparisons %},
        {{ comparison }}_reason || {{ bits_text(comparison ~ '_bits') }}
        {%- endfor %}
    ) as reasons
from summed
where bits > -4
union all
-- A block is compared also where nobody in it is alike.
select block_id, signature, null, null, null, null
from fresh
