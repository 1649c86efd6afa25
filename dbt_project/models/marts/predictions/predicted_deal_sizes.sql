select
    company_id,
    as_of,
    model_name,
    model_version,
    amount_p10,
    amount_p50,
    amount_p90,
    currency,
    explanation
from {{ source('model_output', 'deal_sizes') }}
where as_of <= {{ as_of() }}
