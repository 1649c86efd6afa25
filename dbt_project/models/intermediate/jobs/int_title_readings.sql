-- The same title may have been read on several days, by several versions of the reader.
with readings as (
    select title, level, department
    from {{ ref('stg_detections__job_titles') }}
)

select title, max(level) as level, max(department) as department
from readings
group by title
