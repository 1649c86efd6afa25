"""``rfq.*`` and ``opportunities.*``: what is found again of generated correspondence.

The correspondence is ours (``sandbox.correspondence``: deals as mails, calls and CRM rows, among
distractors), so the figures say what is broken, not how the world writes. The real mail of the
folder (``email/*.mbox``) is mixed in as further distractors. Everything from bytes to
opportunities is the product's own code. The truth is looked at after the reading that it judges.

Baselines: reading with the first number before "units" or "pieces", the first currency amount and
the first ISO day; an opportunity for every mail with "quote" or "RFQ" in it; one deal a customer.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from itertools import combinations
from pathlib import Path

from assets.fragments import call_fragment, crm_fragment, mail_fragments
from benchmarks.evaluation.mailbox_opportunities import review
from benchmarks.evaluation.measure import (
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
    share_interval,
)
from benchmarks.evaluation.order_lines import measure_lines
from detection.correspondence.crm import read_crm_row
from detection.correspondence.mail.message import read_message
from detection.correspondence.records import MailMessage
from detection.correspondence.rfq.vocabulary import Vocabulary, read_vocabulary
from detection.correspondence.transcripts.records import Attendee, Meeting
from detection.correspondence.transcripts.vtt import read_vtt
from ml.opportunities.building import build_opportunities
from ml.opportunities.records import Fragment, Opportunity
from resources.mbox import read_mbox
from resources.settings import PROJECT_ROOT
from sandbox.correspondence.generate import generate
from sandbox.correspondence.records import Correspondence, DealTruth, Facts, RawCall
from sandbox.correspondence.wording import UNSEEN

SEED, DEALS, DISTRACTORS = 20_261, 300, 1_500
AS_OF = date(2026, 7, 1)
#: Field of the truth to the claim that must say it, and how both are written alike.
FIELDS: dict[str, tuple[str, Callable[[Facts], object]]] = {
    "quantity": ("quantity", lambda f: f.quantity),
    "price": ("unit_price", lambda f: f.unit_price),
    "currency": ("unit_price", lambda f: f.currency if f.unit_price else None),
    "date": ("delivery_date", lambda f: f.delivery_date),
    "quote_due": ("quote_due", lambda f: f.quote_due),
    "lead_time": ("lead_time", lambda f: f.lead_time_days),
    "payment": ("payment_terms", lambda f: f.payment_days),
    "delivery_terms": ("delivery_terms", lambda f: f.delivery_terms),
    "product": ("product", lambda f: f.product),
    "part_number": ("part_number", lambda f: f.part_number),
    "competitor": ("competitor", lambda f: f.competitor),
    "margin": ("margin", lambda f: f.margin),
    "reference": ("reference", lambda f: f.reference),
}
_WITHIN = re.compile(r"#(?:forward|quoted)-\d+$")
_RANGES = frozenset({"quantity", "unit_price", "lead_time", "margin"})
_PLAIN = {
    "quantity": re.compile(r"(\d[\d,]*) (?:units|pieces|pcs)"),
    "unit_price": re.compile(r"(?:EUR|USD|GBP|[€$£]) ?(\d[\d.]*)"),
    "delivery_date": re.compile(r"(\d{4}-\d\d-\d\d)"),
}


@dataclass(frozen=True)
class Found:
    """What the product made of some correspondence."""

    fragments: list[Fragment]
    opportunities: list[Opportunity]


def shipped_vocabulary() -> Vocabulary:
    """The trade that the generator writes of, as the project ships it."""
    file = PROJECT_ROOT / "config" / "vocabulary.yaml"
    return read_vocabulary(file.read_text("utf-8"), file.name)


def find(
    correspondence: Correspondence, vocabulary: Vocabulary, others: Iterable[MailMessage] = ()
) -> Found:
    """From raw sources to opportunities, by the product's own code; ``others`` are mixed in."""
    messages = [*(read_message(m.data) for m in correspondence.mails), *others]
    fragments, _ = mail_fragments(messages, vocabulary)
    calls = [call_fragment(meeting_of(c), vocabulary)[0] for c in correspondence.calls]
    rows = [crm_fragment(read_crm_row(r), vocabulary) for r in correspondence.crm]
    fragments += [f for f in (*calls, *rows) if f is not None]
    return Found(fragments, build_opportunities(fragments, AS_OF))


