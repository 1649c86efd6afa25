with profiles as (
    select
        *,
        {{ json_fields('config', ['$.company_size_min', '$.company_size_max', '$.signals.recent_funding',
            '$.signals.actively_hiring', '$.signals.tech_stack_change', '$.signals.leadership_change',
            '$.signals.industry_growth', '$.renewal.term_months', '$.renewal.window_days']) }} as fields
    from {{ source('reference', 'icp_profiles') }}
)

select
    organisation_id,
    icp_profile_id,
    name,
    is_default,
    version,
    config,
    {{ try_to('fields[1]', 'bigint') }} as company_size_min,
    {{ try_to('fields[2]', 'bigint') }} as company_size_max,
    coalesce(fields[3], 'true') = 'true' as wants_recent_funding,
    coalesce(fields[4], 'true') = 'true' as wants_actively_hiring,
    coalesce(fields[5], 'true') = 'true' as wants_tech_stack_change,
    coalesce(fields[6], 'true') = 'true' as wants_leadership_change,
    coalesce(fields[7], 'true') = 'true' as wants_industry_growth,
    coalesce({{ try_to('fields[8]', 'bigint') }}, 12) as renewal_term_months,
    coalesce({{ try_to('fields[9]', 'bigint') }}, 90) as renewal_window_days
from profiles
