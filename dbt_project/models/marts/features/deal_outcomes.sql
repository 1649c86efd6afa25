select
    opportunity_id,
    company_id,
    created_on,
    case when closed_on <= {{ as_of() }} then closed_on end as closed_on,
    case when closed_on <= {{ as_of() }} then is_won end as is_won
from {{ ref('int_crm_opportunities') }}
where reject_reason is null and company_id is not null and created_on <= {{ as_of() }}
