-- Every run of every day that was joined up to the day that is built, also those that left nothing.
select
    records.as_of,
    records.run_number,
    records.run_id,
    {{ utc('records.joined_at') }} as joined_at,
    records.opportunities as opportunity_count
from {{ source('tracker', 'runs') }} as records
where records.as_of <= {{ as_of() }} and records.run_number is not null
