-- Who uses what, method by method. What a look shows follows from its content, so days are counted by
-- content and not look by look. What one of several rows is taken from is ordered to the last, so that
-- building twice gives the same.
with looks as (
    select
        source, method, record_id, payload_sha256, domain,
        count(*) as days,
        min(scanned_on) as first_on,
        max(scanned_on) as last_on,
        first(coalesce(page_url, source_url) order by scanned_on, coalesce(page_url, source_url)) as seen_at
    from {{ ref('int_technology_scans') }}
    group by source, method, record_id, payload_sha256, domain
),

latest as (
    select source, record_id, max(last_on) as looked_on from looks group by source, record_id
),

shown as (
    select
        looks.source, looks.method, looks.record_id, looks.domain,
        contents.technology,
        sum(looks.days) as days_verified,
        min(looks.first_on) as first_seen_on,
        max(looks.last_on) as last_seen_on,
        max(looks.last_on) = max(latest.looked_on) as is_current,
        first(contents.version order by looks.last_on desc, looks.payload_sha256, contents.version)
            filter (where contents.version is not null) as version,
        first(contents.reader_confidence order by looks.last_on desc, looks.payload_sha256, contents.evidence) as certainty,
        first(contents.evidence order by looks.last_on desc, looks.payload_sha256, contents.evidence) as evidence,
        first(looks.seen_at order by looks.last_on desc, looks.payload_sha256, contents.evidence) as source_url
    from looks
    inner join {{ ref('int_technology_contents') }} as contents
        on looks.source = contents.source
        and looks.record_id = contents.record_id and looks.payload_sha256 = contents.payload_sha256
    inner join latest on looks.source = latest.source and looks.record_id = latest.record_id
    group by looks.source, looks.method, looks.record_id, looks.domain, contents.technology
),

seen as (
    select lookup.company_id, shown.*
    from shown
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and shown.domain = lookup.key and lookup.company_count = 1
),

named as (
    select
        company_id, source, posted_on, is_open, closed_on, source_url, job_title,
        unnest({{ json_values('technologies', '$[*].name') }}) as technology
    from {{ ref('job_posting_signals') }}
    where technologies <> '[]' and not coalesce(is_recruiter, false)
),

told as (
    select
        company_id, technology, method, source, first_seen_on, last_seen_on, days_verified, is_current,
        version, certainty, evidence, source_url
    from seen
    union all
    -- A posting says that the writer has to do with it: less sure than a trace, and no version.
    select
        company_id, technology, 'job_ad' as method, source,
        min(posted_on) as first_seen_on,
        max(case when is_open then {{ as_of() }} else coalesce(closed_on, posted_on) end) as last_seen_on,
        count(distinct posted_on) as days_verified,
        bool_or(coalesce(is_open, false)) as is_current,
        cast(null as varchar) as version,
        0.6 as certainty,
        first('Named in: ' || job_title order by posted_on desc, source_url, job_title) as evidence,
        first(source_url order by posted_on desc, source_url, job_title) as source_url
    from named
    group by company_id, technology, source
    union all
    select
        company_id, technology, 'vendor' as method, source,
        coalesce(first_seen_on, cast(first_fetched_at as date)) as first_seen_on,
        coalesce(removed_on, last_seen_on, cast(fetched_at as date)) as last_seen_on,
        1 as days_verified,
        removal_known_at is null as is_current,
        version,
        coalesce(confidence, 0.8) as certainty,
        coalesce(evidence, 'Listed by ' || source) as evidence,
        source_url
    from {{ ref('int_mapped_technologies') }}
    where company_id is not null
    union all
    select
        company_id, technology, 'enriched' as method, source,
        cast(fetched_at as date) as first_seen_on,
        cast(fetched_at as date) as last_seen_on,
        1 as days_verified,
        true as is_current,
        cast(null as varchar) as version,
        confidence as certainty,
        evidence,
        source_url
    from {{ ref('int_enriched_technologies') }}
),

-- Several pages, boards or exports may show the same by one method.
joined as (
    select
        company_id,
        lower(technology) as technology_key,
        method,
        min(first_seen_on) as first_seen_on,
        max(last_seen_on) as last_seen_on,
        max(days_verified) as days_verified,
        bool_or(is_current) as is_current,
        first(version order by last_seen_on desc, certainty desc, source, version) filter (where version is not null) as version,
        max(certainty) as certainty,
        {% for name in ['evidence', 'source', 'source_url'] %}
        first({{ name }} order by last_seen_on desc, certainty desc, source, source_url, evidence) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from told
    group by company_id, lower(technology), method
)

select
    joined.company_id,
    technologies.technology_id,
    technologies.name as technology,
    technologies.category,
    technologies.vendor,
    joined.method,
    joined.version,
    joined.is_current,
    joined.first_seen_on,
    joined.last_seen_on,
    cast(joined.days_verified as bigint) as days_verified,
    cast(round(100 * joined.certainty) as integer) as confidence_level,
    joined.evidence,
    joined.source,
    joined.source_url
from joined
inner join {{ ref('technologies') }} as technologies on joined.technology_key = lower(technologies.name)