def meeting_of(call: RawCall) -> Meeting:
    """A generated call as the reader of its file gives it."""
    people = tuple(Attendee(name, email=address) for name, address in call.attendees)
    started = call.started_at.replace(tzinfo=UTC)
    return Meeting(call.source_id, call.topic, started, people, read_vtt(call.vtt).utterances)


def real_mail(data: Path) -> list[MailMessage]:
    """Mails of the folder's mailboxes."""
    mails = []
    for path in sorted((data / "email").glob("*.mbox")):
        with path.open("rb") as file:
            mails += [read_message(e.content) for e in read_mbox(file) if e.content is not None]
    return mails


def evaluate(data: Path) -> Evaluation:
    """Fields of single sources, opportunities, their fields, and which sources stand together."""
    result = Evaluation()
    correspondence = generate(SEED, DEALS, DISTRACTORS)
    others = real_mail(data)
    watch = Stopwatch()
    found = find(correspondence, shipped_vocabulary(), others)
    seconds = watch.seconds()
    _single_sources(correspondence, found, seconds, result)
    _opportunities(correspondence, found, len(others), seconds, result)
    _pairs(correspondence, found, seconds, result)
    result.metrics += _unseen_wording()
    result.metrics += _without_products()
    measure_lines(shipped_vocabulary(), result)
    if others:
        review(others, shipped_vocabulary(), result)
    return result


