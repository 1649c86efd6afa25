"""What is asked of the published warehouse to show opportunities, or one in full (DuckDB)."""

from __future__ import annotations

#: Opportunities, the most urgent first; ``$stage``, ``$closed``, ``$read`` narrow them.
OPPORTUNITIES = """
select opportunities.*, companies.name as company_name
from opportunities.opportunities
left join core.companies using (company_id)
where ($stage is null or stage = $stage)
    and ($closed or stage not in ('won', 'lost'))
    and (not $read or source_count > crm_count)
order by case priority when 'high' then 0 when 'medium' then 1 else 2 end,
    value_usd desc nulls last, opportunity_id
limit $top
"""

#: The opportunities that an id (a former one too) or words of a title may mean, best first.
MEANT = """
select distinct opportunities.opportunity_id, opportunities.title, opportunities.stage,
    opportunities.opportunity_id = $wanted as is_id
from opportunities.opportunities
left join opportunities.opportunity_evidence as evidence
    on evidence.opportunity_id = opportunities.opportunity_id and evidence.alias_id = $wanted
where starts_with(opportunities.opportunity_id, $wanted)
    or evidence.alias_id is not null
    or contains(lower(opportunities.title), lower($wanted))
order by is_id desc, opportunities.title, opportunities.opportunity_id
limit 12
"""

#: One opportunity.
ONE = """
select opportunities.*, companies.name as company_name
from opportunities.opportunities
left join core.companies using (company_id)
where opportunity_id = $opportunity_id
"""

#: What it rests on: sources in order of time, and what each of them says.
EVIDENCE = """
select * from opportunities.opportunity_evidence
where opportunity_id = $opportunity_id
order by occurred_at, source_key, field = 'source' desc, field, start_at nulls first, evidence_id
"""

#: Fields on which its sources disagree, with all candidates.
CONFLICTS = """
select * from opportunities.opportunity_conflicts
where opportunity_id = $opportunity_id
order by field, candidate
"""

#: Products with their own quantity and price.
LINES = """
select * from opportunities.opportunity_lines
where opportunity_id = $opportunity_id
order by line_number
"""

#: What is to be done, what is done last.
STEPS = """
select * from opportunities.next_steps
where opportunity_id = $opportunity_id
order by status = 'done', due_on nulls last, text
"""

#: What its meetings were about, stretch by stretch; tasks are its next steps.
SECTIONS = """
select kind, started_at, topic, start_ms, end_ms, start_at, end_at, first_cue, last_cue,
    speaker_count, sentence, source_key, source, stream, record_id
from opportunities.transcript_sections
where opportunity_id = $opportunity_id and kind <> 'action_items'
order by started_at, source_key, start_ms nulls last, start_at, section_number
"""

#: Files that came with its mails; pictures of signatures are left out.
ATTACHMENTS = """
select sent_at, name, media_type, size, sha256, source_key, source, stream, record_id
from opportunities.mail_attachments
where opportunity_id = $opportunity_id and not is_inline
order by sent_at, source_key, attachment_number
"""

#: Its people.
ACTORS = """
select name, email, side from opportunities.opportunity_actors
where opportunity_id = $opportunity_id
order by side, email nulls last, name
"""

#: What is wrong with it.
FINDINGS = """
select severity, kind, rule, field, message, remedy from opportunities.quality_findings
where opportunity_id = $opportunity_id
order by case severity when 'blocker' then 0 when 'warning' then 1 else 2 end, rule, field
"""
