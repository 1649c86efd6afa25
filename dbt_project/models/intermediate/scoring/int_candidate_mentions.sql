-- What sources tell of organisations that no list, account or filer register holds, by the domain that is
-- told of them, else by name; also of the other side of a takeover or partnership.
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
)

select *, {{ stable_id(["'company'", "'domain:' || domain"]) }} as listed_company_id
from mentions
