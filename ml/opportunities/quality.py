"""What is wrong with an opportunity, how bad that is, and what to do about it.

Findings are of three kinds. ``completeness``: what a deal of its stage should have and has not.
``consistency``: what cannot be true together, sources that disagree. ``staleness``: days that have
passed. A ``blocker`` keeps the deal from its next stage, a ``warning`` wants a look, a ``note``
is good to know.

The score, 0 to 100, is ``weights`` times three parts (``settings.QualityConfig``):

- completeness: share of the fields that the stage requires and that are known;
- consistency: 100, less 40 for each blocker, 15 for each warning and 5 for each note of that kind,
  and at least 0;
- freshness: 100 while the last word is within the stage's SLA, then falling evenly to 0 at three
  times the SLA; 100 for what is won or lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from ml.opportunities.quality_rules import CONSISTENCY_RULES, STALENESS_RULES
from ml.opportunities.records import Finding, Opportunity
from ml.opportunities.settings import QualityConfig

#: Points that findings take from consistency.
PENALTY = {"blocker": 40, "warning": 15, "note": 5}
_SEVERITY_ORDER = {"blocker": 0, "warning": 1, "note": 2}

_HAS: Mapping[str, Callable[[Opportunity], object]] = {
    "customer": lambda o: o.customer or o.customer_domain,
    "contact": lambda o: any(a.side == "customer" for a in o.actors),
    "owner": lambda o: any(a.side == "vendor" for a in o.actors),
    "product": lambda o: o.products or o.part_numbers,
    "quantity": lambda o: o.unit_high,
    "unit_price": lambda o: o.price_high,
    "value": lambda o: o.value,
    "margin": lambda o: o.margin_high,
    "delivery_date": lambda o: o.delivery_on,
    "quote_due": lambda o: o.quote_due_on,
    "decision_date": lambda o: o.decision_on or o.close_on,
    "lead_time": lambda o: o.lead_time_days,
    "payment_terms": lambda o: o.payment_terms,
    "delivery_terms": lambda o: o.delivery_terms,
    "reference": lambda o: o.references,
    "next_step": lambda o: any(s.status != "done" for s in o.next_steps),
}
_REMEDY = {
    "customer": "Annotate the customer, or merge the source into one that names it.",
    "contact": "Ask who decides, and have that person in the mail.",
    "owner": "Say who of us looks after it.",
    "product": "Ask what is wanted; add the trade's word for it to config/vocabulary.yaml.",
    "quantity": "Ask for the quantity, or for the range to quote.",
    "unit_price": "State the price in writing, or annotate it.",
    "value": "State the total, or quantity and price.",
    "margin": "Reckon the margin and note it in the CRM.",
    "delivery_date": "Ask by when it is needed.",
    "quote_due": "Ask by when the quotation is expected.",
    "decision_date": "Ask when the decision falls, or date it in the CRM.",
    "lead_time": "State the lead time in the quotation.",
    "payment_terms": "Agree on the terms of payment in writing.",
    "delivery_terms": "Agree on the terms of delivery (Incoterms) in writing.",
    "reference": "Ask for the number of the request or order.",
    "next_step": "Agree on what comes next, who does it and by when.",
}


@dataclass(frozen=True)
class Quality:
    """The quality of one opportunity: the score, its parts and the findings."""

    opportunity_id: str
    #: 0 to 100, to one decimal, as are the parts.
    score: float
    completeness: float
    consistency: float
    freshness: float
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        """How many findings are of the severity."""
        return sum(f.severity == severity for f in self.findings)


def has_field(opportunity: Opportunity, field: str) -> bool:
    """Whether a field of ``settings.CHECKED_FIELDS`` is known."""
    return bool(_HAS[field](opportunity))


def assess(
    opportunity: Opportunity, as_of: date, config: QualityConfig, extra: tuple[Finding, ...] = ()
) -> Quality:
    """Quality on the day ``as_of`` (UTC); ``extra`` are findings drawn elsewhere (reviews)."""
    findings = [
        *_incomplete(opportunity, config),
        *(f for rule in CONSISTENCY_RULES for f in rule(opportunity, as_of, config)),
        *(f for rule in STALENESS_RULES for f in rule(opportunity, as_of, config)),
        *extra,
    ]
    return quality_of(
        opportunity.opportunity_id, opportunity.stage, opportunity.last_touched_at, findings,
        as_of, config,
    )  # fmt: skip


def quality_of(
    opportunity_id: str,
    stage: str,
    last_touched_at: datetime,
    findings: Iterable[Finding],
    as_of: date,
    config: QualityConfig,
) -> Quality:
    """Quality by the findings of all rules: what is missing, how bad it is, and since when."""
    told = sorted(
        findings, key=lambda f: (_SEVERITY_ORDER[f.severity], f.kind, f.rule, f.field or "")
    )
    required = config.required[stage]
    missing = {f.field for f in told if f.kind == "completeness"}
    known = sum(field not in missing for field in required)
    completeness = 100.0 * known / len(required) if required else 100.0
    lost = sum(PENALTY[f.severity] for f in told if f.kind == "consistency")
    consistency = float(max(0, 100 - lost))
    freshness = _freshness(stage, last_touched_at, as_of, config)
    weights = config.weights
    score = (
        weights.completeness * completeness
        + weights.consistency * consistency
        + weights.freshness * freshness
    )
    return Quality(
        opportunity_id, round(score, 1), round(completeness, 1), round(consistency, 1),
        round(freshness, 1), tuple(told),
    )  # fmt: skip


def _incomplete(opportunity: Opportunity, config: QualityConfig) -> Iterator[Finding]:
    stage = opportunity.stage
    blocking = config.blocking.get(stage, ())
    for field in dict.fromkeys((*config.required[stage], *blocking)):
        if not has_field(opportunity, field):
            name = field.replace("_", " ")
            yield Finding(
                opportunity.opportunity_id, f"no_{field}", "completeness",
                "blocker" if field in blocking else "warning",
                field, f"No {name} is known at stage {stage}.", _REMEDY[field],
            )  # fmt: skip


def _freshness(stage: str, last_touched_at: datetime, as_of: date, config: QualityConfig) -> float:
    sla = config.sla_days.get(stage)
    if sla is None:
        return 100.0
    end = datetime.combine(as_of, time.max, UTC)
    late = (end - last_touched_at).total_seconds() / 86_400 - sla
    return max(0.0, min(100.0, 100.0 * (1 - late / (2 * sla))))
