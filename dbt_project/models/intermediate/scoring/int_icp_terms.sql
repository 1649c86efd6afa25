-- The words of every profile, folded for comparison, one row per profile, kind and word.
{% set kinds = {
    'industry': '$.industries',
    'funding_stage': '$.funding_stages',
    'geography': '$.geographies',
    'must_have': '$.tech_stack.must_have',
    'nice_to_have': '$.tech_stack.nice_to_have',
    'avoid': '$.tech_stack.avoid',
    'competitor': '$.competitors',
    'title': '$.decision_makers.titles',
    'department': '$.decision_makers.departments',
} %}
with terms as (
    {% for kind, path in kinds.items() %}
    select
        organisation_id,
        icp_profile_id,
        is_default,
        '{{ kind }}' as term_type,
        unnest({{ json_list('config', path) }}) as stated_term
    from {{ ref('stg_reference__icp_profiles') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select distinct
    terms.organisation_id,
    terms.icp_profile_id,
    terms.is_default,
    terms.term_type,
    case
        when terms.term_type = 'geography' and countries.country is not null then lower(countries.country)
        else {{ folded('trim(terms.stated_term)') }}
    end as term
from terms
left join {{ ref('countries') }} as countries
    on terms.term_type = 'geography' and lower(trim(terms.stated_term)) = countries.alias
