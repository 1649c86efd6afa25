select name_type, name, share, learned_on
from {{ source('identity', 'person_name_shares') }}
where learned_on <= {{ as_of() }}
