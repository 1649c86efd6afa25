"""What activation asks of the published warehouse, as SQL with named parameters (DuckDB).

Written against the tables' contracts; the columns are those that ``activation.evaluation`` and
``activation.briefing`` read. Running them is the caller's affair.
"""

from __future__ import annotations

#: Every lead as it stands, best first, with what the models expect. No parameter.
LEADS = """
with intervals as (
    select company_id, as_of, lower_days, upper_days
    from predictions.predicted_timelines
    qualify row_number() over (partition by company_id, as_of order by model_version desc) = 1
)

select
    leads.organisation_id,
    leads.icp_profile_id,
    leads.lead_rank,
    leads.company_id,
    leads.company_name,
    leads.domain,
    leads.industry,
    leads.country,
    leads.employee_count,
    leads.as_of,
    leads.lead_score,
    leads.intent_score,
    leads.fit_score,
    leads.accessibility_score,
    leads.tier,
    leads.buying_readiness,
    leads.buying_stage,
    leads.stage_reason,
    leads.expected_days,
    intervals.lower_days,
    intervals.upper_days,
    leads.probability_90d,
    leads.amount_p10,
    leads.amount_p50,
    leads.amount_p90,
    leads.currency,
    leads.expected_value_180d as expected_value,
    exists (
        select 1 from outcomes.deals
        where deals.company_id = leads.company_id and deals.is_won
    ) as is_customer,
    coalesce(discoveries.is_new, false) as is_discovered
from leads.leads as leads
left join intervals using (company_id, as_of)
left join leads.discoveries as discoveries
    using (organisation_id, icp_profile_id, company_id, as_of)
order by leads.lead_rank, leads.organisation_id, leads.icp_profile_id
"""

#: The newest score of every lead before day ``$as_of``.
PREVIOUS = """
select organisation_id, icp_profile_id, company_id, as_of, lead_score, tier
from leads.lead_score_history
where as_of < $as_of
qualify row_number() over (
    partition by organisation_id, icp_profile_id, company_id order by as_of desc
) = 1
"""

#: All scores of the companies in ``$company_ids``.
HISTORY = """
select organisation_id, icp_profile_id, company_id, as_of, lead_score, tier
from leads.lead_score_history
where list_contains($company_ids, company_id)
"""

#: Signals known today that happened since day ``$since``.
SIGNALS = """
with advice as (
    select
        signal_id,
        string_agg(advice, chr(10) order by rank) filter (where kind = 'action')
            as recommended_actions,
        string_agg(advice, chr(10) order by rank) filter (where kind = 'talking_point')
            as talking_points,
        min(engage_from) as engage_from,
        max(engage_to) as engage_to
    from signals.recommended_actions
    group by signal_id
)

select
    signal_id,
    company_id,
    signal_type,
    signal_subtype,
    title,
    signal_strength,
    relevance_score,
    urgency_score,
    impact_score,
    confidence_score,
    polarity,
    status,
    occurred_at,
    published_at,
    detected_at,
    known_to,
    source_count,
    independent_source_count,
    primary_source,
    source_url,
    evidence,
    signal_data,
    advice.recommended_actions,
    advice.talking_points,
    advice.engage_from,
    advice.engage_to
from signals.buying_signals
left join advice using (signal_id)
where known_to is null
    and coalesce(occurred_at, published_at, detected_at) >= cast($since as timestamp)
"""

#: Points of the current scores of the companies in ``$company_ids``.
POINTS = """
select
    organisation_id,
    icp_profile_id,
    company_id,
    component,
    rule_id,
    points,
    max_points,
    weight,
    weighted_points,
    evidence,
    signal_id,
    source_url,
    occurred_at
from leads.lead_score_points
where as_of = (select max(as_of) from leads.leads)
    and list_contains($company_ids, company_id)
order by company_id, weighted_points desc, rule_id
"""

#: Every model's state, as of the last training.
MODELS = """
select model_name, model_version, status, alias, reason, trained_at, train_rows, train_events
from predictions.model_versions
order by model_name
"""

