-- Everything known of a company before the start of a day, one row per company and day.
--
-- Boards and sites tell only what is there on the day they are fetched. Postings that closed before
-- a board's first fetch were never seen, so counts of earlier days would be too low, and the more so
-- the longer ago: they are NULL (unknown) there, not small.
with points as (
    select * from {{ ref('int_feature_points') }}
),

boards as (
    select lookup.company_id, min(changes.fetched_at) as first_fetched_at
    from {{ ref('int_job_board_manifests') }} as changes
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'board' and changes.source || ':' || changes.board_token = lookup.key and lookup.company_count = 1
    where changes.snapshot_on <= {{ as_of() }}
    group by lookup.company_id
),

first_known as (
    select company_id, min(known_on) as known_on
    from (
        select company_id, min(cast(knowable_from as date)) as known_on from {{ ref('int_signals') }} group by company_id
        union all
        select company_id, least(cast(first_seen_at as date), account_created_on) from {{ ref('int_companies') }}
    ) as beginnings
    group by company_id
),

-- Attributes as they were when first fetched, or as they are for days after their last change; what
-- enrichment has told counts for days after it was told.
attributes as (
    select
        points.company_id,
        points.as_of,
        {%- for attribute in ['industry', 'country', 'employee_count'] %}
        case
            when points.as_of > coalesce(companies.{{ attribute }}_enriched_at, companies.last_changed_at) then companies.{{ attribute }}
            else companies.first_known_{{ attribute }}
        end as {{ attribute }},
        {%- endfor %}
        companies.is_target,
        companies.cik is not null as has_cik,
        case when companies.account_created_on < points.as_of then points.as_of - companies.account_created_on end as days_in_crm
    from points
    inner join {{ ref('int_companies') }} as companies on points.company_id = companies.company_id
),

profile as (
    select company_size_min, company_size_max from {{ ref('stg_reference__icp_profiles') }}
    where is_default
    order by organisation_id
    limit 1
),

terms as (
    select distinct term_type, term from {{ ref('int_icp_terms') }} where is_default
),

-- Industries that meet the profile, by name or code; each once, however many wishes it meets.
wanted_industries as (
    select distinct stated.industry
    from (select distinct industry from attributes where industry is not null) as stated
    left join {{ ref('industries') }} as industries on {{ folded('trim(stated.industry)') }} = industries.alias
    inner join terms
        on terms.term_type = 'industry'
        and (terms.term in ({{ folded('trim(stated.industry)') }}, {{ folded('industries.industry') }})
            or (terms.term like 'naics:_%' and starts_with(industries.naics_code, substr(terms.term, 7))))
),

rules as (
    select
        max(max_points) filter (where rule_id = 'industry_match') as industry_points,
        max(max_points) filter (where rule_id = 'size_match') as size_points,
        max(max_points) filter (where rule_id = 'geography_match') as geography_points,
        max(max_points) filter (where rule_id = 'technology_match') as technology_points,
        max(max_points) filter (where rule_id = 'complementary_tools') as tools_points
    from {{ ref('lead_score_rules') }}
)

