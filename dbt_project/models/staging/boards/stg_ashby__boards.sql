select
    {{ provenance() }},
    record_id as board_token,
    payload
from {{ admitted(source('lake', 'ashby__boards')) }} as records
