-- What Splink learned from the house's own people by the day, else the seed's weights.
with learned as (
    select *, dense_rank() over (order by learned_on desc) as newest
    from {{ ref('stg_identity__person_link_weights') }}
)

select
    seeded.comparison,
    seeded.level,
    coalesce(learned.m, seeded.m) as m,
    coalesce(learned.u, seeded.u) as u,
    log2(coalesce(learned.m, seeded.m) / coalesce(learned.u, seeded.u)) as bits,
    seeded.reason,
    learned.learned_on
from {{ ref('person_link_weights') }} as seeded
left join learned
    on seeded.comparison = learned.comparison and seeded.level = learned.level and learned.newest = 1
