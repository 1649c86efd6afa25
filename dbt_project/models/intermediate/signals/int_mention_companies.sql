-- Which company a mention means: by domain, then CIK, then board, then by a name only one company
-- bears. To put another resolver in its place, replace this model and keep its columns.
with mentions as (
    select mention_id, company_domain, cik, board_key, company_name_key
    from {{ ref('int_signal_mentions') }}
    where reject_reason is null
),

lookup as (
    select * from {{ ref('int_company_lookup') }}
),

companies as (
    select
        identity.company_id,
        bool_or(records.domain is not null) as has_domain,
        bool_or(records.cik is not null) as has_cik
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
    where records.is_latest
    group by identity.company_id
),

found as (
    select
        mentions.mention_id,
        mentions.company_domain,
        mentions.cik,
        mentions.board_key,
        mentions.company_name_key,
        case when domains.company_count = 1 then domains.company_id end as by_domain,
        case when ciks.company_count = 1 then ciks.company_id end as by_cik,
        case when boards.company_count = 1 then boards.company_id end as by_board,
        case when names.company_count = 1 then names.company_id end as by_name,
        coalesce(names.company_count, 0) as namesakes
    from mentions
    left join lookup as domains on domains.key_type = 'domain' and mentions.company_domain = domains.key
    left join lookup as ciks on ciks.key_type = 'cik' and mentions.cik = ciks.key
    left join lookup as boards on boards.key_type = 'board' and mentions.board_key = boards.key
    left join lookup as names on names.key_type = 'name' and mentions.company_name_key = names.key
),

judged as (
    select
        found.*,
        case
            when found.by_domain is not null then 'domain'
            when found.by_cik is not null then 'cik'
            when found.by_board is not null then 'board'
            when found.by_name is null then null
            -- A key that is not the namesake's own says that another company is meant.
            when found.company_domain is not null and companies.has_domain then null
            when found.cik is not null and companies.has_cik then null
            else 'name'
        end as match_method
    from found
    left join companies on found.by_name = companies.company_id
)

select
    mention_id,
    match_method,
    case match_method
        when 'domain' then by_domain
        when 'cik' then by_cik
        when 'board' then by_board
        when 'name' then by_name
    end as company_id,
    case
        when match_method is not null then null
        when by_name is not null then 'key_of_another_company'
        when namesakes > 1 then 'ambiguous_name'
        when company_name_key is null and company_domain is null and cik is null and board_key is null then 'no_name_or_key'
        else 'unknown_company'
    end as unresolved_reason,
    namesakes
from judged
