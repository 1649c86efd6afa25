-- One row per source of an opportunity and thing that it says, without CRM rows that cannot be true.
with evidence as (
    select * from {{ ref('stg_tracker__opportunity_evidence') }}
),

crm as (
    select source, record_id, opportunity_id, reject_reason from {{ ref('int_crm_opportunities') }}
)

select
    evidence.evidence_id,
    evidence.opportunity_id,
    evidence.alias_id,
    evidence.field,
    evidence.value,
    evidence.low,
    evidence.high,
    evidence.unit,
    evidence.currency,
    evidence.day,
    evidence.is_inferred,
    evidence.confidence,
    evidence.authority,
    evidence.is_chosen,
    evidence.sentence,
    evidence.start_at,
    evidence.end_at,
    evidence.at_ms,
    evidence.probability,
    evidence.reasons,
    evidence.source_key,
    evidence.kind,
    evidence.occurred_at,
    evidence.source,
    evidence.stream,
    evidence.record_id,
    evidence.payload_sha256,
    evidence.source_url,
    evidence.reader,
    evidence.reader_version,
    crm.opportunity_id as crm_opportunity_id,
    evidence.as_of
from evidence
left join crm
    on evidence.kind = 'crm' and evidence.source = crm.source and evidence.record_id = crm.record_id
where crm.reject_reason is null
