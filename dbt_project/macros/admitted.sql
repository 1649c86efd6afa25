{#- The one door from the lake and the detections into the warehouse.

    Lets through the records that were known by the end of the day the warehouse is built for and
    that no gate has set aside. A gate names a record by source, stream, record id and content, so
    a corrected version of the same record comes in. -#}
{% macro admitted(relation) -%}
    (
        select records.*
        from {{ relation }} as records
        where cast({{ utc('records.fetched_at') }} as timestamp) < {{ as_of_end() }}
            and not exists (
                select 1
                from {{ source('quarantine', 'set_aside') }} as set_aside
                where set_aside.severity = 'critical'
                    and set_aside.gate in ('fetch', 'read', 'raw')
                    and set_aside.source = records.source
                    and set_aside.stream = records.stream
                    and set_aside.record_id = records.record_id
                    and set_aside.payload_sha256 = records.payload_sha256
            )
    )
{%- endmacro %}

{#- The columns by which every staged record can be found again in the lake. -#}
{% macro provenance() -%}
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    {{ utc('observed_at') }} as observed_at,
    {{ utc('fetched_at') }} as fetched_at
{%- endmacro %}

{#- Takes out of an incremental table what a gate has set aside since it was staged. -#}
{% macro remove_set_aside() -%}
    {%- if is_incremental() -%}
    delete from {{ this }} as staged
    where exists (
        select 1
        from {{ source('quarantine', 'set_aside') }} as set_aside
        where set_aside.severity = 'critical'
            and set_aside.gate in ('fetch', 'read', 'raw')
            and set_aside.source = staged.source
            and set_aside.stream = staged.stream
            and set_aside.record_id = staged.record_id
            and set_aside.payload_sha256 = staged.payload_sha256
    )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#- Takes out of an incremental table what was not known yet on the day it is built for, so that an
    earlier day built again has that day's rows; what is taken out is added again on its own day. -#}
{% macro remove_later(fetched) -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where {{ fetched }} >= {{ as_of_end() }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
