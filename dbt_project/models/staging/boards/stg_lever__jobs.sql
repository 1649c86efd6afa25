{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'lever__jobs'),
    [
        '$.text',
        '$.categories.department',
        '$.categories.location',
        '$.createdAt',
        '$.hostedUrl',
        '$.country',
    ],
    utc('to_timestamp(' ~ try_to('fields[4]', 'double') ~ ' / 1000)')
) }}
