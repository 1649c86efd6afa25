select operation, source, entity, level, credits, lifetime_hours, confidence
from {{ source('reference', 'enrichment_operations') }}
