select
    signal_id,
    as_of,
    model_name,
    model_version,
    relevance_probability,
    relevance_score
from {{ source('model_output', 'relevance') }}
where as_of <= {{ as_of() }}
