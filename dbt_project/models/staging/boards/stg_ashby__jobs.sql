{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'ashby__jobs'),
    [
        '$.title',
        '$.department',
        '$.location',
        '$.publishedAt',
        '$.jobUrl',
        '$.address.postalAddress.addressCountry',
    ],
    utc(try_to('fields[4]', 'timestamptz'))
) }}
