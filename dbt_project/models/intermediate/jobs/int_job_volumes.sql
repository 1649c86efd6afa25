-- How much a company hires, by its boards: one row per company and day on which one was read.
-- Openings are counted at the reading that shows them, never by the day a posting states, because
-- of what closed before the first reading nothing is known.
with lookup as (
    select key, company_id from {{ ref('int_company_lookup') }}
    where key_type = 'board' and company_count = 1
),

readings as (
    select
        lookup.company_id,
        manifests.snapshot_on,
        max(manifests.fetched_at) as fetched_at,
        min(manifests.source || ':' || manifests.board_token) as board_key
    from {{ ref('int_job_board_manifests') }} as manifests
    inner join lookup on manifests.source || ':' || manifests.board_token = lookup.key
    where manifests.snapshot_on <= {{ as_of() }}
    group by lookup.company_id, manifests.snapshot_on
),

changes as (
    select
        company_id,
        changed_on,
        count(*) filter (where change_type = 'opened') as opened,
        count(*) filter (where change_type = 'closed') as closed,
        count(*) filter (where change_type = 'opened' and is_role and not is_reopening) as new_roles,
        sum(case when change_type = 'closed' then -1 else 1 end) as postings_more,
        sum(case when not is_role then 0 when change_type = 'closed' then -1 else 1 end) as roles_more,
        sum(case when not is_decision_maker or not is_role then 0 when change_type = 'closed' then -1 else 1 end) as leaders_more,
        sum(case when not is_recruiter then 0 when change_type = 'closed' then -1 else 1 end) as recruiters_more,
        sum(case when not is_duplicate then 0 when change_type = 'closed' then -1 else 1 end) as duplicates_more
    from {{ ref('int_job_changes') }}
    group by company_id, changed_on
),

days as (
    select
        readings.company_id,
        readings.snapshot_on,
        readings.fetched_at,
        readings.board_key,
        coalesce(changes.opened, 0) as opened,
        coalesce(changes.closed, 0) as closed,
        coalesce(changes.new_roles, 0) as new_roles,
        coalesce(changes.postings_more, 0) as postings_more,
        coalesce(changes.roles_more, 0) as roles_more,
        coalesce(changes.leaders_more, 0) as leaders_more,
        coalesce(changes.recruiters_more, 0) as recruiters_more,
        coalesce(changes.duplicates_more, 0) as duplicates_more
    from readings
    left join changes
        on readings.company_id = changes.company_id and readings.snapshot_on = changes.changed_on
),

counted as (
    select
        company_id,
        snapshot_on,
        fetched_at,
        board_key,
        opened,
        closed,
        new_roles,
        {% for name in ['postings', 'roles', 'leaders', 'recruiters', 'duplicates'] %}
        sum({{ name }}_more) over (partition by company_id order by snapshot_on) as open_{{ name }},
        {% endfor %}
        min(snapshot_on) over (partition by company_id) as first_read_on,
        -- What the first reading of the four weeks shows has opened in them only if one was made shortly
        -- before they began.
        count(*) over (
            partition by company_id order by snapshot_on
            range between interval 35 day preceding and interval 28 day preceding
        ) > 0 as is_watched,
        {% for days in [7, 28, 30] %}
        sum(new_roles) over (
            partition by company_id order by snapshot_on
            range between interval {{ days - 1 }} day preceding and current row
        ) as new_roles_{{ days }}d,
        {% endfor %}
        sum(closed) over (
            partition by company_id order by snapshot_on
            range between interval 29 day preceding and current row
        ) as closed_30d,
        coalesce(sum(new_roles) over (
            partition by company_id order by snapshot_on
            range between interval 111 day preceding and interval 28 day preceding
        ), 0) as new_roles_before
    from days
),

-- The twelve weeks before the last four, or as many of them as the board has been read; what the
-- first reading shows was opened at a time unknown and is no opening.
compared as (
    select
        *,
        least(84, {{ days_between('first_read_on', 'snapshot_on') }} - 28) as baseline_days
    from counted
),

judged as (
    select
        * exclude (new_roles_before),
        case when baseline_days >= 56 and is_watched then new_roles_before * 7.0 / baseline_days end as baseline_weekly
    from compared
)

select
    company_id,
    snapshot_on,
    fetched_at,
    board_key,
    first_read_on,
    cast(open_postings as bigint) as open_postings,
    cast(open_roles as bigint) as open_roles,
    cast(open_leaders as bigint) as open_decision_makers,
    cast(open_recruiters as bigint) as open_recruiter_posts,
    cast(open_duplicates as bigint) as open_duplicates,
    opened,
    closed,
    new_roles,
    cast(case when first_read_on <= snapshot_on - 7 then new_roles_7d end as bigint) as new_roles_7d,
    cast(case when first_read_on <= snapshot_on - 28 then new_roles_28d end as bigint) as new_roles_28d,
    -- A month of 30 days that has been watched whole.
    cast(case when first_read_on <= snapshot_on - 30 then new_roles_30d end as bigint) as velocity_per_month,
    cast(case when first_read_on <= snapshot_on - 30 then closed_30d end as bigint) as closed_30d,
    cast(baseline_weekly as double) as baseline_weekly,
    cast(case when baseline_weekly > 0 then new_roles_28d / 4.0 / baseline_weekly end as double) as growth_ratio,
    -- Twice the usual pace, at least five, and more than chance gives: a count of mean m scatters by
    -- its square root, and three times that is rare.
    case
        when baseline_weekly is not null then
            new_roles_28d >= 5
            and new_roles_28d >= 8 * baseline_weekly
            and new_roles_28d >= 4 * baseline_weekly + 3 * sqrt(greatest(1, 4 * baseline_weekly))
    end as is_surge
from judged
