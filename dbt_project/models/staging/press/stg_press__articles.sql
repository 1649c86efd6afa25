select
    {{ provenance() }},
    payload
from {{ admitted(source('lake', 'press__articles')) }} as records
