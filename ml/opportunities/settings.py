"""What may be tuned about the care for opportunities: limits of quality, length of history.

Defaults are written here once; ``config/opportunity_review.yaml`` may state others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ml.opportunities.records import STAGES

#: What a deal may be asked to have: the customer, people, what is bought, and under which terms.
CHECKED_FIELDS = (
    "customer", "contact", "owner", "product", "quantity", "unit_price", "value", "margin",
    "delivery_date", "quote_due", "decision_date", "lead_time", "payment_terms", "delivery_terms",
    "reference", "next_step",
)  # fmt: skip

_BASIC = ("customer", "contact", "owner", "product")
_REQUIRED = {
    "research_concept": ("customer", "contact", "product", "next_step"),
    "rfq": (*_BASIC, "quantity", "delivery_date", "quote_due", "next_step"),
    "quoting": (*_BASIC, "quantity", "unit_price", "delivery_date", "decision_date", "next_step"),
    "po_in_progress": (
        *_BASIC, "quantity", "unit_price", "delivery_date", "payment_terms", "delivery_terms",
        "reference", "next_step",
    ),
    "won": ("customer", "product", "quantity", "unit_price", "value", "reference"),
    "lost": ("customer", "product"),
}  # fmt: skip
_BLOCKING = {
    "rfq": ("customer", "product", "quantity"),
    "quoting": ("customer", "quantity", "unit_price"),
    "po_in_progress": ("customer", "quantity", "unit_price", "delivery_date"),
}
#: Days without a word after which a deal of the stage is stale; those that are over have none.
_SLA_DAYS = {"research_concept": 30.0, "rfq": 5.0, "quoting": 14.0, "po_in_progress": 7.0}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weights(_Strict):
    """Shares of the three parts in the quality score; together 1."""

    completeness: float = Field(default=0.5, ge=0, le=1)
    consistency: float = Field(default=0.3, ge=0, le=1)
    freshness: float = Field(default=0.2, ge=0, le=1)

    @model_validator(mode="after")
    def _whole(self) -> Weights:
        total = self.completeness + self.consistency + self.freshness
        if abs(total - 1) > 1e-9:
            raise ValueError(f"weights are {total:g} together: they must be 1")
        return self


class QualityConfig(_Strict):
    """Limits of the quality findings; a stage that a mapping leaves out keeps its default."""

    weights: Weights = Weights()
    sla_days: dict[str, Annotated[float, Field(gt=0)]] = _SLA_DAYS
    required: dict[str, tuple[str, ...]] = _REQUIRED
    blocking: dict[str, tuple[str, ...]] = _BLOCKING
    #: Share by which a stated total may differ from quantity times price.
    total_tolerance: float = Field(default=0.05, ge=0, le=1)
    #: Days after their due day during which next steps count as overdue; older ones are past.
    overdue_days: int = Field(default=60, ge=1)
    #: Sources of less probability are pointed out.
    weak_source_below: float = Field(default=0.7, ge=0, le=1)

    @field_validator("sla_days", "required", "blocking", mode="before")
    @classmethod
    def _completed(cls, stated: object, info) -> object:
        defaults = {"sla_days": _SLA_DAYS, "required": _REQUIRED, "blocking": _BLOCKING}
        if not isinstance(stated, Mapping):
            return stated
        if unknown := sorted(set(stated) - set(STAGES)):
            raise ValueError(f"no stage {unknown[0]!r}; there are {', '.join(STAGES)}")
        if info.field_name == "sla_days" and (over := {"won", "lost"} & set(stated)):
            raise ValueError(f"a deal that is {min(over)} does not go stale; take it out")
        return {**defaults[info.field_name], **stated}

    @field_validator("required", "blocking")
    @classmethod
    def _known(cls, stated: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for stage, fields in stated.items():
            if unknown := sorted(set(fields) - set(CHECKED_FIELDS)):
                raise ValueError(
                    f"{stage}: no field {unknown[0]!r}; there are {', '.join(CHECKED_FIELDS)}"
                )
        return stated


class HistoryConfig(_Strict):
    """How long days joined are kept."""

    keep_snapshots: int = Field(
        default=90, ge=1, description="Days joined that stay: snapshots and all other tables."
    )


class ReviewConfig(_Strict):
    """What ``config/opportunity_review.yaml`` may say."""

    quality: QualityConfig = QualityConfig()
    history: HistoryConfig = HistoryConfig()
