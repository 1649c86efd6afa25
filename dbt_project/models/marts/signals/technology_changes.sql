select
    changes.change_id,
    lookup.company_id,
    technologies.technology_id,
    changes.technology,
    technologies.category,
    technologies.vendor,
    changes.change_type,
    changes.version,
    changes.previous_version,
    changes.method,
    changes.scanned_on as changed_on,
    events.change_id is not null as is_event,
    'done' as status,
    case when changes.change_type in ('removed', 'downgraded') then 'negative' else 'positive' end as polarity,
    cast(round(100 * changes.reader_confidence) as integer) as confidence_level,
    changes.evidence,
    changes.reader_version,
    changes.source,
    coalesce(changes.page_url, changes.source_url) as source_url
from {{ ref('int_technology_changes') }} as changes
inner join {{ ref('int_company_lookup') }} as lookup
    on lookup.key_type = 'domain' and changes.domain = lookup.key and lookup.company_count = 1
inner join {{ ref('technologies') }} as technologies on lower(changes.technology) = lower(technologies.name)
left join {{ ref('int_technology_events') }} as events on changes.change_id = events.change_id
