-- Organisations that sources name and no list, account or filer register holds. Their signals are held against
-- what a profile wants, a country that it does not want leaves the organisation out, and what is known of
-- it wins the points that a listed company would have.
with mentions as (
    select * from {{ ref('int_candidate_mentions') }}
),

rules as (
    select minimum_fit_score from {{ ref('discovery_rules') }}
),

-- What is known of a candidate wins the points of the same rules as a listed company.
fits as (
    select
        organisation_id,
        icp_profile_id,
        candidate_key,
        sum(points) as fit_score,
        string_agg(label || ': ' || evidence || ' (+' || cast(round(points) as integer) || ')', '; ' order by points desc, rule_id)
            filter (where points > 0) as fit_points,
        max(known) as known
    from {{ ref('int_candidate_points') }}
    group by organisation_id, icp_profile_id, candidate_key
),

terms as (
    select
        organisation_id,
        icp_profile_id,
        term_type,
        term
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
    select
        wishes.organisation_id,
        wishes.icp_profile_id,
        mentions.mention_id,
        min(case mentions.signal_type
            when 'funding_round' then
                'recent funding wanted' || case when terms.term is not null then ': ' || replace(terms.term, '_', ' ') else '' end
            when 'job_posting' then 'hires for a wanted role: ' || mentions.job_title
            when 'technology_adoption' then 'uses a wanted tool: ' || mentions.technology
            else 'a change of leaders wanted: ' || coalesce(mentions.job_title, replace(mentions.level, '_', ' '))
        end) as reason
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
    group by wishes.organisation_id, wishes.icp_profile_id, mentions.mention_id
),

-- The country that is told of an organisation; one that is not told, or not known, excludes nobody.
placed as (
    select mentions.candidate_key, countries.country, countries.country_code
    from mentions
    inner join {{ ref('countries') }} as countries on lower(trim(mentions.country)) = countries.alias
),

located as (
    select
        wishes.organisation_id,
        wishes.icp_profile_id,
        placed.candidate_key,
        min(case when terms.term is not null then placed.country end) as wanted_country
    from placed
    inner join wishes on wishes.has_geographies
    left join terms
        on wishes.organisation_id = terms.organisation_id
        and wishes.icp_profile_id = terms.icp_profile_id
        and terms.term_type = 'geography'
        and placed.country_code = terms.term
    group by wishes.organisation_id, wishes.icp_profile_id, placed.candidate_key
),

judged as (
    select
        wishes.organisation_id,
        wishes.icp_profile_id,
        mentions.*,
        wanted.reason,
        located.wanted_country
    from mentions
    cross join wishes
    left join wanted
        on wishes.organisation_id = wanted.organisation_id
        and wishes.icp_profile_id = wanted.icp_profile_id
        and mentions.mention_id = wanted.mention_id
    left join located
        on wishes.organisation_id = located.organisation_id
        and wishes.icp_profile_id = located.icp_profile_id
        and mentions.candidate_key = located.candidate_key
    where located.candidate_key is null or located.wanted_country is not null
),

candidates as (
    select
        organisation_id,
        icp_profile_id,
        candidate_key,
        min(company_name_key) as name_key,
        {{ as_of() }} as as_of,
        case
            when bool_or(reason is not null and is_recent) then 'wanted_now'
            when bool_or(reason is not null) then 'wanted_before'
            when bool_and(coalesce(is_other_side, false)) then 'other_side'
            else 'other_signals'
        end as match,
        coalesce(min(company_name), max(domain)) as company_name,
        max(domain) as company_domain,
        count(*) as mentions,
        count(*) filter (where reason is not null) as wanted_mentions,
        count(*) filter (where is_other_side) as other_side_mentions,
        count(distinct signal_type) as signal_types,
        count(distinct source) as sources,
        concat_ws(
            '; ', nullif(string_agg(distinct reason, '; ' order by reason), ''),
            'in ' || max(wanted_country) || ', a wanted country'
        ) as fits,
        string_agg(
            title || ', ' || {{ iso_day('occurred_on') }} || ' [' || source || ']', '; '
            order by reason is null, occurred_on desc, source, mention_id
        ) as shows,
        first(evidence order by reason is null, occurred_on desc, mention_id desc) as evidence,
        first(source_url order by reason is null, occurred_on desc, mention_id desc) as source_url,
        cast(min(detected_at) as date) as first_seen_on,
        cast(min(detected_at) as date) = {{ as_of() }} as is_new,
        max(occurred_on) as last_signal_on
    from judged
    group by organisation_id, icp_profile_id, candidate_key
)

select
    candidates.*,
    fits.known,
    cast(fits.fit_score as decimal(9, 4)) as fit_score,
    fits.fit_points,
    fits.fit_score >= rules.minimum_fit_score as is_fit
from candidates
cross join rules
left join fits
    on candidates.organisation_id = fits.organisation_id
    and candidates.icp_profile_id = fits.icp_profile_id
    and candidates.candidate_key = fits.candidate_key