#: Companies that ``$wanted`` (lower case) may mean: by id, domain or name, the exact ones first.
COMPANIES = """
select company_id, name, domain,
    case
        when lower(company_id) = $wanted or lower(domain) = $wanted or lower(name) = $wanted then 0
        when starts_with(lower(name), $wanted) then 1
        else 2
    end as distance
from core.companies
where lower(company_id) = $wanted or lower(domain) = $wanted or contains(lower(name), $wanted)
order by distance, name, company_id
limit 20
"""

#: Companies whose name, domain or other key is ``$said`` (lower case) or whose name is like
#: ``$wanted``, best first, down to likeness ``$least``. Names are compared in lower case, without
#: punctuation and the legal forms of pattern ``$forms`` at their end. Likeness is 1 for equal
#: names, else 1 less the share of letters to change (Damerau-Levenshtein).
ALIKE_COMPANIES = r"""
with keys as (
    select company_id, name as key, true as is_name from core.companies
    union
    select company_id, alias, alias_type = 'name' from core.company_aliases
    union
    select company_id, domain, false from core.companies where domain is not null
    union
    select company_id, split_part(domain, '.', 1), true from core.companies where domain is not null
),

spelled as (
    select
        company_id,
        lower(key) as said,
        is_name,
        replace(replace(lower(strip_accents(key)), '&', ' and '), '.', '') as spelling
    from keys
),

folded as (
    select
        company_id,
        said,
        is_name,
        trim(regexp_replace(
            trim(regexp_replace(spelling, '[^\w]+', ' ', 'g')), $forms, ''
        )) as words
    from spelled
),

measured as (
    select
        company_id,
        max(case
            when said = $said or is_name and words = $wanted then 1.0
            when is_name and starts_with(words, $wanted || ' ') then 0.9
            when is_name then
                1.0 - damerau_levenshtein(words, $wanted)
                / greatest(length(words), length($wanted), 1)
            else 0.0
        end) as likeness
    from folded
    group by company_id
)

select company_id, companies.name, companies.domain, round(measured.likeness, 4) as likeness
from measured
inner join core.companies as companies using (company_id)
where measured.likeness >= $least
order by measured.likeness desc, companies.name, company_id
limit 20
"""

#: People of company ``$company_id``, those who left among them.
PEOPLE_OF_COMPANY = """
select
    employments.person_id,
    people.full_name,
    employments.title,
    employments.is_current,
    employments.started_on,
    employments.ended_on,
    employments.source,
    employments.confidence,
    employments.evidence,
    employments.source_url
from core.employments as employments
inner join core.people as people using (person_id)
where employments.company_id = $company_id and employments.title is not null
qualify row_number() over (
    partition by employments.person_id
    order by employments.is_current desc, employments.started_on desc nulls last,
        employments.ended_on desc nulls last, employments.employment_id
) = 1
order by employments.person_id
"""

#: Buying groups of company ``$company_id`` under profile ``$icp_profile_id`` (NULL: the default).
GROUPS_OF_COMPANY = """
select groups.*
from buying_groups.buyer_groups as groups
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where groups.company_id = $company_id
    and case when $icp_profile_id is null then profiles.is_default
        else groups.icp_profile_id = $icp_profile_id end
order by groups.organisation_id, groups.icp_profile_id
"""

#: The best companies of a profile's market: ``$icp_profile_id`` (NULL: the default), narrowed to
#: ``$industries`` (names in lower case, ``naics:`` with a code), ``$countries`` (ISO codes) and
#: ``$market`` where these are not NULL.
OPTIMAL_BUYERS = """
select buyers.*
from buying_groups.optimal_buyers as buyers
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
inner join core.companies as companies using (company_id)
where case when $icp_profile_id is null then profiles.is_default
        else buyers.icp_profile_id = $icp_profile_id end
    and ($industries is null or exists (
        select 1
        from unnest(cast($industries as varchar[])) as wished(term)
        where wished.term in (lower(companies.industry), lower(companies.industry_name))
            or starts_with('naics:' || companies.industry_code, wished.term)
    ))
    and ($countries is null or list_contains(cast($countries as varchar[]), companies.country_code))
    and ($market is null or buyers.market = $market)
order by buyers.organisation_id, buyers.icp_profile_id, buyers.buyer_rank
"""

