"""Mails within mails: forwards and quoted requests are read as what they are, and copies once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

from assets.fragments import mail_fragments
from detection.correspondence.mail.forwards import quoted_mail
from detection.correspondence.mail.message import read_message
from detection.correspondence.passed_on import QUOTED_CONFIDENCE, read_mails
from detection.correspondence.records import MailMessage
from detection.correspondence.rfq.vocabulary import Vocabulary
from ml.opportunities.records import Fragment

TRADE = Vocabulary(
    own_domains=frozenset({"ours.example"}),
    own_names=("Ours",),
    products={"LED driver": ("driver",)},
)
ASKS = "Hello Bo,\n\nPlease quote 400 LED drivers. We need delivery by 15.09.2026.\n\nAnn Lee\n"
ANN, BO, SALES = "Ann Lee <ann@kestrel.example>", "Bo Sand <bo@ours.example>", "sales@ours.example"
ASKED_AT = datetime(2026, 2, 26, 10, 2, tzinfo=UTC)


def raw(name: str, sender: str, to: str, subject: str, body: str, more: str = "") -> str:
    day = "Thu, 26 Feb 2026 10:02:00" if name == "o" else "Mon, 02 Mar 2026 09:00:00"
    return (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{name}@x.example>\n"
        f"Date: {day} +0000\n{more}\n{body}"
    )


def mail(*parts: str) -> MailMessage:
    return read_message(raw(*parts).replace("\n", "\r\n").encode())


ORIGINAL = ("o", ANN, BO, "Drivers", ASKS)
ORIGINAL_MAIL = mail(*ORIGINAL)
PASTED = (
    "For you.\n\n---------- Forwarded message ---------\n"
    f"From: {ANN}\nDate: Thu, Feb 26, 2026 at 10:02 AM\nSubject: Drivers\nTo: {BO}\n\n{ASKS}"
)
FORWARD = mail("f", BO, SALES, "Fwd: Drivers", PASTED)
PARTNER = mail("p", "Pat <pat@partner.example>", SALES, "Fwd: Drivers", PASTED)
ATTACHED = mail(
    "g", BO, SALES, "Fwd: Drivers",
    "--b\nContent-Type: text/plain\n\nsee attached\n--b\nContent-Type: message/rfc822\n\n"
    f"{raw(*ORIGINAL)}\n--b--\n",
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n',
)  # fmt: skip
OFFER = "Please find our quotation for the driver. Unit price: EUR 4.20 per piece.\n\n"
ANSWER = mail(
    "q", BO, ANN, "Re: Drivers",
    f"{OFFER}On 26 Feb 2026 at 10:02, {ANN} wrote:\n"
    + "".join(f"> {line}\n" for line in ASKS.split("\n")),
)  # fmt: skip


def fragments(*mails: MailMessage) -> dict[str, Fragment]:
    return {f.fragment_id.removeprefix("mail:"): f for f in mail_fragments(mails, TRADE)[0]}


def test_a_forward_by_one_of_us_is_the_customers_mail() -> None:
    for forward, name in ((FORWARD, "f@x.example"), (ATTACHED, "g@x.example")):
        found = fragments(forward)
        assert list(found) == [f"{name}#forward-1"]
        (asked,) = found.values()
        assert (asked.party, asked.is_ours, asked.occurred_at) == (
            "kestrel.example", False, ASKED_AT,
        )  # fmt: skip
        quantity = next(c for c in asked.claims if c.field == "quantity")
        # Places are characters of the forward: its subject, a line end, its words.
        text = f"Drivers\n{ASKS}"
        assert (quantity.low, text[quantity.start :][:3]) == (400.0, "400")
        assert {(a.email, a.side) for a in asked.actors} >= {
            ("ann@kestrel.example", "customer"), ("bo@ours.example", "vendor"),
        }  # fmt: skip


def test_a_partner_who_forwards_is_not_the_customer() -> None:
    found = fragments(PARTNER)
    assert {f.party for f in found.values()} == {"kestrel.example"}
    assert len({f.thread_id for f in found.values()}) == 1


def test_a_request_that_only_our_answer_quotes_gives_its_facts() -> None:
    asked, answer = fragments(ANSWER).values()
    assert (asked.fragment_id, asked.occurred_at) == ("mail:q@x.example#quoted-1", ASKED_AT)
    quantity = next(c for c in asked.claims if c.field == "quantity")
    assert (quantity.low, quantity.confidence) == (400.0, round(0.85 * QUOTED_CONFIDENCE, 3))
    assert (asked.thread_id, asked.party) == (answer.thread_id, "kestrel.example")
    assert {c.field for c in answer.claims} == {"product", "unit_price"}


def test_copies_count_once_in_any_order() -> None:
    for order in permutations([ORIGINAL_MAIL, FORWARD, ATTACHED, ANSWER]):
        assert set(fragments(*order)) == {"o@x.example", "q@x.example"}
    # Without the original, the earliest of its copies stands for it.
    for order in permutations([FORWARD, ATTACHED, ANSWER]):
        assert set(fragments(*order)) == {"f@x.example#forward-1", "q@x.example"}


def test_what_a_machine_sends_back_is_not_looked_into() -> None:
    back = mail("r", "Mailer-Daemon <mailer-daemon@x.example>", BO, "Returned", PASTED,
                "Auto-Submitted: auto-replied\n")  # fmt: skip
    assert len(read_mails(back, TRADE)) == 1


def test_author_and_time_of_a_quotation() -> None:
    german = quoted_mail("Am 26.02.2026 um 10:02 schrieb Ann Lee <ann@kestrel.example>:\n> Hallo")
    assert (german.sender.name, german.sent_at, german.body_text) == ("Ann Lee", ASKED_AT, "Hallo")
    headed = quoted_mail(
        "-----Original Message-----\nFrom: Ann Lee\nSent: Thursday, February 26, 2026 10:02 AM\n"
        "To: Bo\nSubject: Drivers\n\nHello"
    )
    assert (headed.sender.name, headed.sent_at, headed.body_text) == ("Ann Lee", ASKED_AT, "Hello")
    assert quoted_mail("") is None
