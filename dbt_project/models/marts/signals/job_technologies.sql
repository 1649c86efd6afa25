with namings as (
    select * from {{ ref('int_job_technologies') }}
),

boards as (
    select company_id, open_roles from {{ ref('job_volumes') }} where is_latest
),

gathered as (
    select
        company_id,
        technology,
        max(category) as category,
        min(cast(named_at as date)) as first_named_on,
        max(case when is_open then {{ as_of() }} else closed_on end) as last_named_on,
        bool_or(is_from_baseline) as is_from_baseline,
        count(distinct role_id) as roles,
        count(distinct case when is_open then role_id end) as open_roles,
        count(distinct case when is_required then role_id end) as required_roles,
        first(title order by named_at, posting_id) as first_title,
        first(title order by is_open desc, named_at desc, posting_id) as last_title,
        {% for name in ['source_url', 'source', 'record_id', 'reader_version'] %}
        first({{ name }} order by is_open desc, named_at desc, posting_id) as {{ name }},
        {% endfor %}
    from namings
    group by company_id, technology
),

-- A decimal: the mean of many is then the same in whatever order they are added.
shared as (
    select
        gathered.*,
        case when boards.open_roles > 0
            then cast(least(1.0, gathered.open_roles / boards.open_roles) as decimal(12, 10)) end as share_of_open_roles
    from gathered
    left join boards on gathered.company_id = boards.company_id
)

select
    company_id,
    technology,
    category,
    case
        when open_roles = 0 then 'vanished'
        when not is_from_baseline and first_named_on > {{ as_of() }} - 90 then 'new'
        else 'named'
    end as state,
    first_named_on,
    coalesce(last_named_on, first_named_on) as last_named_on,
    is_from_baseline,
    roles,
    open_roles,
    required_roles,
    cast(share_of_open_roles as double) as share_of_open_roles,
    cast(cast(share_of_open_roles as double) / nullif(avg(case when open_roles > 0 then share_of_open_roles end) over (partition by technology), 0) as double) as relative_occurrence,
    case when first_title = last_title then first_title else first_title || '; ' || last_title end as evidence,
    source_url,
    source,
    record_id,
    reader_version
from shared
