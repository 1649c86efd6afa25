-- Which postings tell of the same position: one row per posting, with the company it belongs to.
-- A text that stands on several boards or under several places, or again after it was closed, is one
-- role. A search over many employers shortens texts, so there title and place decide.
with postings as (
    select
        *,
        cast(least(published_at, first_fetched_at) as date) as posted_on,
        {{ company_name_key('company_name') }} as employer_key,
        nullif(trim(regexp_replace(
            {{ folded("regexp_replace(title, '\\([^)]*\\)|\\[[^]]*\\]', ' ', 'g')") }}, '[^\p{L}\p{N}+#]+', ' ', 'g'
        )), '') as title_key,
        coalesce({{ folded('city') }}, {{ folded('country') }}, {{ folded('location') }}, '') as place_key,
        source in ('adzuna', 'usajobs') as is_aggregated
    from {{ ref('int_job_postings') }}
),

lookup as (
    select key_type, key, company_id from {{ ref('int_company_lookup') }} where company_count = 1
),

belonging as (
    select
        postings.*,
        coalesce(boards.company_id, case when postings.is_aggregated then names.company_id end) as company_id
    from postings
    left join lookup as boards on boards.key_type = 'board' and postings.board_key = boards.key
    left join lookup as names on names.key_type = 'name' and postings.employer_key = names.key
),

-- The company's own boards: equal texts under one title.
own as (
    select
        *,
        first_value(posting_id) over texts as first_posting_id,
        first_value(board_key) over texts as first_board_key,
        first_value(place_key) over texts as first_place_key
    from belonging
    where not is_aggregated
    window texts as (
        partition by coalesce(company_id, board_key), title_key, coalesce(text_fingerprint, posting_id)
        order by first_seen_on nulls last, first_fetched_at, posting_id
    )
),

-- What a search tells of a company that has its own board, or has told before.
aggregated as (
    select
        *,
        first_value(posting_id) over (
            partition by coalesce(company_id, employer_key, posting_id), title_key, place_key
            order by first_fetched_at, posting_id
        ) as first_posting_id
    from belonging
    where is_aggregated
),

on_board as (
    select aggregated.posting_id, min(own.first_posting_id) as board_posting_id
    from aggregated
    inner join own
        on aggregated.company_id = own.company_id
        and aggregated.title_key = own.title_key
        and (aggregated.place_key = own.place_key or aggregated.place_key = '')
        and abs({{ days_between('own.posted_on', 'aggregated.posted_on') }}) <= 60
    group by aggregated.posting_id
),

told as (
    select
        posting_id, source, record_id, board_key, company_id, posted_on, is_aggregated, is_recruiter, title_key, place_key,
        first_posting_id as role_posting_id,
        case
            when posting_id = first_posting_id then null
            when board_key <> first_board_key then 'several_boards'
            when place_key <> first_place_key then 'several_places'
            else 'repost'
        end as duplicate_kind
    from own
    union all
    select
        aggregated.posting_id, source, record_id, board_key, company_id, posted_on, is_aggregated, is_recruiter, title_key, place_key,
        coalesce(on_board.board_posting_id, first_posting_id) as role_posting_id,
        case
            when on_board.board_posting_id is not null then 'several_boards'
            when aggregated.posting_id = first_posting_id then null
            else 'repost'
        end as duplicate_kind
    from aggregated
    left join on_board on aggregated.posting_id = on_board.posting_id
)

select
    posting_id,
    {{ stable_id(["'role'", 'role_posting_id']) }} as role_id,
    source,
    record_id,
    board_key,
    company_id,
    posted_on,
    is_aggregated,
    is_recruiter,
    title_key,
    place_key,
    duplicate_kind,
    case when duplicate_kind is not null then role_posting_id end as duplicate_of
from told
