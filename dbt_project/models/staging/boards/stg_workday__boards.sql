select
    {{ provenance() }},
    record_id as board_token,
    payload
from {{ admitted(source('lake', 'workday__boards')) }} as records
