"""The opportunities that are found in the real mail, written out for people to look through.

The folder's mail has no labels of opportunities, so nothing can be counted right; what the product
makes of it is listed with its evidence. Twice: with the words of the shipped trade, as the line
would read it, and with a vocabulary without any product, where nothing says what is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assets.fragments import mail_fragments
from benchmarks.evaluation.measure import Evaluation, Metric, Stopwatch, share_interval
from detection.correspondence.records import MailMessage
from detection.correspondence.rfq.vocabulary import Vocabulary
from ml.opportunities.building import build_opportunities
from ml.opportunities.records import Opportunity

#: The file within the folder of outputs.
REVIEW = "evaluation-opportunities-in-real-mail.csv"
HEADER = ("vocabulary", "opportunity", "customer", "stage", "priority", "quantity", "price",
          "currency", "value", "delivery", "products", "last_touched", "mails", "sources",
          "stage_sentence", "quantity_sentence", "price_sentence")  # fmt: skip


def review(mails: Sequence[MailMessage], shipped: Vocabulary, result: Evaluation) -> None:
    """Write what is found into the reviews of ``result``, with the share of mails it is made of."""
    lines: list[list[str]] = [list(HEADER)]
    for name, vocabulary in (("as shipped", shipped), ("without products", Vocabulary())):
        watch = Stopwatch()
        found = _found(mails, vocabulary)
        used = sum(len(opportunity.members) for opportunity in found)
        lines += [_line(name, opportunity) for opportunity in found]
        result.metrics.append(
            Metric(
                f"opportunities.real_mail_used.{name.replace(' ', '_')}",
                used / len(mails),
                len(mails),
                0.0,
                watch.seconds(),
                "none; every one is listed for review",
                share_interval(used, len(mails)),
            )
        )
    result.reviews[REVIEW] = lines


def _found(mails: Sequence[MailMessage], vocabulary: Vocabulary) -> list[Opportunity]:
    fragments, _ = mail_fragments(mails, vocabulary)
    days = [f.occurred_at.date() for f in fragments]
    return build_opportunities(fragments, max(days, default=date(2000, 1, 1)))


def _line(vocabulary: str, found: Opportunity) -> list[str]:
    said = {c.claim.field: c.claim.evidence or "" for c in found.candidates if c.is_chosen}
    return [
        vocabulary,
        found.opportunity_id,
        found.customer_domain or found.customer or "",
        found.stage,
        found.priority,
        _range(found.unit_low, found.unit_high),
        _range(found.price_low, found.price_high),
        found.currency or "",
        "" if found.value is None else f"{found.value:g}",
        str(found.delivery_on or ""),
        ", ".join(found.products),
        found.last_touched_at.date().isoformat(),
        str(len(found.members)),
        " ".join(member.fragment_id for member in found.members),
        found.stage_evidence or "",
        said.get("quantity", ""),
        said.get("unit_price", ""),
    ]


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
