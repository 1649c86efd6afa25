select comparison, level, m, u, learned_on
from {{ source('identity', 'person_link_weights') }}
where learned_on <= {{ as_of() }}
