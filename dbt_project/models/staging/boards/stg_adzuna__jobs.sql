{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'adzuna__jobs'),
    [
        '$.title',
        '$.category.label',
        '$.location.display_name',
        '$.created',
        '$.redirect_url',
        '$.location.area[0]',
    ],
    utc(try_to('fields[4]', 'timestamptz'))
) }}