#: Members of group ``$buyer_group_id``, whom to turn to first, those who left at the end.
GROUP_MEMBERS = """
select *
from buying_groups.buyer_group_members
where buyer_group_id = $buyer_group_id
order by priority nulls last, full_name, person_id
"""

#: What group ``$buyer_group_id`` lacks, the gravest first.
GROUP_GAPS = """
select *
from buying_groups.buyer_group_gaps
where buyer_group_id = $buyer_group_id
order by array_position(['high', 'medium', 'low'], severity), gap_type, buying_role, reason
"""

#: Scores of company ``$company_id`` under profile ``$icp_profile_id`` (NULL: the default one),
#: newest day first.
SCORES = """
select history.*, profiles.name as profile_name
from leads.lead_score_history as history
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where history.company_id = $company_id
    and case when $icp_profile_id is null then profiles.is_default
        else history.icp_profile_id = $icp_profile_id end
order by history.as_of desc
"""

#: Discoveries of the newest day, those of today first, then the best.
DISCOVERIES = """
select
    discoveries.*,
    companies.name as company_name,
    companies.domain,
    profiles.name as profile_name
from leads.discoveries as discoveries
inner join core.companies as companies using (company_id)
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where discoveries.as_of = (select max(as_of) from leads.leads)
order by discoveries.is_new desc, discoveries.lead_score desc, companies.name, company_id,
    organisation_id, icp_profile_id
"""

#: Companies that sources name with wanted signals and no list holds, those told of most first.
DISCOVERED_NAMES = """
select candidate_key, company_name, company_domain, icp_profile_id, match, fits, mentions,
    wanted_mentions, sources, shows, evidence, source_url, first_seen_on, is_new, last_signal_on,
    known, fit_score, fit_points, is_fit
from leads.discovered_names
qualify row_number() over (
    partition by candidate_key
    order by match = 'wanted_now' desc, match = 'wanted_before' desc, match = 'other_side',
        fit_score desc nulls last, wanted_mentions desc, organisation_id, icp_profile_id
) = 1
order by match = 'wanted_now' desc, match = 'wanted_before' desc, match = 'other_side',
    fit_score desc nulls last, wanted_mentions desc, last_signal_on desc, candidate_key
"""

#: Points of one score: ``$organisation_id, $icp_profile_id, $company_id, $as_of``.
POINTS_OF_DAY = """
select component, rule_id, label, points, max_points, weight, weighted_points, evidence
from leads.lead_score_point_history
where organisation_id = $organisation_id and icp_profile_id = $icp_profile_id
    and company_id = $company_id and as_of = $as_of
order by weighted_points desc, rule_id
"""

#: What is missing in the newest score: ``$organisation_id, $icp_profile_id, $company_id``.
GAPS = """
select component, rule_id, label, missing_points, missing_weighted_points, reason, next_tier,
    points_to_next_tier, reaches_next_tier
from leads.lead_score_gaps
where organisation_id = $organisation_id and icp_profile_id = $icp_profile_id
    and company_id = $company_id
order by missing_weighted_points desc, rule_id
"""

#: Companies with a closed deal: whether any was won, and what was known before the first began.
DEAL_ACCOUNTS = """
with accounts as (
    select company_id, bool_or(is_won) as is_won, min(created_on) as began_on
    from outcomes.deals
    group by company_id
),

scanned as (
    select company_id, min(first_seen_on) as scanned_on
    from core.company_technologies
    group by company_id
),

tools as (
    select accounts.company_id, list(distinct used.technology) as technologies
    from accounts
    inner join core.company_technologies as used
        on accounts.company_id = used.company_id and used.first_seen_on <= accounts.began_on
    group by accounts.company_id
)

select
    accounts.company_id,
    accounts.is_won,
    coalesce(companies.industry_name, companies.industry) as industry,
    companies.country,
    companies.employee_count,
    -- Where nothing had been read by then, nothing is known of the tools.
    case when scanned.scanned_on <= accounts.began_on
        then coalesce(tools.technologies, []) end as technologies
from accounts
inner join core.companies as companies using (company_id)
left join scanned using (company_id)
left join tools using (company_id)
order by accounts.company_id
"""
