{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=['{{ remove_set_aside() }}', "{{ remove_later('fetched_at') }}"]
) }}

{{ board_postings(
    source('lake', 'usajobs__jobs'),
    [
        '$.MatchedObjectDescriptor.PositionTitle',
        '$.MatchedObjectDescriptor.JobCategory[0].Name',
        '$.MatchedObjectDescriptor.PositionLocationDisplay',
        '$.MatchedObjectDescriptor.PublicationStartDate',
        '$.MatchedObjectDescriptor.PositionURI',
        '$.MatchedObjectDescriptor.PositionLocation[0].CountryCode',
    ],
    utc(try_to('fields[4]', 'timestamptz'))
) }}
