select
    {{ provenance() }},
    record_id as board_token,
    payload
from {{ admitted(source('lake', 'greenhouse__boards')) }} as records
