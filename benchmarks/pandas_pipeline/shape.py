"""The columns of a mention."""

from __future__ import annotations

from typing import Any

import pandas as pd

DETAILS = [
    "signal_subtype", "title", "evidence", "source_url", "amount", "currency", "amount_usd",
    "round_type", "valuation_usd", "investors", "lead_investor", "person_name", "job_title",
    "level", "department", "stated_department", "change_type", "direction", "effective_on",
    "is_interim", "city", "country", "headcount", "counterparty_name", "product_name", "technology",
    "technology_category", "technology_vendor", "occurred_on",
]  # fmt: skip


_SHAPE = [
    "mention_key", "source", "stream", "record_id", "payload_sha256", "signal_type", "polarity",
    "status", "published_at", "fetched_at", "reader_confidence", "company_name", "company_domain",
    "cik", "board_key", "other_amount_usd", "is_amendment", "amends_record_id",
    "content_fingerprint",
    "reject_reason",
    *DETAILS,
]  # fmt: skip


def as_mentions(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """The columns of a mention: those given, else the frame's by the same name, else none."""
    made = frame.assign(**columns)
    ended = ["ended_at"] if "ended_at" in made else []
    return made.reindex(columns=[*_SHAPE, *ended]).astype(
        {name: object for name in made.columns if name in _SHAPE and made[name].dtype.kind == "b"}
    )
