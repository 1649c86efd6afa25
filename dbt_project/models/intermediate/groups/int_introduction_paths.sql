-- How somebody at a company could introduce us: the strongest path of each person who has one.
with people as (
    select * from {{ ref('int_account_people') }} where is_current
),

customers as (
    select companies.company_id, companies.name, max(deals.closed_on) as won_on
    from {{ ref('int_crm_opportunities') }} as deals
    inner join {{ ref('int_companies') }} as companies on deals.company_id = companies.company_id
    where deals.is_won and deals.reject_reason is null and deals.closed_on <= {{ as_of() }}
    group by companies.company_id, companies.name
),

connections as (
    select
        person_id,
        company_id,
        'connection' as path_type,
        0.9 as strength,
        'accepted our connection on ' || {{ iso_day('connected_at') }} as path
    from {{ ref('int_person_behaviour') }}
    where connected_at is not null
),

careers as (
    select person_id, company_id from {{ ref('int_employments') }} group by person_id, company_id
),

-- Who worked at a customer of ours.
employers as (
    select
        people.person_id,
        people.company_id,
        'employer' as path_type,
        0.6 as strength,
        'worked at ' || customers.name || ', our customer since ' || {{ iso_day('customers.won_on') }} as path
    from people
    inner join careers on people.person_id = careers.person_id and people.company_id <> careers.company_id
    inner join customers on careers.company_id = customers.company_id
),

-- Who worked where somebody worked who deals with us, wherever either is today.
colleagues as (
    select
        people.person_id,
        people.company_id,
        'colleague' as path_type,
        0.5 as strength,
        'worked at ' || companies.name || ' like ' || known.full_name || ', who deals with us' as path
    from people
    inner join careers on people.person_id = careers.person_id
    inner join careers as theirs on careers.company_id = theirs.company_id and careers.person_id <> theirs.person_id
    inner join {{ ref('int_person_behaviour') }} as behaviour on theirs.person_id = behaviour.person_id and behaviour.interactions > 0
    inner join people as known on behaviour.person_id = known.person_id and behaviour.company_id = known.company_id
    inner join {{ ref('int_companies') }} as companies on careers.company_id = companies.company_id
    -- Colleagues of today are of the same group and need no introduction.
    where known.company_id <> people.company_id
),

backers as (
    select distinct company_id, unnest({{ json_list('investors', '$') }}) as investor
    from {{ ref('int_signals') }}
    where signal_type = 'funding_round' and investors is not null
),

-- Of several customers of one investor the latest won; of a company's investors the first by name.
backed_customers as (
    select
        backers.investor,
        max_by(customers.company_id, (customers.won_on, customers.company_id)) as company_id,
        max_by(customers.name, (customers.won_on, customers.company_id)) as name
    from backers
    inner join customers on backers.company_id = customers.company_id
    group by backers.investor
),

-- The investor knows who leads the company.
investors as (
    select
        people.person_id,
        people.company_id,
        'investor' as path_type,
        0.3 as strength,
        'shares the investor ' || backers.investor || ' with ' || backed_customers.name || ', our customer' as path
    from people
    inner join backers on people.company_id = backers.company_id
    inner join backed_customers
        on backers.investor = backed_customers.investor and backers.company_id <> backed_customers.company_id
    where people.level = 'c_suite' and people.department = 'executive'
),

paths as (
    select * from connections
    union all
    select * from employers
    union all
    select * from colleagues
    union all
    select * from investors
)

select
    person_id,
    company_id,
    first(path_type order by strength desc, path) as path_type,
    max(strength) as strength,
    first(path order by strength desc, path) as path
from paths
group by person_id, company_id
