select alias, technology, category, vendor
from {{ source('reference', 'technology_names') }}
