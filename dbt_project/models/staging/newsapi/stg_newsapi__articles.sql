select
    {{ provenance() }},
    payload
from {{ admitted(source('lake', 'newsapi__articles')) }} as records