select
    points.company_id,
    points.as_of,
    points.is_periodic,
    points.is_current,
    {% for type in feature_signal_types() %}
    {% for days in feature_windows() %}
    {% if type == 'job_posting' %}
    cast(case when boards.first_fetched_at < points.as_of then coalesce(signals.{{ type }}_{{ days }}d, 0) end as double) as num_{{ type }}_{{ days }}d,
    {% else %}
    cast(coalesce(signals.{{ type }}_{{ days }}d, 0) as double) as num_{{ type }}_{{ days }}d,
    {% endif %}
    {% endfor %}
    cast({% if type == 'job_posting' %}case when boards.first_fetched_at < points.as_of then signals.days_since_{{ type }} end{% else %}signals.days_since_{{ type }}{% endif %} as double) as num_days_since_{{ type }},
    {% endfor %}
    {% for days in feature_windows() %}
    cast(coalesce(signals.events_{{ days }}d, 0) as double) as num_events_{{ days }}d,
    cast(coalesce(signals.signal_types_{{ days }}d, 0) as double) as num_signal_types_{{ days }}d,
    {% endfor %}
    cast(signals.days_since_any as double) as num_days_since_any,
    cast(coalesce(signals.negative_180d, 0) as double) as num_negative_180d,
    cast(coalesce(signals.planned_180d, 0) as double) as num_planned_180d,
    cast(coalesce(signals.c_suite_changes_180d, 0) as double) as num_c_suite_changes_180d,
    cast(coalesce(signals.funding_usd_365d, 0) as double) as num_funding_usd_365d,
    {% for name in ['open_jobs', 'open_relevant_jobs', 'relevant_postings_90d'] %}
    cast(case when boards.first_fetched_at < points.as_of then coalesce(signals.{{ name }}, 0) end as double) as num_{{ name }},
    {% endfor %}
    cast(case when boards.first_fetched_at < points.as_of and signals.job_posting_90d > 0 then 3.0 * signals.job_posting_30d / signals.job_posting_90d end as double) as num_hiring_velocity,
    cast(coalesce(signals.relevant_technology_180d, 0) as double) as num_relevant_technology_180d,
    cast(technologies.technologies as double) as num_technologies,
    cast(technologies.must_have_technologies as double) as num_must_have_technologies,
    cast(technologies.nice_to_have_technologies as double) as num_nice_to_have_technologies,
    cast(attributes.employee_count as double) as num_employee_count,
    cast(deals.contacts as double) as num_contacts,
    cast(deals.senior_contacts as double) as num_senior_contacts,
    cast(deals.prior_opportunities as double) as num_prior_opportunities,
    cast(deals.prior_wins as double) as num_prior_wins,
    cast(deals.prior_losses as double) as num_prior_losses,
    cast(deals.open_opportunities as double) as num_open_opportunities,
    cast(deals.days_since_opportunity as double) as num_days_since_opportunity,
    cast(deals.open_opportunity_age as double) as num_open_opportunity_age_days,
    cast(deals.mean_won_usd as double) as num_mean_won_usd,
    cast(attributes.days_in_crm as double) as num_days_in_crm,
    cast(greatest(0, points.as_of - first_known.known_on) / 30.4375 as double) as num_months_known,
    cast(
        case when wanted_industries.industry is not null then rules.industry_points else 0 end
        + case when geographies.term is not null then rules.geography_points else 0 end
        + case when attributes.employee_count between coalesce(profile.company_size_min, 0) and coalesce(profile.company_size_max, 1000000000) then rules.size_points else 0 end
        + case when technologies.must_have_technologies > 0 then rules.technology_points else 0 end
        + case when technologies.nice_to_have_technologies > 0 then rules.tools_points else 0 end
    as double) as num_icp_fit_score,
    attributes.industry as cat_industry,
    attributes.country as cat_country,
    case when attributes.is_target then 'target' else 'found' end as cat_origin,
    case when attributes.has_cik then 'filer' else 'private' end as cat_filer,
    signals.latest_knowable_from
from points
inner join attributes on points.company_id = attributes.company_id and points.as_of = attributes.as_of
inner join {{ ref('int_feature_deals') }} as deals on points.company_id = deals.company_id and points.as_of = deals.as_of
inner join first_known on points.company_id = first_known.company_id
left join boards on points.company_id = boards.company_id
left join {{ ref('int_feature_signals') }} as signals on points.company_id = signals.company_id and points.as_of = signals.as_of
left join {{ ref('int_feature_technologies') }} as technologies on points.company_id = technologies.company_id and points.as_of = technologies.as_of
left join profile on true
left join wanted_industries on attributes.industry = wanted_industries.industry
left join {{ ref('countries') }} as countries on lower(attributes.country) = countries.alias
left join terms as geographies on geographies.term_type = 'geography' and countries.country_code = geographies.term
cross join rules
