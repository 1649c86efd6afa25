select person_id, alias_type, alias, source, first_seen_at
from {{ ref('int_person_aliases') }}
