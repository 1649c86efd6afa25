{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'greenhouse__jobs'),
    [
        '$.title',
        '$.departments[0].name',
        '$.location.name',
        '$.first_published',
        '$.absolute_url',
        '$.offices[0].location',
    ],
    utc(try_to('fields[4]', 'timestamptz'))
) }}
