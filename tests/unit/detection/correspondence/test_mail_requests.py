"""Requests and business relevance: what the models see, learn, and say of mails not learnt from."""

from __future__ import annotations

import pytest

from detection.correspondence.mail import relevance, requests
from detection.correspondence.mail.linear import fit
from detection.correspondence.mail.message import read_message


@pytest.mark.parametrize(
    ("sentence", "is_request"),
    [
        ("Please quote 750 brackets by Thursday.", True),
        ("Could you send the drawing again?", True),
        ("Let me know what the tooling costs.", True),
        ("What is the lead time for 2,000 pieces?", True),
        ("We need your answer by the end of the week.", True),
        ("Bitte nennen Sie uns Ihren Preis.", True),
        ("The samples arrived on Monday.", False),
        ("I will ship the rest tomorrow.", False),
        ("Thanks for the good news.", False),
        ("To unsubscribe, click here.", False),
        ("Save big on shoes this weekend!", False),
        ("They said that the line is running again.", False),
    ],
)
def test_sentences_the_shipped_model_never_saw(sentence, is_request):
    data = requests._packaged()[0]
    assert sentence not in (*data["requests"], *data["others"])
    probability = requests.shipped_scorer().probability(requests.request_features(sentence))
    assert (probability >= requests.LEAST) is is_request


def test_requests_of_a_text_with_their_position():
    text = (
        "Hello Ann,\n\nthe samples arrived. Please send us a price for\n500 brackets by May. "
        "Everything else is fine.\n\nCould you also call me?\n"
    )
    found = requests.find_requests(text)
    assert [one.text for one in found] == [
        "Please send us a price for 500 brackets by May.",
        "Could you also call me?",
    ]
    assert [text[one.position :][:6] for one in found] == ["Please", "Could "]
    assert all(requests.LEAST <= one.confidence <= 1 for one in found)
    assert requests.find_requests("") == []


def test_features_of_a_sentence():
    found = requests.request_features("Could you ship 500 by Monday?")
    assert {"could", "could you", "ship <n>", "begins:could you", "ends:?"} <= found
    assert {"cue:can_you", "cue:deadline", "cues:can_you+deadline"} <= found
    assert "cue:none" in requests.request_features("Fine weather")
    assert requests.request_features("Don’t go") == requests.request_features("Don't go")


def test_learning_is_the_same_every_time_and_needs_both_kinds():
    sentences = ["please send it", "please call", "we sent it", "it was sent"]
    one = requests.fit_requests(sentences, [True, True, False, False])
    assert one == requests.fit_requests(sentences, [True, True, False, False])
    assert one.probability(requests.request_features("please answer")) > 0.5
    assert "please" in one.reasons({"please", "sent"})
    assert "sent" not in one.reasons({"please", "sent"})
    with pytest.raises(ValueError, match="both kinds"):
        fit([{"a"}, {"b"}], [True, True])


def mail(subject: str, text: str, more: str = "") -> relevance.Relevance:
    raw = f"From: ann@x.example\nTo: bob@y.example\nSubject: {subject}\n{more}\n{text}\n"
    return relevance.relevance_of(read_message(raw.encode()))


@pytest.mark.parametrize(
    ("subject", "text", "is_business"),
    [
        ("Order of valves", "The customer accepts the unit price for 800 valves; the contract and "
         "payment terms are agreed, delivery is in June.", True),
        ("Supplier", "Our supplier raised prices by nine percent, so the margin of the project "
         "falls. We should negotiate.", True),
        ("Angebot", "Anbei unser Angebot: Preis je Stück 3,10 EUR, Lieferzeit sechs Wochen.", True),
        ("Lunch", "Shall we have lunch on Friday with the kids?", False),
        ("Party", "The birthday party is on Saturday at our house. Bring a salad.", False),
        ("Interview", "I liked the candidate. Her resume is attached.", False),
        ("Call", "The call is moved to three o'clock in room 5.", False),
    ],
)  # fmt: skip
def test_mails_the_shipped_model_never_saw(subject, text, is_business):
    assert mail(subject, text).is_business is is_business


def test_why_a_mail_counts_as_business():
    judged = mail("Quote", "The customer wants a lower price for the contract of 5,000 units.")
    assert judged.is_business
    assert {"price", "contract", "customer"} & set(judged.reasons)
    assert not any(":" in reason for reason in judged.reasons)


def test_lists_and_machines_are_no_business_whatever_they_say():
    words = "Our price for the contract: the margin of the customer's order of 5,000 units."
    assert mail("Price", words).is_business
    assert not mail("Price", words, "List-Id: <a.example>\n").is_business
    assert not mail("Price", words, "Auto-Submitted: auto-generated\n").is_business


def test_the_shape_of_a_mail_is_seen_but_no_address():
    raw = (
        b"From: ann@x.example\nTo: bob@y.example, cy@y.example\nSubject: Re: pump price\n"
        b"Precedence: bulk\n\nWords of 4.20 $\n"
    )
    found = relevance.mail_features(read_message(raw))
    assert {
        "pump",
        "price",
        "pump price",
        "pric...",
        "bulk",
        "recipients:2",
        "outside:True",
    } <= found
    assert "amounts" in found
    assert not {one for one in found if "example" in one or one in ("ann", "bob")}
