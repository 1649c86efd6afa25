select
    {{ provenance() }}
from {{ admitted(source('lake', 'coresignal__employees')) }} as records
