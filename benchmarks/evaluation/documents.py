"""``documents.*``: what is found again of generated files of shared folders.

The files are ours (``sandbox.correspondence.paperwork``), so the figures say what is broken, not
how the world files its paper. The texts of the folder's real mails are put beside them as text
files: none is a document of a deal. The baseline takes every file that says "quote" or "RFQ" for
one of a deal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assets.fragments import fragment_of_call, fragment_of_document
from benchmarks.evaluation.measure import Evaluation, Metric, Miss, Stopwatch, share_interval
from benchmarks.evaluation.opportunities import (
    AS_OF,
    FIELDS,
    claimed,
    find,
    real_mail,
    shipped_vocabulary,
)
from detection.correspondence.documents.formats import read_text
from detection.correspondence.documents.reading import (
    Document,
    read_as_meeting,
    read_document,
)
from detection.correspondence.rfq.vocabulary import Vocabulary
from ml.opportunities.building import build_opportunities
from ml.opportunities.records import Fragment
from sandbox.correspondence.generate import generate
from sandbox.correspondence.paperwork import GOOGLE_DOCUMENT, GOOGLE_SHEET, paperwork_of
from sandbox.correspondence.records import RawDocument

SEED, DEALS = 20_262, 200
_EXPORTED = {GOOGLE_DOCUMENT: "text/plain", GOOGLE_SHEET: "text/csv"}
_PLAIN = re.compile(rb"quot|rfq", re.I)
_PLAIN_IS = "every file with quote or RFQ in it"


@dataclass(frozen=True)
class _File:
    """A file and what was made of it; None where it is no source of a deal."""

    raw: RawDocument
    fragment: Fragment | None


def evaluate(data: Path) -> Evaluation:
    """Facts of single files, which of them are sources, and which deal each joins."""
    result = Evaluation()
    words = shipped_vocabulary()
    correspondence = generate(SEED, DEALS, 0)
    papers = paperwork_of(correspondence, SEED)
    truth = {source.source_id: source for source in papers.sources}
    watch = Stopwatch()
    files = [_File(raw, fragment_of(raw, words)) for raw in papers.files]
    others = [_File(raw, fragment_of(raw, words)) for raw in _mails_as_files(data)]
    found = find(correspondence, words)
    sources = [*found.fragments, *(f.fragment for f in files if f.fragment)]
    deal_of = {s: deal.deal_id for deal in correspondence.deals for s in deal.source_ids}
    member_of = {}
    for opportunity in build_opportunities(sources, AS_OF):
        names = [_name(m.fragment_id) for m in opportunity.members]
        deals = Counter(deal_of[name] for name in names if name in deal_of)
        deal = max(deals.items(), key=lambda d: (d[1], d[0]))[0] if deals else None
        member_of.update(dict.fromkeys(names, deal))
    seconds = watch.seconds()
    right = asked = joined = 0
    ours = [f for f in files if truth[f.raw.source_id].deal_id]
    for file in ours:
        told = truth[file.raw.source_id]
        for name, (field, expected_of) in FIELDS.items():
            expected = expected_of(told.facts)
            if expected is None:
                continue
            got = claimed(file.fragment, name, field) if file.fragment else set()
            asked, right = asked + 1, right + (expected in got)
            if expected not in got:
                said = str(sorted(map(str, got)))
                miss = Miss("documents.field_accuracy", told.source_id, f"{name} {expected}", said)
                result.misses.append(miss)
        is_joined = member_of.get(told.source_id) == told.deal_id
        joined += is_joined
        if not is_joined:
            got = str(member_of.get(told.source_id))
            result.misses.append(Miss("documents.joined", told.source_id, str(told.deal_id), got))
    other = [f for f in files if not truth[f.raw.source_id].deal_id] + others
    used = sum(f.fragment is not None for f in other)
    plain = sum(_PLAIN.search(f.raw.data) is not None for f in other)
    for name, good, of, baseline, is_plain in (
        ("field_accuracy", right, asked, 0.0, "none"),
        ("joined", joined, len(ours), 0.0, "none"),
        ("distractors_used", used, len(other), plain / len(other), _PLAIN_IS),
    ):
        interval = share_interval(good, of)
        metric = Metric(f"documents.{name}", good / of, of, baseline, seconds, is_plain, interval)
        result.metrics.append(metric)
    return result


def fragment_of(raw: RawDocument, words: Vocabulary) -> Fragment | None:
    """A generated file as a source, by the product's own code."""
    kind = _EXPORTED.get(raw.media_type, raw.media_type)
    document = Document(
        raw.source_id,
        raw.name.partition(".")[0],
        read_text(raw.data, kind, raw.name),
        raw.changed_at.replace(tzinfo=UTC),
        None,
        (raw.owner,),
    )
    meeting = read_as_meeting(document, words)
    if meeting is not None:
        return fragment_of_call(meeting.reading)
    return fragment_of_document(read_document(document, words))


def _mails_as_files(data: Path) -> Iterator[RawDocument]:
    for number, mail in enumerate(real_mail(data)):
        yield RawDocument(
            f"mail-{number}", f"{mail.subject}.txt", "text/plain", mail.body_text.encode(),
            datetime(2026, 1, 5), ("Somebody", "somebody@other.example"),
        )  # fmt: skip


def _name(fragment_id: str) -> str:
    return fragment_id.partition(":")[2]
