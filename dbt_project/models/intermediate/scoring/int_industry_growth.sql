-- Whether more companies of an industry grow than in the window before: one row per industry, by its one
-- name where the seed industries has it (SaaS and Software are one industry).
-- Only what has come about and still held counts. Plans would tilt the comparison: an opening in a new
-- city is seen from the second reading of a board on, so a young deployment knows them of today only.
with parameters as (
    select * from {{ ref('industry_growth') }}
),

activity as (
    select
        coalesce(companies.industry_name, companies.industry) as industry,
        count(distinct signals.company_id) filter (
            where signals.occurred_on > {{ as_of() }} - parameters.window_days
        ) as companies_now,
        count(distinct signals.company_id) filter (
            where signals.occurred_on <= {{ as_of() }} - parameters.window_days
        ) as companies_before
    from {{ ref('int_signals') }} as signals
    inner join {{ ref('int_companies') }} as companies on signals.company_id = companies.company_id
    cross join parameters
    where signals.signal_type in ('funding_round', 'expansion')
        and signals.polarity = 'positive'
        and signals.status = 'done'
        and {{ holds_on_day('signals') }}
        and companies.industry is not null
        and signals.occurred_on > {{ as_of() }} - 2 * parameters.window_days
        and signals.occurred_on <= {{ as_of() }}
    group by coalesce(companies.industry_name, companies.industry)
)

select
    activity.industry,
    activity.companies_now,
    activity.companies_before,
    activity.companies_now >= parameters.minimum_companies
        and activity.companies_now >= parameters.minimum_growth * activity.companies_before as is_growing,
    parameters.window_days
from activity
cross join parameters
