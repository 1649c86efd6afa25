-- What is known of organisations that only sources name, and the points of fit that it wins under each profile:
-- providers that were asked about them (`discoveries --ask`), else countries and technologies that
-- sources tell. The rules are those of listed companies. One row per profile and candidate of
-- which anything is known, and rule that awards points; a row without points where none does.
with candidates as (
    select distinct candidate_key, listed_company_id from {{ ref('int_candidate_mentions') }}
),

told as (
    select
        candidates.candidate_key as company_id, fields.field, fields.value, fields.source, fields.operation,
        fields.source_url, fields.value_confidence as confidence, fields.fetched_at, fields.known_from,
        'asked' as origin, 1 as authority
    from {{ ref('stg_enrichment__enriched_fields') }} as fields
    inner join candidates on fields.company_id = candidates.listed_company_id
    where fields.entity_type = 'company' and fields.is_winner and fields.is_confident
        and {{ holds_on_day('fields', since='known_from') }}
    union all
    -- The place of an opening is not that of the company.
    select
        candidate_key, 'country', country, source, 'mention', source_url, coalesce(reader_confidence, 0.5),
        detected_at, detected_at, 'mention', 2
    from {{ ref('int_candidate_mentions') }}
    where country is not null and signal_type <> 'expansion' and not coalesce(is_other_side, false)
),

told_fields as (
    select
        *,
        'company' as entity_type,
        true as is_usable,
        true as is_confident,
        row_number() over (
            partition by company_id, field order by authority, confidence desc, fetched_at desc, source, value
        ) as choice
    from told
),

in_use as (
    select * from told_fields where choice = 1
),

lists as (
    {{ listed_technologies('in_use') }}
),

used_technologies as (
    select company_id, technology, cast(null as timestamp) as known_to from lists
    union
    select candidate_key, technology, cast(null as timestamp)
    from {{ ref('int_candidate_mentions') }}
    where signal_type = 'technology_adoption' and technology is not null and not coalesce(is_other_side, false)
),

stated as (
    select
        company_id,
        {% for field in ['industry', 'employee_range', 'country'] %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        {% endfor %}
        max({{ try_to('value', 'bigint') }}) filter (where field = 'employee_count') as employee_count
    from in_use
    group by company_id
),

known_of as (
    select company_id from stated
    union
    select company_id from used_technologies
),

known_companies as (
    select
        known_of.company_id,
        stated.industry,
        stated.employee_count,
        stated.employee_range,
        coalesce(countries.country, stated.country) as country,
        countries.country_code,
        industries.industry as industry_name,
        industries.naics_code as industry_code
    from known_of
    left join stated on known_of.company_id = stated.company_id
    left join {{ ref('industries') }} as industries on {{ folded('trim(stated.industry)') }} = industries.alias
    left join {{ ref('countries') }} as countries on lower(stated.country) = countries.alias
),

matches as (
    {{ icp_matches('known_companies', 'told_fields', 'used_technologies') }}
),

met as (
    {{ fit_evidence('matches') }}
),

awarded as (
    select met.*, rules.max_points as points, rules.label
    from met
    inner join {{ ref('int_score_rules') }} as rules
        on met.organisation_id = rules.organisation_id
        and met.icp_profile_id = rules.icp_profile_id
        and met.rule_id = rules.rule_id
        and rules.component = 'fit'
),

tools as (
    select company_id, count(*) as technologies from used_technologies group by company_id
)

select
    matches.organisation_id,
    matches.icp_profile_id,
    matches.company_id as candidate_key,
    awarded.rule_id,
    awarded.label,
    coalesce(awarded.points, 0) as points,
    awarded.evidence,
    concat_ws(', ',
        case when matches.industry is not null then 'industry' end,
        case when matches.employees is not null then 'size' end,
        case when matches.country is not null then 'country' end,
        case when tools.technologies > 0 then 'technologies' end
    ) as known
from matches
left join tools on matches.company_id = tools.company_id
left join awarded
    on matches.organisation_id = awarded.organisation_id
    and matches.icp_profile_id = awarded.icp_profile_id
    and matches.company_id = awarded.company_id
