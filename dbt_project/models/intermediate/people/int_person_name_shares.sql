-- How many of a hundred people bear a name, as counted when weights were learned. The row without a name
-- stands for all that were never met.
select name_type, name, share
from {{ ref('stg_identity__person_name_shares') }}
qualify dense_rank() over (order by learned_on desc) = 1
