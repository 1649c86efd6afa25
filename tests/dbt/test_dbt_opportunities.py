"""Opportunities of mail, calls and CRM rows, as the published tables show them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.dbt.conftest import Rows, query, state_of
from tests.dbt.world import DAY_1, DAY_2

Ask = Callable[[str], Rows]
pytestmark = pytest.mark.slow


def test_mails_and_a_call_are_one_opportunity_of_a_known_company(ask: Ask) -> None:
    [row] = ask("""
        select o.stage, o.unit_low, o.unit_high, o.price_low, o.currency, o.value,
               o.value_is_inferred, o.delivery_on, o.lead_time_days, o.products, o.part_numbers,
               o.source_count, o.mail_count, o.call_count, c.name, o.company_match, o.as_of
        from opportunities.opportunities o left join core.companies c using (company_id)
        where o.mail_count > 0""")
    assert row[:9] == (
        "quoting", 4000.0, 4000.0, 4.6, "EUR", 18_400.0, True, date(2026, 9, 15), 56.0,
    )  # fmt: skip
    assert [json.loads(text) for text in row[9:11]] == [["LED driver"], ["LD-4410"]]
    assert row[11:] == (3, 2, 1, "Aldine Robotics", "domain", date(2026, 5, 1))


def test_every_value_leads_back_to_its_source_and_sentence(ask: Ask) -> None:
    rows = ask("""
        select e.field, e.low, e.kind, e.record_id, e.is_chosen, e.authority, e.sentence
        from opportunities.opportunity_evidence e join opportunities.opportunities o
        using (opportunity_id) where o.mail_count > 0 and e.field in ('quantity', 'unit_price')
        order by e.field, e.occurred_at""")
    assert [row[:6] for row in rows] == [
        ("quantity", 3000.0, "mail", "a1", False, 4),
        ("quantity", 3000.0, "mail", "a2", False, 4),
        ("quantity", 4000.0, "call", "call-1", True, 1),
        ("unit_price", 4.2, "mail", "a1", False, 3),
        ("unit_price", 4.6, "mail", "a2", True, 4),
    ]
    assert rows[2][6] == "We would take four thousand LED drivers then."
    backlinks = ask("""
        select e.kind, e.source, e.stream, e.record_id, length(e.payload_sha256), e.reader
        from opportunities.opportunity_evidence e join opportunities.opportunities o
        using (opportunity_id) where e.field = 'source' and o.mail_count > 0 order by e.occurred_at
        """)
    assert backlinks == [
        ("mail", "mail_files", "messages", "a1", 64, "mail"),
        ("mail", "mail_files", "messages", "a2", 64, "mail"),
        ("call", "meeting_files", "meetings", "call-1", 64, "meetings"),
    ]


def test_what_a_call_was_about_leads_to_its_opportunity_and_record(ask: Ask) -> None:
    rows = ask("""
        select s.kind, s.first_cue, s.last_cue, s.start_ms, s.end_ms, s.speaker_count, s.sentence,
               o.call_count, s.source_key, s.source, s.record_id
        from opportunities.transcript_sections s
        join opportunities.opportunities o using (opportunity_id)
        order by s.section_number""")
    sentence = "Good, I will send the revised quote by Friday."
    link = (1, "call:call-1", "meeting_files", "call-1")
    assert rows == [
        ("pricing", 1, 1, 10_000, 14_000, 1, sentence, *link),
        ("action_items", 1, 1, 10_000, 14_000, 1, sentence, *link),
    ]
    assert ask("""
        select a.name, a.media_type, a.size, length(a.sha256), a.source_key, a.record_id,
               o.mail_count
        from opportunities.mail_attachments a
        join opportunities.opportunities o using (opportunity_id)""") == [
        ("drawing.pdf", "application/pdf", 5, 64, "mail:a1@mail.example", "a1", 2)
    ]


def test_conflicts_keep_all_candidates_and_steps_have_owner_and_day(ask: Ask) -> None:
    rows = ask("""
        select c.field, c.candidate, c.low, c.is_chosen, c.reason
        from opportunities.opportunity_conflicts c where c.field = 'unit_price' order by all""")
    assert rows == [
        ("unit_price", 1, 4.2, False, "authority 4 over 3"),
        ("unit_price", 2, 4.6, True, "authority 4 over 3"),
    ]
    steps = ask("""
        select text, owner, due_on, due_is_inferred, is_overdue
        from opportunities.next_steps where kind = 'call'""")
    assert steps == [
        (
            "Good, I will send the revised quote by Friday.",
            "Mira Holt",
            date(2026, 5, 8),
            True,
            False,
        )
    ]
    assert ask("""
        select product, part_number, quantity_high, price_high, currency, total, source_key,
               quantity_source_key, record_id
        from opportunities.opportunity_lines where kind <> 'crm'""") == [
        ("LED driver", "LD-4410", 4000.0, 4.6, "EUR", 18_400.0, "mail:a2@mail.example",
         "call:call-1", "a2")
    ]  # fmt: skip
    assert ask("""
        select a.name, a.record_id, a.source_count, a.source_keys
        from opportunities.opportunity_actors a where a.name = 'Ida Brandt'""") == [
        ("Ida Brandt", "call-1", 3,
         '["mail:a1@mail.example", "mail:a2@mail.example", "call:call-1"]')
    ]  # fmt: skip
    assert ask("""
        select f.source_keys, f.record_id from opportunities.quality_findings f
        where f.rule = 'conflicting_values' and f.field = 'unit_price'""") == [
        ('["mail:a1@mail.example", "mail:a2@mail.example"]', "a2")
    ]
    assert ask("""
        select a.name, a.side from opportunities.opportunity_actors a
        join opportunities.opportunities o using (opportunity_id) where o.mail_count > 0
        order by 2""") == [("Ida Brandt", "customer"), ("Mira Holt", "vendor")]


def test_crm_rows_are_opportunities_too_and_refused_ones_are_none(ask: Ask) -> None:
    rows = ask("""
        select o.crm_record_id, o.stage, o.value, o.currency, c.name, o.company_match, d.name
        from opportunities.opportunities o join core.companies c using (company_id)
        join opportunities.crm_opportunities d on d.opportunity_id = o.crm_opportunity_id
        where o.crm_count > 0 order by 1""")
    assert rows == [
        ("O1", "won", 50_000.0, "EUR", "Aldine Robotics", "domain", "Deal O1"),
        ("O2", "lost", 20_000.0, "EUR", "Dorset Health", "crm_account", "Deal O2"),
    ]
    assert ask("""
        select count(*) from opportunities.opportunity_evidence where record_id in ('O3', 'O4')
        """) == [(0,)]


def test_findings_say_what_is_missing(ask: Ask) -> None:
    [(score, blockers, findings)] = ask("""
        select o.quality_score, o.blocker_count, count(f.finding_id)
        from opportunities.opportunities o
        join opportunities.quality_findings f using (opportunity_id)
        where o.mail_count > 0 group by all""")
    assert 0 < score < 100
    assert findings >= max(1, blockers)


def test_a_past_day_shows_what_was_known_then(day_by_day: Path) -> None:
    sql = """
        select o.stage, o.source_count, o.price_low, o.last_touched_at
        from opportunities.opportunities o where o.mail_count > 0"""
    assert query(state_of(day_by_day, DAY_1), sql) == [
        ("rfq", 1, 4.2, datetime(2026, 3, 1, 12)),
    ]
    assert query(state_of(day_by_day, DAY_2), sql) == [
        ("quoting", 2, 4.6, datetime(2026, 4, 1, 12)),
    ]


def test_the_manifest_says_who_read_what(ask: Ask) -> None:
    rows = ask("""
        select source, stream, record_id, outcome, item_id, reader,
            split_part(reader_version, '+', 1)
        from operations.correspondence_manifest where outcome = 'read' order by all""")
    assert ("mail_files", "messages", "a1", "read", "mail:a1@mail.example", "mail", "4") in rows
    assert ("meeting_files", "meetings", "call-1", "read", "call:call-1", "meetings", "2") in rows
    cited = ask("""
        select count(*) from opportunities.opportunity_evidence e
        left join operations.correspondence_manifest m using (source, stream, record_id)
        where e.kind in ('mail', 'call') and m.outcome is null""")
    assert cited == [(0,)]
