select
    {{ provenance() }},
    record_id as board_token,
    payload
from {{ admitted(source('lake', 'lever__boards')) }} as records
