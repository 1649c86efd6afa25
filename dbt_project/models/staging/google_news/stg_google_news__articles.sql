select
    {{ provenance() }},
    payload
from {{ admitted(source('lake', 'google_news__articles')) }} as records
