-- People that exports name, with the company of the position held: every version of each record, so
-- that a position left behind stays known.
with versions as (
    select
        people.*,
        {{ domain_key('company_domain') }} as site,
        min(fetched_at) over (partition by source, record_id) as first_seen_at,
        row_number() over (
            partition by source, record_id order by fetched_at desc, observed_at desc, payload_sha256
        ) as newest
    from {{ ref('stg_mapped__people') }} as people
),

linked as (
    {{ with_company('versions', {'domain': 'rows.site', 'cik': cik_key('rows.cik'), 'name': 'rows.company_name'}) }}
)

select
    linked.source,
    linked.stream,
    linked.record_id,
    linked.payload_sha256,
    linked.source_url,
    linked.observed_at,
    linked.fetched_at,
    linked.first_seen_at,
    linked.newest = 1 as is_latest,
    linked.company_id,
    linked.company_name,
    linked.company_domain,
    linked.full_name,
    linked.job_title,
    titles.level,
    titles.department,
    linked.email,
    linked.phone,
    linked.linkedin_url,
    linked.city,
    linked.country,
    linked.started_on,
    linked.ended_on,
    linked.date_precision,
    linked.ended_on is null and coalesce(linked.is_current, true) as is_current,
    linked.previous_company,
    linked.previous_title,
    linked.confidence
from linked
left join {{ ref('int_title_readings') }} as titles on linked.job_title = titles.title
