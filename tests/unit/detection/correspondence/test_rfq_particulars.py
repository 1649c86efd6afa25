"""What an answer has to hold is told from what is asked."""

import pytest

from detection.correspondence.mail.message import read_message
from detection.correspondence.readings import read_mail
from detection.correspondence.rfq.particulars import is_particular
from detection.correspondence.rfq.vocabulary import Vocabulary

MAIL = (
    b"From: Ann <ann@kestrel.example>\r\nTo: Bo <bo@ours.example>\r\nSubject: RFQ 4711\r\n"
    b"Message-ID: <1@kestrel.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n"
)
WORDS = Vocabulary(products={"LED driver": ("driver",)}, own_domains=frozenset({"ours.example"}))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Please state RFQ 4711 in your answer.", True),
        ("Kindly quote our reference on all invoices.", True),
        ("Please also indicate lead time and MOQ.", True),
        ("Please specify the minimum order quantity.", True),
        ("Your offer must include the unit price.", True),
        ("The quotation should be in EUR.", True),
        ("Bitte nennen Sie die Anfragenummer in Ihrem Angebot.", True),
        ("Please quote 500 units by Friday.", False),
        ("Please include the certificate with the next delivery.", False),
        ("Could you state when the samples ship?", False),
        ("Please send your best price.", False),
        ("Please call me about the offer.", False),
    ],
)
def test_particulars(sentence: str, expected: bool) -> None:
    assert is_particular(sentence) is expected


def steps_of(body: str) -> list[str]:
    return [s.text for s in read_mail(read_message(MAIL + body.encode()), WORDS).steps]


def test_they_are_no_steps_beside_what_is_asked() -> None:
    asks = "Could you please quote 400 LED drivers by Friday?"
    assert steps_of(f"{asks} Please state RFQ 4711 in your answer.") == [asks]
    # Where nothing else is asked, the answer itself is what is to be done.
    only = "400 LED drivers, RFQ 4711.\n\nPlease state the unit price and lead time."
    assert steps_of(only) == ["Please state the unit price and lead time."]
