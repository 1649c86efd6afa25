-- Each rate with the days it stands for: from its own to the next one's; the oldest also for all before.
with rates as (
    select
        currency,
        usd_rate,
        cast(rate_on as date) as rate_on,
        row_number() over (partition by currency order by rate_on) as place,
        lead(cast(rate_on as date)) over (partition by currency order by rate_on) as next_on
    from {{ ref('exchange_rates') }}
)

select
    currency,
    usd_rate,
    rate_on,
    case when place = 1 then date '1900-01-01' else rate_on end as from_day,
    coalesce(next_on, date '9999-12-31') as until_day,
    next_on is null as is_newest
from rates
