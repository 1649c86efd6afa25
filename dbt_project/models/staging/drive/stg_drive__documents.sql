select
    {{ provenance() }},
    media_type
from {{ admitted(source('lake', 'drive__documents')) }} as records
