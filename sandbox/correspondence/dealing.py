"""One deal as its mails, calls and CRM row, with what each of them states."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sandbox.correspondence import rendering, wording
from sandbox.correspondence.casting import OWN_DOMAIN, OWN_NAME, Deal
from sandbox.correspondence.records import (
    Correspondence,
    DealTruth,
    Facts,
    RawCall,
    RawMail,
    SourceTruth,
)
from sandbox.correspondence.wording import Wording

#: Mails of a deal that ended in a stage, in order: the stage each tells of.
_COURSE = {
    "research_concept": ["research_concept"],
    "rfq": ["rfq"],
    "quoting": ["rfq", "quoting"],
    "po_in_progress": ["rfq", "quoting", "po_in_progress"],
    "won": ["rfq", "quoting", "po_in_progress", "won"],
    "lost": ["rfq", "quoting", "lost"],
}
#: Shares of deals whose first mail is passed on to us, or was never kept by us.
FORWARDED, QUOTED = 0.06, 0.04
_CRM_STAGES = {
    "research_concept": "Qualification",
    "rfq": "Needs Analysis",
    "quoting": "Proposal/Price Quote",
    "po_in_progress": "Negotiation/Review",
    "won": "Closed Won",
    "lost": "Closed Lost",
}
_ASKED = (
    "quantity",
    "unit_price",
    "currency",
    "delivery_date",
    "quote_due",
    "part_number",
    "payment_days",
    "delivery_terms",
    "competitor",
    "reference",
)
_OFFERED = (
    "quantity",
    "unit_price",
    "currency",
    "lead_time_days",
    "payment_days",
    "delivery_terms",
    "part_number",
    "reference",
)
_LATER = ("quantity", "unit_price", "currency", "part_number", "reference")
_SAID = (
    "quantity",
    "unit_price",
    "currency",
    "delivery_date",
    "lead_time_days",
    "payment_days",
    "competitor",
    "margin",
)
_SMALL_TALK = (
    "Good morning, can everyone hear me?",
    "Thanks for joining today.",
    "Let me share my screen for a second.",
    "That makes sense to me.",
    "Sounds good.",
    "We had a bit of snow this week.",
)
_TASKS = (
    "I will send the revised drawing by Friday.",
    "Could you please share the datasheet by next week?",
    "I will check the tooling cost with our plant.",
)


def seller_address(name: str) -> tuple[str, str]:
    """One of our own people with the address."""
    return name, f"{name.replace(' ', '.')}@{OWN_DOMAIN}".lower()


def add_deal(
    deal: Deal, random: Random, into: Correspondence, words: Wording = wording.USUAL
) -> None:
    """Append everything that is known of a deal, and its truth."""
    sources: list[str] = []
    sources += _mails(deal, random, into, words)
    if random.random() < 0.5:
        sources.append(_call(deal, random, into, words))
    if random.random() < 0.6:
        sources.append(_crm(deal, random, into))
    into.deals.append(
        DealTruth(
            deal.deal_id,
            deal.customer.domain,
            deal.customer.company,
            deal.stage,
            deal.final,
            tuple(sources),
        )
    )


def _some(facts: Facts, names: tuple[str, ...], random: Random, share: float) -> Facts:
    """A part of the facts: not every mail says everything; price and currency go together."""
    said = {n: getattr(facts, n) for n in names if random.random() < share}
    if "unit_price" in said:
        said["currency"] = facts.currency
    else:
        said.pop("currency", None)
    return Facts(**said)


def _mails(deal: Deal, random: Random, into: Correspondence, words: Wording) -> list[str]:
    sources = []
    at, previous, earlier = deal.opened_at, None, ""
    us, them = seller_address(deal.seller), deal.contact
    product = str(deal.asked.product)
    # Draws of their own, so that all other mail is the same with and without them.
    ways = Random(f"{deal.deal_id}/{them[1]}/{deal.opened_at}")
    way = _way(deal.stage, ways)
    missing: SourceTruth | None = None
    # A customer may open a second thread for the order: no header joins it to the first.
    for step, stage in enumerate(_COURSE[deal.stage]):
        by_us = stage == "quoting" or (stage == "won" and random.random() < 0.5)
        base = deal.asked if stage in ("rfq", "research_concept") else deal.final
        names = _ASKED if stage in ("rfq", "research_concept") else _OFFERED if by_us else _LATER
        said = _some(base, names, random, 0.75 if step == 0 or by_us else 0.5)
        key = "part_number" if random.random() < 0.7 else "reference"
        # Most mails name the deal; later ones now and then only by conversation or product.
        if step == 0 or random.random() < 0.75:
            said = replace(said, **{key: getattr(base, key)})
        if stage == "won":
            opening = words.openings["won"][1 if by_us else 0].format(product=product)
        else:
            opening = wording.opening(stage, product, random, words)
        names_product = (
            product if any(word in opening for word in wording.PRODUCTS[product][1]) else None
        )
        lines = wording.sentences(said, by_us, random, False, words)
        sender, reader = (us, them) if by_us else (them, us)
        body = rendering.letter(opening, lines, sender[0], reader[0], random)
        fresh = previous is None or random.random() < 0.15
        shown = body if fresh or random.random() < 0.4 else body + earlier
        if way == "quoted" and step == 1:
            shown = body + earlier
        source_id = f"{deal.deal_id}-m{step}@{sender[1].partition('@')[2]}"
        subject = f"{product} {deal.asked.reference}" if random.random() < 0.5 else f"{product}"
        data = rendering.mail(
            source_id,
            sender,
            [reader],
            at,
            subject if fresh else f"Re: {subject}",
            shown,
            random,
            answers=None if fresh else previous,
            html=random.random() < 0.2,
            drawing=_drawing(deal) if step == 1 else None,
        )
        truth = SourceTruth(
            source_id,
            "mail",
            deal.deal_id,
            None,
            replace(said, product=names_product),
            stage,
            deal.customer.domain,
        )
        if way == "forwarded" and step == 0:
            # It reached a colleague, who passes it on; nobody else has it.
            data = _passed_on(source_id, data, body, sender, reader, at, subject, ways)
        if way == "quoted" and step == 0:
            # It reached a mailbox that nobody reads here: only our answer holds it.
            missing = truth
        else:
            into.mails.append(RawMail(source_id, data))
            into.sources.append(truth)
            sources.append(source_id)
        if missing and step == 1:
            into.quoted.append(replace(missing, source_id=source_id))
        earlier, previous = rendering.quoted(body, sender, at), source_id
        at += timedelta(days=random.randrange(1, 9), minutes=random.randrange(600))
    return sources


def _way(stage: str, random: Random) -> str:
    """How a deal's first mail comes to us: itself, passed on, or quoted in our answer alone."""
    drawn = random.random()
    if drawn < FORWARDED:
        return "forwarded"
    return "quoted" if drawn < FORWARDED + QUOTED and "quoting" in _COURSE[stage] else "itself"


