-- Organisations that sources name and no list, account or filer register holds, by the domain that is told
-- of them, else by name. Nothing is known of their fit but what their signals say: a signal counts that
-- the profile wants, and a country that the profile does not want leaves the organisation out.
with named as (
    select
        mentions.*,
        -- A domain that many share, or that is a known company's, says nothing of who is meant.
        case when shared.domain is null and known.key is null then mentions.company_domain end as own_domain,
        mentions.occurred_on > {{ as_of() }} - cast(rules.signal_window_days as integer) as is_recent
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
    cross join {{ ref('discovery_rules') }} as rules
    left join {{ ref('shared_domains') }} as shared on mentions.company_domain = shared.domain
    left join (select distinct key from {{ ref('int_company_lookup') }} where key_type = 'domain') as known
        on mentions.company_domain = known.key
    where mentions.polarity = 'positive'
        and not coalesce(mentions.is_other_side, false)
        and {{ holds_on_day('mentions', until='ended_at') }}
        and mentions.occurred_on > {{ as_of() }} - cast(rules.candidate_window_days as integer)
        and mentions.occurred_on <= {{ as_of() }}
        -- The name of several known companies may be any of theirs, unless a domain tells it from them.
        and (
            companies.unresolved_reason = 'unknown_company'
            or companies.unresolved_reason in ('ambiguous_name', 'key_of_another_company')
            and shared.domain is null and known.key is null and mentions.company_domain is not null
        )
),

-- A name that has ever gone with one domain only is that organisation's also where no domain is told.
sole_domains as (
    select mentions.company_name_key, min(mentions.company_domain) as domain
    from {{ ref('int_signal_mentions') }} as mentions
    left join {{ ref('shared_domains') }} as shared on mentions.company_domain = shared.domain
    where mentions.company_domain is not null
        and mentions.company_name_key is not null
        and shared.domain is null
        and mentions.detected_at < {{ as_of_end() }}
    group by mentions.company_name_key
    having count(distinct mentions.company_domain) = 1
),

mentions as (
    select
        named.* exclude (own_domain),
        coalesce(named.own_domain, sole_domains.domain) as domain,
        coalesce(named.own_domain, sole_domains.domain, named.company_name_key) as candidate_key
    from named
    left join sole_domains on named.company_name_key = sole_domains.company_name_key
    where coalesce(named.own_domain, named.company_name_key) is not null
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
)

select
    organisation_id,
    icp_profile_id,
    candidate_key,
    min(company_name_key) as name_key,
    {{ as_of() }} as as_of,
    case
        when bool_or(reason is not null and is_recent) then 'wanted_now'
        when bool_or(reason is not null) then 'wanted_before'
        else 'other_signals'
    end as match,
    coalesce(min(company_name), max(domain)) as company_name,
    max(domain) as company_domain,
    count(*) as mentions,
    count(*) filter (where reason is not null) as wanted_mentions,
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
