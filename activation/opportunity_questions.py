"""What is asked of the published warehouse about opportunities (DuckDB)."""

from __future__ import annotations

#: The title, with the company's name where mail knows its domain only.
_TITLE = """
    case
        when starts_with(opportunities.title, opportunities.customer_domain || ': ')
            then coalesce(companies.name, opportunities.customer_domain)
                || substr(opportunities.title, length(opportunities.customer_domain) + 1)
        else opportunities.title
    end as title"""

#: Figures by dimension and label, every day that history keeps.
TRENDS = """
select * from opportunities.opportunity_trends
order by as_of, dimension, label
"""

#: Open opportunities by stage and priority.
STAGE_BY_PRIORITY = """
select stage, priority, count(*) as opportunity_count
from opportunities.opportunities
where stage not in ('won', 'lost')
group by stage, priority
order by stage, priority
"""

#: Findings about open opportunities by rule, the gravest first.
FINDINGS_BY_RULE = """
select findings.severity, findings.rule, findings.kind,
    count(distinct findings.opportunity_id) as opportunity_count, min(findings.remedy) as remedy
from opportunities.quality_findings as findings
inner join opportunities.opportunities using (opportunity_id)
where opportunities.stage not in ('won', 'lost')
group by findings.severity, findings.rule, findings.kind
order by case findings.severity when 'blocker' then 0 when 'warning' then 1 else 2 end,
    opportunity_count desc, findings.rule
"""

#: Findings of each opportunity, the gravest first; ``$severities`` and ``$rules`` narrow them.
FINDINGS = f"""
select opportunities.opportunity_id, {_TITLE}, opportunities.stage,
    opportunities.priority, opportunities.value, opportunities.currency,
    opportunities.quality_score, findings.severity, findings.kind, findings.rule, findings.field,
    findings.message, findings.remedy, findings.source_keys
from opportunities.quality_findings as findings
inner join opportunities.opportunities using (opportunity_id)
left join core.companies using (company_id)
where findings.severity = any($severities) and (len($rules) = 0 or findings.rule = any($rules))
    and ($opportunity_id is null or opportunities.opportunity_id = $opportunity_id)
order by case findings.severity when 'blocker' then 0 when 'warning' then 1 else 2 end,
    case opportunities.priority when 'high' then 0 when 'medium' then 1 else 2 end,
    opportunities.value_usd desc nulls last, opportunities.opportunity_id, findings.rule,
    findings.field
limit $top
"""

#: Conflicts that nobody decided, with candidates, the most urgent first: of open opportunities, and
#: ends after which a source told an open stage.
CONFLICTS = f"""
select opportunities.opportunity_id, {_TITLE}, opportunities.stage,
    opportunities.priority, conflicts.field, conflicts.reason,
    list({{'source': conflicts.source_key, 'value': conflicts.value, 'low': conflicts.low,
        'high': conflicts.high, 'currency': conflicts.currency,
        'day': cast(conflicts.day as varchar), 'is_chosen': conflicts.is_chosen}}
        order by conflicts.candidate) as candidates
from opportunities.opportunity_conflicts as conflicts
inner join opportunities.opportunities using (opportunity_id)
left join core.companies using (company_id)
where exists (
    select 1 from opportunities.quality_findings as findings
    where findings.opportunity_id = conflicts.opportunity_id
        and findings.rule = 'conflicting_values' and findings.field = conflicts.field
        and (findings.severity <> 'note' or opportunities.stage not in ('won', 'lost'))
)
group by all
order by min(case opportunities.priority when 'high' then 0 when 'medium' then 1 else 2 end),
    max(opportunities.value_usd) desc nulls last, opportunities.opportunity_id, conflicts.field
limit $top
"""

#: Next steps of open opportunities whose day has passed, those of the last ``$days`` days.
OVERDUE_STEPS = f"""
select opportunities.opportunity_id, {_TITLE}, opportunities.stage, steps.text,
    steps.owner, steps.due_on, cast(opportunities.as_of - steps.due_on as integer) as days_late
from opportunities.next_steps as steps
inner join opportunities.opportunities using (opportunity_id)
left join core.companies using (company_id)
where steps.status = 'overdue' and steps.due_on >= opportunities.as_of - $days
order by steps.due_on, opportunities.opportunity_id, steps.text
limit $top
"""

#: Changes of stage, the latest first; of one opportunity where ``$opportunity_id`` is given.
STAGE_CHANGES = f"""
select changes.* exclude (title), {_TITLE.replace("opportunities.title", "changes.title")}
from opportunities.opportunity_stage_changes as changes
left join opportunities.opportunities using (opportunity_id)
left join core.companies using (company_id)
where $opportunity_id is null or changes.opportunity_id = $opportunity_id
order by changes.changed_on desc, changes.opportunity_id
limit $top
"""

#: The latest changes of stage, without what was over already when it was first read.
LATEST_CHANGES = f"""
select changes.* exclude (title), {_TITLE.replace("opportunities.title", "changes.title")}
from opportunities.opportunity_stage_changes as changes
left join opportunities.opportunities using (opportunity_id)
left join core.companies using (company_id)
where changes.from_stage is not null or changes.to_stage not in ('won', 'lost')
order by changes.changed_on desc, changes.opportunity_id
limit $top
"""

#: One opportunity's snapshots, oldest first.
HISTORY = """
select * from opportunities.opportunity_history
where opportunity_id = $opportunity_id or was_called = $opportunity_id
order by as_of
"""

#: Annotations by what became of them.
ANNOTATIONS_BY_STATUS = """
select status, count(*) as annotation_count
from opportunities.opportunity_annotations
group by status
order by status
"""

#: Annotations and what became of them, the latest first.
ANNOTATIONS = """
select * from opportunities.opportunity_annotations
order by reviewed_at desc, annotation_id
"""

#: Precision and recall of all periods together, or of each month.
ACCURACY = """
select * from opportunities.opportunity_accuracy
where $monthly or period = 'all'
order by subject, label, period
"""

#: What a CRM is to be told: opportunities that rest on more than the CRM's own rows.
#: Every opportunity, and the names that it may have had.
NAMES = """
select opportunities.opportunity_id, evidence.alias_id
from opportunities.opportunities
left join opportunities.opportunity_evidence as evidence
    on evidence.opportunity_id = opportunities.opportunity_id and evidence.field = 'source'
order by opportunities.opportunity_id, evidence.alias_id
"""

CRM_EXPORT = """
select opportunities.*,
    (
        select string_agg(steps.text, '; ' order by steps.due_on nulls last, steps.text)
        from opportunities.next_steps as steps
        where steps.opportunity_id = opportunities.opportunity_id
            and steps.status = 'open'
    ) as next_step_text,
    (
        select list(
            {'source': evidence.source, 'record_id': evidence.record_id}
            order by evidence.source, evidence.record_id
        )
        from opportunities.opportunity_evidence as evidence
        where evidence.opportunity_id = opportunities.opportunity_id
            and evidence.kind = 'crm' and evidence.field = 'source'
    ) as crm_records,
    (
        select max(annotations.reviewed_at)
        from opportunities.opportunity_annotations as annotations
        where annotations.opportunity_id = opportunities.opportunity_id
            and annotations.status in ('holds', 'outdated') and annotations.action <> 'comment'
    ) as reviewed_at
from opportunities.opportunities
where opportunities.source_count > opportunities.crm_count
    or opportunities.opportunity_id in (
        select opportunity_id from opportunities.opportunity_annotations
        where status in ('holds', 'outdated') and action <> 'comment'
    )
order by opportunities.opportunity_id
"""