def _passed_on(
    source_id: str,
    data: bytes,
    body: str,
    sender: tuple[str, str],
    reader: tuple[str, str],
    at: datetime,
    subject: str,
    random: Random,
) -> bytes:
    """A mail as a colleague passes it on, attached or pasted; now and then a partner does."""
    by = ("Edgar Lunn", "edgar.lunn@reseller.example") if random.random() < 0.25 else reader
    note = random.choice(["For you.", "FYI, can you take this one?", "This came to me by mistake."])
    is_attached = random.random() < 0.5
    text = note if is_attached else rendering.passed_on(
        note, body, sender, reader, at, subject, random
    )  # fmt: skip
    return rendering.mail(
        source_id,
        by,
        [("Sales", f"sales@{OWN_DOMAIN}")],
        at + timedelta(minutes=random.randrange(20, 400)),
        f"Fwd: {subject}",
        f"{text}\n",
        random,
        attached=data.replace(f"<{source_id}>".encode(), f"<first-{source_id}>".encode())
        if is_attached
        else None,
    )


def _drawing(deal: Deal) -> str | None:
    """Every second deal's first mail brings the drawing of its part."""
    number = deal.asked.part_number
    return f"{number}.pdf" if number and int(deal.deal_id[-1]) % 2 == 0 else None


