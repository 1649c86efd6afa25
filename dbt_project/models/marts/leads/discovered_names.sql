-- Companies that sources name and no list, account or filer register holds. Nothing is known of their fit
-- but what their signals say: a signal counts that the profile wants, and a country that the profile does
-- not want leaves the company out.
with mentions as (
    select
        mentions.*,
        mentions.company_name_key as name_key
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
    cross join {{ ref('discovery_rules') }} as rules
    where companies.unresolved_reason = 'unknown_company'
        and mentions.company_name_key is not null
        and mentions.polarity = 'positive'
        and not coalesce(mentions.is_other_side, false)
        and mentions.detected_at < {{ as_of_end() }}
        and (mentions.ended_at is null or mentions.ended_at >= {{ as_of_end() }})
        and mentions.occurred_on > {{ as_of() }} - cast(rules.signal_window_days as integer)
        and mentions.occurred_on <= {{ as_of() }}
),

terms as (
    select
        organisation_id,
        icp_profile_id,
        term_type,
        case when term_type = 'funding_stage' then replace(replace(term, ' ', '_'), '-', '_') else term end as term
    from {{ ref('int_icp_terms') }}
),

wishes as (
    select
        profiles.organisation_id,
        profiles.icp_profile_id,
        profiles.wants_recent_funding,
        profiles.wants_actively_hiring,
        profiles.wants_tech_stack_change,
        profiles.wants_leadership_change,
        coalesce(bool_or(terms.term_type = 'funding_stage'), false) as has_stages,
        coalesce(bool_or(terms.term_type = 'geography'), false) as has_geographies
    from {{ ref('stg_reference__icp_profiles') }} as profiles
    left join terms
        on profiles.organisation_id = terms.organisation_id
        and profiles.icp_profile_id = terms.icp_profile_id
    group by
        profiles.organisation_id, profiles.icp_profile_id, profiles.wants_recent_funding,
        profiles.wants_actively_hiring, profiles.wants_tech_stack_change, profiles.wants_leadership_change
),

wanted as (
    select distinct
        wishes.organisation_id,
        wishes.icp_profile_id,
        mentions.mention_id
    from mentions
    cross join wishes
    left join terms
        on wishes.organisation_id = terms.organisation_id
        and wishes.icp_profile_id = terms.icp_profile_id
        and (
            (terms.term_type = 'funding_stage' and mentions.round_type = terms.term)
            or (terms.term_type in ('must_have', 'nice_to_have') and lower(mentions.technology) = terms.term)
        )
    left join {{ ref('int_icp_roles') }} as roles
        on wishes.organisation_id = roles.organisation_id
        and wishes.icp_profile_id = roles.icp_profile_id
        and mentions.job_title = roles.title
        and mentions.stated_department is not distinct from roles.stated_department
    where (
        mentions.signal_type = 'funding_round' and wishes.wants_recent_funding
        and (coalesce(mentions.round_type, 'series_unknown') = 'series_unknown' or not wishes.has_stages or terms.term_type = 'funding_stage')
    ) or (
        mentions.signal_type = 'job_posting' and wishes.wants_actively_hiring and roles.title is not null
    ) or (
        mentions.signal_type = 'technology_adoption' and wishes.wants_tech_stack_change
        and terms.term_type in ('must_have', 'nice_to_have')
    ) or (
        mentions.signal_type = 'executive_change' and wishes.wants_leadership_change
        and mentions.level in ('c_suite', 'vp', 'director')
    )
),

-- The country that is told of a company, by its standard name; a country that is not told excludes nobody.
placed as (
    select mentions.name_key, lower(coalesce(countries.country, mentions.country)) as country
    from mentions
    left join {{ ref('countries') }} as countries on lower(trim(mentions.country)) = countries.alias
    where mentions.country is not null
),

misplaced as (
    select wishes.organisation_id, wishes.icp_profile_id, placed.name_key
    from placed
    inner join wishes on wishes.has_geographies
    left join terms
        on wishes.organisation_id = terms.organisation_id
        and wishes.icp_profile_id = terms.icp_profile_id
        and terms.term_type = 'geography'
        and placed.country = terms.term
    group by wishes.organisation_id, wishes.icp_profile_id, placed.name_key
    having count(terms.term) = 0
)

select
    wanted.organisation_id,
    wanted.icp_profile_id,
    mentions.name_key,
    {{ as_of() }} as as_of,
    min(mentions.company_name) as company_name,
    max(mentions.company_domain) as company_domain,
    count(*) as mentions,
    count(distinct mentions.signal_type) as signal_types,
    count(distinct mentions.source) as sources,
    string_agg(
        mentions.title || ', ' || strftime(mentions.occurred_on, '%Y-%m-%d') || ' [' || mentions.source || ']', '; '
        order by mentions.occurred_on desc, mentions.source, mentions.mention_id
    ) as shows,
    arg_max(mentions.source_url, (mentions.occurred_on, mentions.mention_id)) as source_url,
    max(mentions.occurred_on) as last_signal_on
from wanted
inner join mentions on wanted.mention_id = mentions.mention_id
left join misplaced
    on wanted.organisation_id = misplaced.organisation_id
    and wanted.icp_profile_id = misplaced.icp_profile_id
    and mentions.name_key = misplaced.name_key
where misplaced.name_key is null
group by wanted.organisation_id, wanted.icp_profile_id, mentions.name_key
