select
    timelines.company_id,
    timelines.as_of,
    timelines.probability_180d * sizes.amount_p50 as expected_value_180d,
    sizes.currency,
    timelines.probability_180d,
    sizes.amount_p50,
    timelines.model_version as timeline_model_version,
    sizes.model_version as deal_size_model_version
from {{ ref('predicted_timelines') }} as timelines
inner join {{ ref('predicted_deal_sizes') }} as sizes
    on timelines.company_id = sizes.company_id and timelines.as_of = sizes.as_of
