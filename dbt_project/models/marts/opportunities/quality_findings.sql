select
    findings.finding_id,
    findings.opportunity_id,
    findings.rule,
    findings.kind,
    findings.severity,
    findings.field,
    findings.message,
    findings.remedy,
    findings.source_key,
    findings.occurred_at,
    findings.source,
    findings.stream,
    findings.record_id,
    findings.payload_sha256,
    findings.source_url,
    findings.reader,
    findings.reader_version,
    findings.source_keys,
    findings.as_of
from {{ ref('stg_tracker__quality_findings') }} as findings
inner join {{ ref('int_opportunities') }} as opportunities on findings.opportunity_id = opportunities.opportunity_id
