"""``opportunities.lines.f1``: mails with several products, each with its own quantity and price.

The mails are ours (``sandbox.correspondence.order_lines``), so the figure says what is broken. A
line is right where product, part number, quantity, price and currency are. Baseline: the n-th name
goes with the n-th quantity and the n-th price of the text.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from assets.fragments import mail_fragments
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
from detection.correspondence.mail.message import read_message
from detection.correspondence.rfq.vocabulary import Vocabulary
from ml.opportunities.building import build_opportunities
from ml.opportunities.line_items import lines_of
from ml.opportunities.records import Fragment, LineItem
from sandbox.correspondence.order_lines import LinesMail, lines_mails
from sandbox.correspondence.order_tables import table_distractors, table_mails

NAME = "opportunities.lines.f1"
SEED, MAILS = 20_262, 300
_GAP = re.compile(r" {2,}|\t|\|")
Line = tuple[str | None, str | None, float | None, float | None, str | None]


def measure_lines(vocabulary: Vocabulary, result: Evaluation) -> None:
    """The figure for layouts that readers were written beside, and for others."""
    kinds = {
        NAME: lines_mails(SEED, MAILS),
        f"{NAME}.unseen_words": lines_mails(SEED, MAILS, unseen=True),
        f"{NAME}.tables": table_mails(SEED, MAILS),
    }
    for name, mails in kinds.items():
        watch = Stopwatch()
        cases, plain = [], []
        for case in mails:
            fragments, _ = mail_fragments([read_message(case.mail.data)], vocabulary)
            want = _truth(case)
            # Measured on the day of the last mail: no line depends on it.
            day = max(f.occurred_at for f in fragments).date() if fragments else None
            found = build_opportunities(fragments, day) if day else []
            got = {_line(item) for one in found for item in one.lines}
            cases.append(Hits(len(got & want), len(got), len(want)))
            naive = {line for f in fragments for line in _in_order(f)}
            plain.append(Hits(len(naive & want), len(naive), len(want)))
            for line in sorted(got ^ want, key=str):
                told = ("expected", "") if line in want else ("", "found")
                result.misses.append(Miss(name, f"{case.mail.source_id} {line}", *told))
        result.metrics.append(
            Metric(
                name, f1_of(cases), sum(c.expected for c in cases), f1_of(plain), watch.seconds(),
                "n-th name with n-th quantity and price", f1_interval(cases),
            )
        )  # fmt: skip

    watch = Stopwatch()
    columns = table_distractors(SEED, MAILS)
    told = naively = 0
    for mail in columns:
        message = read_message(mail.data)
        split = [_GAP.split(line.strip()) for line in message.body_text.split("\n")]
        naively += sum(len(cells) > 2 for cells in split) > 1
        fragments, _ = mail_fragments([message], vocabulary)
        found = any(lines_of(fragment) for fragment in fragments)
        told += found
        if found:
            result.misses.append(Miss(f"{NAME}.columns_taken", mail.source_id, "", "found"))
    result.metrics.append(
        Metric(
            f"{NAME.removesuffix('.f1')}.columns_taken", told / len(columns), len(columns),
            naively / len(columns), watch.seconds(), "two lines of three columns",
            share_interval(told, len(columns)),
        )
    )  # fmt: skip


def _truth(case: LinesMail) -> set[Line]:
    return {(t.product, t.part_number, t.quantity, t.unit_price, t.currency) for t in case.lines}


def _line(item: LineItem) -> Line:
    quantity, price = item.quantity, item.unit_price
    return (
        item.product, item.part_number, quantity.high if quantity else None,
        price.high if price else None, price.currency if price else None,
    )  # fmt: skip


def _in_order(fragment: Fragment) -> set[Line]:
    told = {
        field: [c for c in fragment.claims if c.field == field]
        for field in ("product", "part_number", "quantity", "unit_price")
    }
    return {
        (
            product.value,
            part.value if part else None,
            quantity.high if quantity else None,
            price.high if price else None,
            price.currency if price else None,
        )
        for product, part, quantity, price in zip_longest(*told.values())
        if product is not None
    }
