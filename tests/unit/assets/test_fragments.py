"""What was read of mails, calls and CRM rows, as the sources of opportunities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

from assets.fragments import call_fragment, crm_fragment, mail_fragments
from detection.correspondence.crm import read_crm_row
from detection.correspondence.mail.message import read_message
from detection.correspondence.records import MailMessage
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.records import Attendee, Meeting, Utterance
from ml.opportunities.records import Actor

TRADE = Vocabulary(
    own_domains=frozenset({"ours.example"}),
    own_names=("Ours",),
    products={"LED driver": ("driver",)},
)


def mail(name: str, sender: str, to: str, body: str, answers: str = "") -> MailMessage:
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Drivers\r\nMessage-ID: <{name}@x.example>\r\n"
        "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
    )
    if answers:
        head += f"In-Reply-To: <{answers}@x.example>\r\n"
    return read_message((f"{head}\r\n{body}\r\n").encode())


ASKS = mail(
    "a", "Ann Lee <ann@kestrel.example>", "Bo Sand <bo@ours.example>",
    "Please quote 400 LED drivers. Could you please send us the datasheet by Friday?",
)  # fmt: skip
THANKS = mail("b", "Bo Sand <bo@ours.example>", "Ann Lee <ann@kestrel.example>",
              "Thank you, we are on it.", answers="a")  # fmt: skip
CHAT = mail("c", "Zoe <zoe@else.example>", "Bo Sand <bo@ours.example>", "Lunch on Friday?")


def test_mails_of_a_conversation_that_asks_are_sources_and_others_are_not() -> None:
    fragments, verdicts = mail_fragments([THANKS, CHAT, ASKS, ASKS], TRADE)
    assert [f.fragment_id for f in fragments] == ["mail:a@x.example", "mail:b@x.example"]
    first, second = fragments
    assert first.thread_id == second.thread_id
    assert (first.party, first.is_ours, second.is_ours) == ("kestrel.example", False, True)
    assert ("quantity", 400.0) in {(c.field, c.low) for c in first.claims}
    assert {a.side for a in first.actors} == {"customer", "vendor"}
    assert verdicts["c@x.example"].reason == "nothing_asked"


def test_order_and_repetition_of_mails_change_nothing() -> None:
    mails = [ASKS, THANKS, CHAT]
    expected = mail_fragments(mails, TRADE)
    for order in permutations(mails):
        assert mail_fragments([*order, order[0]], TRADE) == expected


def test_what_a_mail_asks_for_is_a_step_of_its_reader() -> None:
    (fragment,), _ = mail_fragments([ASKS], TRADE)
    steps = {s.text: s for s in fragment.next_steps}
    step = steps["Could you please send us the datasheet by Friday?"]
    assert (step.owner, step.owner_is_inferred) == ("Bo Sand", True)
    assert (step.due_on, step.due_is_inferred) == (date(2026, 3, 6), True)


def test_people_at_a_provider_for_everybody_are_their_own_party() -> None:
    private = mail("d", "ann.lee@gmail.com", "bo@ours.example", "Please quote 400 LED drivers.")
    (fragment,), _ = mail_fragments([private], TRADE)
    assert fragment.party == "ann.lee@gmail.com"


def test_a_call_gives_claims_steps_and_company() -> None:
    meeting = Meeting(
        "m-1", "Drivers", datetime(2026, 3, 2, 9, tzinfo=UTC),
        (Attendee("Ann Lee", email="ann@kestrel.example"), Attendee("Bo", email="bo@ours.example")),
        (
            Utterance(0, 0, 4000, "Bo (Ours)", "I will send the revised quote by Friday."),
            Utterance(1, 5000, 9000, "Ann Lee (Kestrel)", "We need a quote for the LED driver."),
            Utterance(2, 9500, 12_000, "Ann Lee (Kestrel)", "Say two and a half thousand units."),
        ),
    )  # fmt: skip
    fragment, verdict = call_fragment(meeting, TRADE)
    assert fragment is not None
    assert verdict.is_business
    assert (fragment.fragment_id, fragment.party, fragment.company) == (
        "call:m-1", "kestrel.example", "Kestrel",
    )  # fmt: skip
    assert {(c.field, c.low or c.value) for c in fragment.claims} >= {
        ("quantity", 2500.0), ("product", "LED driver"),
    }  # fmt: skip
    assert [(s.owner, s.due_on) for s in fragment.next_steps] == [("Bo (Ours)", date(2026, 3, 6))]


def test_a_crm_row_gives_stage_and_values() -> None:
    row = read_crm_row(
        {"Id": "7", "Name": "Kestrel - driver LD-4471", "Stage": "Closed Won", "Qty": "500",
         "Amount": "2,000", "Currency": "EUR", "Product": "driver", "Domain": "kestrel.example",
         "Next Step": "Ship", "Owner": "Bo", "Last Modified": "2026-03-02"}
    )  # fmt: skip
    fragment = crm_fragment(row, TRADE)
    assert fragment is not None
    assert fragment.stage_cues == (("won", 1.0, "stage Closed Won"),)
    assert {(c.field, c.low or c.value) for c in fragment.claims} == {
        ("quantity", 500.0), ("total_price", 2000.0), ("product", "LED driver"),
        ("part_number", "LD-4471"),
    }  # fmt: skip
    assert fragment.next_steps[0].owner == "Bo"
    assert fragment.actors == (Actor("Bo", None, "vendor"),)
    told = crm_fragment(replace(row, owner="Bo Vale <Bo@ours.example>"), TRADE)
    assert told.actors == (Actor("Bo Vale", "bo@ours.example", "vendor"),)
    assert told.next_steps[0].owner == "Bo Vale"
    told = crm_fragment(replace(row, owner="bo@ours.example"), TRADE)
    assert told.actors == (Actor(None, "bo@ours.example", "vendor"),)
    assert crm_fragment(read_crm_row({"Id": "8"}), TRADE) is None


def test_a_crm_row_gives_its_close_date_and_its_contact_by_name() -> None:
    row = read_crm_row(
        {"Id": "7", "Contact Name": "Ann Lee", "Contact Email": "Ann@kestrel.example",
         "Close Date": "2026-05-01"}
    )  # fmt: skip
    told = crm_fragment(row, TRADE)
    assert told.actors == (Actor("Ann Lee", "ann@kestrel.example", "customer"),)
    assert [(c.field, c.day) for c in told.claims] == [("close_date", date(2026, 5, 1))]
    told = crm_fragment(replace(row, contact_email=None), TRADE)
    assert told.actors == (Actor("Ann Lee", None, "customer"),)
