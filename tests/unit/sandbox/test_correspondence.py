"""The generator of correspondence: the same seed gives the same bytes, and its truth is in them."""

from __future__ import annotations

import email
import email.policy
from random import Random

from sandbox.correspondence import saying
from sandbox.correspondence.generate import generate


def test_a_seed_names_its_bytes() -> None:
    first, again, other = generate(3, 12, 20), generate(3, 12, 20), generate(4, 12, 20)
    assert (first.mails, first.calls, first.crm) == (again.mails, again.calls, again.crm)
    assert first.sources == again.sources
    assert first.deals == again.deals
    assert [m.data for m in first.mails] != [m.data for m in other.mails]


def test_every_source_belongs_to_one_deal_or_to_none() -> None:
    got = generate(5, 40, 60)
    ids = [m.source_id for m in got.mails] + [c.source_id for c in got.calls]
    ids += [row["Opportunity ID"] for row in got.crm]
    assert sorted(ids) == sorted(s.source_id for s in got.sources)
    assert len(set(ids)) == len(ids)
    of_deals = [i for deal in got.deals for i in deal.source_ids]
    assert sorted(of_deals) == sorted(s.source_id for s in got.sources if s.deal_id)
    assert {s.distractor for s in got.sources if s.deal_id is None} >= {"newsletter", "other_rfq"}
    assert len({d.party for d in got.deals}) < len(got.deals) == 40


def test_what_is_true_of_a_mail_stands_in_it() -> None:
    got = generate(6, 30, 0)
    truth = {s.source_id: s for s in got.sources}
    told = 0
    for raw in got.mails:
        mail = email.message_from_bytes(raw.data, policy=email.policy.default)
        parts = [p for p in mail.walk() if p.get_content_type() == "text/plain"]
        text = "\n".join(part.get_content() for part in parts)
        facts = truth[raw.source_id].facts
        for words in (facts.part_number, facts.reference, facts.competitor, facts.delivery_terms):
            if words:
                assert words in text
                told += 1
    assert told > 60


def test_numbers_are_said_as_people_say_them() -> None:
    assert saying.in_words(2350) == "two thousand three hundred and fifty"
    assert saying.in_words(12_008) == "twelve thousand and eight"
    said = {saying.count(2500, Random(i), True) for i in range(40)}
    assert said == {
        "two thousand five hundred",
        "two and a half thousand",
        "twenty-five hundred",
    }
    assert {saying.count(2500, Random(i), False) for i in range(60)} == {
        "2,500", "2500", "2.500", "2'500", "2.5k",
    }  # fmt: skip


def test_some_requests_are_passed_on_or_quoted_alone() -> None:
    got = generate(7, 120, 0)
    forwards = [m for m in got.mails if b"\r\nSubject: Fwd: " in m.data]
    assert 2 <= len(forwards) <= 18
    assert any(b"message/rfc822" in m.data for m in forwards)
    assert any(b"message/rfc822" not in m.data for m in forwards)
    kept = {m.source_id for m in got.mails}
    assert got.quoted
    # The answer that quotes is kept, and the mail it quotes is not.
    assert {q.source_id for q in got.quoted} <= kept
    assert not {q.source_id.partition("@")[0].replace("-m1", "-m0") for q in got.quoted} & {
        i.partition("@")[0] for i in kept
    }
