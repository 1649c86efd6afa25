select
    {{ provenance() }},
    record_id as accession_number,
    payload
from {{ admitted(source('lake', 'sec_edgar__form_8k')) }} as records
