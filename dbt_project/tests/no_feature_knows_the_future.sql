-- A feature of a day rests only on what could be known before the day began.
select company_id, as_of, latest_knowable_from
from {{ ref('int_company_features') }}
where latest_knowable_from >= as_of
