-- Competitors' products whose contract would renew soon: one row per profile, company and product.
-- A contract is taken to begin on the day the product is first seen in use after it was not, because
-- the first scan of a site tells no beginning.
with competitors as (
    select profiles.organisation_id, profiles.icp_profile_id, profiles.renewal_term_months, profiles.renewal_window_days, terms.term
    from {{ ref('stg_reference__icp_profiles') }} as profiles
    inner join {{ ref('int_icp_terms') }} as terms
        on profiles.organisation_id = terms.organisation_id
        and profiles.icp_profile_id = terms.icp_profile_id
        and terms.term_type = 'competitor'
),

begun as (
    select
        competitors.organisation_id,
        competitors.icp_profile_id,
        competitors.renewal_term_months,
        competitors.renewal_window_days,
        signals.company_id,
        signals.technology,
        signals.signal_id,
        signals.source_url,
        signals.occurred_on as in_use_since,
        row_number() over (
            partition by competitors.organisation_id, competitors.icp_profile_id, signals.company_id, signals.technology
            order by signals.occurred_on desc, signals.signal_id
        ) as newest
    from {{ ref('int_signals') }} as signals
    inner join competitors on lower(signals.technology) = competitors.term
    inner join {{ ref('int_company_technologies') }} as used
        on signals.company_id = used.company_id
        and signals.technology = used.technology
        and used.known_to is null
    where signals.signal_type = 'technology_adoption'
        and signals.polarity = 'positive'
        and signals.signal_subtype is distinct from 'upgraded'
        and {{ holds_on_day('signals') }}
),

-- Terms begun by the month the day lies in; the renewal at the last of them may still be ahead.
counted as (
    select
        *,
        cast(floor({{ dbt.datediff('in_use_since', as_of(), 'month') }} / renewal_term_months) as bigint) as terms_begun
    from begun
    where newest = 1 and in_use_since <= {{ as_of() }}
),

candidates as (
    select
        *,
        cast({{ dbt.dateadd('month', 'terms_begun * renewal_term_months', 'in_use_since') }} as date) as renewed_on,
        cast({{ dbt.dateadd('month', '(terms_begun + 1) * renewal_term_months', 'in_use_since') }} as date) as renews_next_on
    from counted
),

terms as (
    select
        *,
        case when terms_begun > 0 and renewed_on >= {{ as_of() }} then renewed_on else renews_next_on end as renews_on
    from candidates
)

select
    organisation_id,
    icp_profile_id,
    company_id,
    technology,
    signal_id,
    source_url,
    in_use_since,
    renews_on,
    technology || ' in use since ' || {{ iso_day('in_use_since') }} || ': a contract of ' || renewal_term_months
        || ' months would renew on ' || {{ iso_day('renews_on') }} as evidence
from terms
where renews_on <= {{ as_of() }} + cast(renewal_window_days as integer)
