select * exclude (is_periodic, latest_knowable_from)
from {{ ref('int_company_features') }}
where is_periodic
