-- How closely any two core members of a group stand together: by department and dealings today, and by how
-- long both have worked at one company, this one or one before.
with core as (
    select * from {{ ref('int_group_members') }} where membership = 'core'
),

pairs as (
    select
        a.organisation_id,
        a.icp_profile_id,
        a.company_id,
        a.person_id as left_person_id,
        b.person_id as right_person_id,
        case
            when a.department = b.department then 1.0
            when a.interactions > 0 and b.interactions > 0 then 0.8
            when a.product_relevance >= 50 and b.product_relevance >= 50 then 0.6
            else 0.2
        end as closeness
    from core as a
    inner join core as b
        on a.organisation_id = b.organisation_id
        and a.icp_profile_id = b.icp_profile_id
        and a.company_id = b.company_id
        and a.person_id < b.person_id
),

-- Only spells whose start is known, and whose end is, say how long two worked together.
spells as (
    select
        employments.person_id,
        employments.company_id,
        employments.started_on,
        case when employments.is_current then {{ as_of() }} else employments.ended_on end as until_on
    from {{ ref('int_employments') }} as employments
    inner join (select distinct person_id from core) as members on employments.person_id = members.person_id
    where employments.started_on <= {{ as_of() }} and employments.first_seen_at < {{ as_of_end() }}
),

known_pairs as (
    select distinct left_person_id, right_person_id from pairs
),

together as (
    select
        known_pairs.left_person_id,
        known_pairs.right_person_id,
        sum(greatest(0, {{ days_between('greatest(one.started_on, other.started_on)', 'least(one.until_on, other.until_on)') }})) as days
    from known_pairs
    inner join spells as one on known_pairs.left_person_id = one.person_id and one.until_on is not null
    inner join spells as other
        on known_pairs.right_person_id = other.person_id and one.company_id = other.company_id and other.until_on is not null
    group by known_pairs.left_person_id, known_pairs.right_person_id
)

select
    pairs.*,
    cast(together.days as bigint) as days_together,
    -- Three years together are as good as a department; where nobody says how long, closeness stands alone.
    case
        when together.days is null then cast(pairs.closeness as decimal(9, 6))
        else cast(0.75 * pairs.closeness + 0.25 * least(1.0, together.days / 1095.0) as decimal(9, 6))
    end as tie
from pairs
left join together
    on pairs.left_person_id = together.left_person_id and pairs.right_person_id = together.right_person_id
