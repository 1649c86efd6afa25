{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'workday__jobs'),
    [
        '$.jobPostingInfo.title',
        '$.jobPostingInfo.jobFamily',
        '$.jobPostingInfo.location',
        '$.jobPostingInfo.startDate',
        '$.jobPostingInfo.externalUrl',
        '$.jobPostingInfo.country.descriptor',
    ],
    utc(try_to('fields[4]', 'timestamptz'))
) }}