def _unseen_wording() -> list[Metric]:
    """The main figures on deals written in words that no reader was written beside."""
    correspondence = generate(SEED, DEALS // 2, DISTRACTORS // 10, words=(UNSEEN,))
    watch = Stopwatch()
    found = find(correspondence, shipped_vocabulary())
    seconds = watch.seconds()
    part = Evaluation()
    _single_sources(correspondence, found, seconds, part)
    _opportunities(correspondence, found, 0, seconds, part)
    _pairs(correspondence, found, seconds, part)
    shown = ("rfq.field_accuracy", "opportunities.precision", "opportunities.recall",
             "opportunities.field_accuracy", "opportunities.correlation.pairwise_f1")  # fmt: skip
    return [replace(m, name=f"{m.name}.unseen_words") for m in part.metrics if m.name in shown]


def _without_products() -> list[Metric]:
    """What is found, and what is used wrongly, where the vocabulary names no product."""
    correspondence = generate(SEED, DEALS // 2, DISTRACTORS // 5)
    watch = Stopwatch()
    vocabulary = replace(shipped_vocabulary(), products={}, part_numbers=())
    part = Evaluation()
    _opportunities(correspondence, find(correspondence, vocabulary), 0, watch.seconds(), part)
    shown = ("opportunities.precision", "opportunities.recall", "opportunities.distractors_used")
    return [replace(m, name=f"{m.name}.without_products") for m in part.metrics if m.name in shown]


def _single_sources(
    correspondence: Correspondence, found: Found, seconds: float, result: Evaluation
) -> None:
    by_id: dict[str, list[Fragment]] = defaultdict(list)
    for fragment in found.fragments:
        by_id[_source(fragment.fragment_id)].append(fragment)
    texts = {m.source_id: m.data.decode("utf-8", "replace") for m in correspondence.mails}
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    plain = plain_asked = 0
    for source in [*correspondence.sources, *correspondence.quoted]:
        if source.deal_id is None or source.kind == "crm":
            continue
        fragments = by_id.get(source.source_id, [])
        for name, (field, expected_of) in FIELDS.items():
            expected = expected_of(source.facts)
            if expected is None:
                continue
            asked[name] += 1
            got = {value for one in fragments for value in claimed(one, name, field)}
            right[name] += expected in got
            if expected not in got:
                result.misses.append(
                    Miss(
                        f"rfq.fields.{name}",
                        source.source_id,
                        str(expected),
                        str(sorted(map(str, got))),
                    )
                )
            if field in _PLAIN and name != "currency":
                plain_asked += 1
                plain += _plainly(texts.get(source.source_id, ""), field, expected)
    total = sum(asked.values())
    baseline = plain / plain_asked if plain_asked else 0.0
    is_plain = "first number, amount and ISO day by a plain expression"
    result.metrics.append(
        Metric(
            "rfq.field_accuracy",
            sum(right.values()) / total,
            total,
            baseline,
            seconds,
            is_plain,
            share_interval(sum(right.values()), total),
        )
    )
    for name in FIELDS:
        result.metrics.append(
            Metric(
                f"rfq.fields.{name}",
                right[name] / asked[name],
                asked[name],
                0.0,
                seconds,
                "none",
                share_interval(right[name], asked[name]),
            )
        )


def claimed(fragment: Fragment, name: str, field: str) -> set[object]:
    """What a source claims of a field, written as ``FIELDS`` writes the truth."""
    claims = [c for c in fragment.claims if c.field == field]
    if name == "currency":
        return {c.currency for c in claims}
    if field in _RANGES:
        return {(c.low, c.high) for c in claims}
    if field == "payment_terms":
        return {c.low for c in claims}
    return {c.day or c.value for c in claims}


def _plainly(text: str, field: str, expected: object) -> bool:
    match = _PLAIN[field].search(text)
    if match is None:
        return False
    if isinstance(expected, date):
        return match.group(1) == expected.isoformat()
    number = match.group(1).replace(",", "").rstrip(".")
    return number.count(".") <= 1 and (float(number), float(number)) == expected


def _opportunities(
    correspondence: Correspondence,
    found: Found,
    others: int,
    seconds: float,
    result: Evaluation,
) -> None:
    deal_of = {s.source_id: s.deal_id for s in correspondence.sources}
    best: dict[str, Opportunity] = {}
    size: Counter[str] = Counter()
    false = 0
    for opportunity in found.opportunities:
        counts = Counter(deal_of.get(_source(m.fragment_id)) for m in opportunity.members)
        deal, members = max(counts.items(), key=lambda c: (c[1], str(c[0])))
        if deal is None:
            false += 1
            result.misses.append(
                Miss("opportunities.precision", opportunity.opportunity_id, "none", "found")
            )
        elif members > size[deal]:
            size[deal], best[deal] = members, opportunity
    deals, given = len(correspondence.deals), len(found.opportunities)
    distractors = others + sum(s.deal_id is None for s in correspondence.sources)
    used = sum(
        deal_of.get(_source(m.fragment_id)) is None for o in found.opportunities for m in o.members
    )
    naive = re.compile(rb"quot|rfq", re.I)
    hits = [deal_of[m.source_id] is not None for m in correspondence.mails if naive.search(m.data)]
    every = "every mail with quote or RFQ in it"
    result.metrics += [
        Metric(
            "opportunities.precision",
            len(best) / given if given else 0.0,
            given,
            sum(hits) / len(hits),
            seconds,
            every,
            share_interval(len(best), given),
        ),
        Metric(
            "opportunities.recall",
            len(best) / deals,
            deals,
            0.0,
            seconds,
            "none",
            share_interval(len(best), deals),
        ),
        Metric(
            "opportunities.distractors_used",
            used / distractors,
            distractors,
            (len(hits) - sum(hits)) / distractors,
            seconds,
            every,
            share_interval(used, distractors),
        ),
    ]
    _fields(correspondence, best, seconds, result)


def _fields(
    correspondence: Correspondence,
    best: dict[str, Opportunity],
    seconds: float,
    result: Evaluation,
) -> None:
    """Consolidated values against the deal's last ones, where any source states them."""
    facts: dict[str, list[Facts]] = defaultdict(list)
    for source in [*correspondence.sources, *correspondence.quoted]:
        if source.deal_id:
            facts[source.deal_id].append(source.facts)
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for deal in correspondence.deals:
        opportunity = best.get(deal.deal_id)
        for name, expected, got in _compared(deal, facts[deal.deal_id], opportunity):
            asked[name] += 1
            right[name] += expected == got
            if expected != got:
                result.misses.append(
                    Miss(f"opportunities.fields.{name}", deal.deal_id, str(expected), str(got))
                )
    five = ("quantity", "price", "currency", "date", "party")
    total, good = sum(asked[n] for n in five), sum(right[n] for n in five)
    result.metrics.append(
        Metric(
            "opportunities.field_accuracy",
            good / total,
            total,
            0.0,
            seconds,
            "none",
            share_interval(good, total),
        )
    )
    for name in asked:
        result.metrics.append(
            Metric(
                f"opportunities.fields.{name}",
                right[name] / asked[name],
                asked[name],
                0.0,
                seconds,
                "none",
                share_interval(right[name], asked[name]),
            )
        )


def _compared(
    deal: DealTruth, stated: Sequence[Facts], found: Opportunity | None
) -> list[tuple[str, object, object]]:
    final = deal.facts
    rows: list[tuple[str, object, object]] = [
        ("party", deal.party, found.customer_domain if found else None),
        ("stage", deal.stage, found.stage if found else None),
    ]
    # A change that no source tells cannot be known.
    if any(f.quantity == final.quantity for f in stated):
        rows.append(
            ("quantity", final.quantity, (found.unit_low, found.unit_high) if found else None)
        )
    if any(f.unit_price == final.unit_price for f in stated):
        rows.append(
            ("price", final.unit_price, (found.price_low, found.price_high) if found else None)
        )
        rows.append(("currency", final.currency, found.currency if found else None))
    if any(f.delivery_date == final.delivery_date for f in stated):
        rows.append(("date", final.delivery_date, found.delivery_on if found else None))
    return rows


def _pairs(
    correspondence: Correspondence, found: Found, seconds: float, result: Evaluation
) -> None:
    """Pairs of sources in one opportunity against pairs of one deal, customer by customer."""
    party_of = {s.source_id: d.party for d in correspondence.deals for s in correspondence.sources
                if s.deal_id == d.deal_id}  # fmt: skip
    true: dict[str, set] = defaultdict(set)
    got: dict[str, set] = defaultdict(set)
    naive: dict[str, set] = defaultdict(set)
    sources: dict[str, list[str]] = defaultdict(list)
    for deal in correspondence.deals:
        true[deal.party] |= set(combinations(sorted(deal.source_ids), 2))
        sources[deal.party] += deal.source_ids
    for party, ids in sources.items():
        naive[party] = set(combinations(sorted(ids), 2))
    for opportunity in found.opportunities:
        ids = sorted({_source(m.fragment_id) for m in opportunity.members})
        for pair in combinations(ids, 2):
            got[party_of.get(pair[0], "distractor")].add(pair)
    parties = sorted({*true, *got})
    cases = [Hits(len(true[p] & got[p]), len(got[p]), len(true[p])) for p in parties]
    plain = [Hits(len(true[p] & naive[p]), len(naive[p]), len(true[p])) for p in parties]
    for party in parties:
        for pair in sorted(true[party] ^ got[party]):
            told = "together" if pair in true[party] else "apart"
            result.misses.append(
                Miss("opportunities.correlation.pairwise_f1", " ".join(pair), told, "the other")
            )
    result.metrics.append(
        Metric(
            "opportunities.correlation.pairwise_f1",
            f1_of(cases),
            sum(c.expected for c in cases),
            f1_of(plain),
            seconds,
            "one deal a customer",
            f1_interval(cases),
        )
    )


def _source(fragment_id: str) -> str:
    """The raw source's id: a mail within a mail counts for the one it lies in."""
    return _WITHIN.sub("", fragment_id.partition(":")[2])
