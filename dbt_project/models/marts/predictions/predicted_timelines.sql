select
    company_id,
    as_of,
    model_name,
    model_version,
    probability_30d,
    probability_90d,
    probability_180d,
    probability_365d,
    expected_days,
    lower_days,
    upper_days,
    explanation
from {{ source('model_output', 'timelines') }}
where as_of <= {{ as_of() }}
