select
    source,
    period,
    budget,
    charged,
    in_doubt,
    credits_left,
    answered,
    unanswered
from {{ source('enrichment', 'credits') }}