def _call(deal: Deal, random: Random, into: Correspondence, words: Wording) -> str:
    product = str(deal.asked.product)
    word = random.choice(wording.PRODUCTS[product][1])
    said = _some(deal.asked, _SAID, random, 0.65)
    said = replace(said, quantity=deal.asked.quantity)
    us, them = deal.seller, deal.contact[0]
    company = deal.customer.company.rpartition(" ")[0]
    label = random.choice([them, f"{them} ({company})", f"{them} | {company}"])
    lines = [(us, random.choice(_SMALL_TALK)), (label, random.choice(_SMALL_TALK))]
    if deal.stage == "research_concept":
        lines.append((label, f"We are still at an early stage with the {word}."))
    else:
        lines.append((label, f"We wanted to talk about the {word} and need a quote."))
    lines += [
        (us if "lead time" in s.lower() or "margin" in s or "We can" in s else label, s)
        for s in wording.sentences(said, False, random, True, words)
    ]
    if random.random() < 0.6:
        lines.append((random.choice([us, label]), random.choice(_TASKS)))
    lines.append((us, "Sounds good, talk soon."))
    source_id = f"{deal.deal_id}-call"
    started = deal.opened_at + timedelta(days=random.randrange(1, 12), hours=1)
    into.calls.append(
        RawCall(
            source_id,
            rendering.vtt(lines, random, teams=random.random() < 0.5),
            started,
            random.choice([f"{company} / {OWN_NAME}", f"{word} discussion", "Catch-up"]),
            (seller_address(us), deal.contact),
        )
    )
    into.sources.append(
        SourceTruth(
            source_id,
            "call",
            deal.deal_id,
            None,
            replace(said, product=product),
            deal.stage if deal.stage == "research_concept" else "rfq",
            deal.customer.domain,
        )
    )
    return source_id


def _crm(deal: Deal, random: Random, into: Correspondence) -> str:
    """A row of a CRM's report: a name, an account, an amount; often a step behind."""
    source_id = f"{deal.deal_id}-crm"
    final = deal.final
    quantity, price = final.quantity or (0, 0), final.unit_price or (0, 0)
    row = {
        "Opportunity ID": source_id,
        "Opportunity Name": f"{deal.customer.company} - {final.product} {final.part_number}",
        "Account Name": deal.customer.company,
        "Website": f"www.{deal.customer.domain}",
        "Contact Email": deal.contact[1],
        "Owner": deal.seller,
        "Stage": _CRM_STAGES[deal.stage],
        "Amount": f"{quantity[1] * price[1]:.2f}",
        "Currency": str(final.currency),
        "Product": str(final.product),
        "Quantity": f"{quantity[1]:g}" if random.random() < 0.7 else "",
        "Unit Price": f"{price[1]:.2f}" if random.random() < 0.7 else "",
        "Reference": str(final.reference) if random.random() < 0.5 else "",
        "Close Date": final.delivery_date.isoformat() if final.delivery_date else "",
        "Created Date": (deal.opened_at + timedelta(days=2)).date().isoformat(),
        "Last Modified": (deal.opened_at + timedelta(days=35)).isoformat(),
    }
    into.crm.append(row)
    facts = Facts(
        quantity=(quantity[1], quantity[1]) if row["Quantity"] else None,
        unit_price=(price[1], price[1]) if row["Unit Price"] else None,
        currency=final.currency if row["Unit Price"] else None,
        product=final.product,
        part_number=final.part_number,
        reference=final.reference if row["Reference"] else None,
    )
    into.sources.append(
        SourceTruth(source_id, "crm", deal.deal_id, None, facts, deal.stage, deal.customer.domain)
    )
    return source_id
