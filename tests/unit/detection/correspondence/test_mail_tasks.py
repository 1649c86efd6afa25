"""Sentences that give somebody something to do, and those that only state."""

import pytest

from detection.correspondence.mail.message import read_message
from detection.correspondence.mail.tasks import task_of
from detection.correspondence.readings import read_mail
from detection.correspondence.rfq.vocabulary import Vocabulary

MAIL = (
    "From: Ann <ann@kestrel.example>\r\nTo: Bo <bo@ours.example>\r\nSubject: Driver\r\n"
    "Message-ID: <1@kestrel.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n"
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Could you please send us two samples?", "asked"),
        ("Thank you for the offer; please confirm the lead time.", "asked"),
        ("We would appreciate a commercial proposal on the driver.", "asked"),
        ("What would you charge us for the cable?", "asked"),
        ("Please call me about the drawing.", "asked"),
        ("Bitte senden Sie uns Ihr Angebot.", "asked"),
        ("We will send the signed contract on Monday.", "promised"),
        ("We need 800 units.", None),
        ("We need delivery by 24 Sep 2026.", None),
        ("Shipment EXW, please.", None),
        ("Budget-wise we must land at EUR 3 apiece.", None),
        ("Kindly mention RFQ 8128.", None),
        ("Thank you for your request; please find our quotation below.", None),
        ("We accept your quotation; the purchase order is being prepared.", None),
        ("We confirm receipt of your purchase order.", None),
    ],
)
def test_tasks(sentence: str, expected: str | None) -> None:
    assert task_of(sentence) == expected


def test_who_owes_what_a_mail_gives_to_do() -> None:
    words = Vocabulary(products={"driver": ()}, own_domains=frozenset({"ours.example"}))
    body = (
        "Please quote 400 drivers by\nFriday. We need 400 units. Kindly mention RFQ 4711. "
        "We will send the drawing by 12 March 2026."
    )
    steps = read_mail(read_message((MAIL + body).encode()), words).steps
    assert [(s.text, s.owner, s.owner_is_inferred, str(s.due_on)) for s in steps] == [
        ("Please quote 400 drivers by Friday.", "Bo", True, "2026-03-06"),
        ("We will send the drawing by 12 March 2026.", "Ann", False, "2026-03-12"),
    ]
