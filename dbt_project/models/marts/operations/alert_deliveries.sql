select
    delivery_id,
    rule_id,
    signal_id,
    company_id,
    channel,
    payload,
    status,
    attempts,
    {{ utc('next_attempt_at') }} as next_attempt_at,
    last_error,
    priority,
    {{ utc('created_at') }} as created_at,
    {{ utc('delivered_at') }} as delivered_at
from {{ source('platform_state', 'alert_deliveries') }}
