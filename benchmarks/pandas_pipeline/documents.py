"""Mentions that documents, feeds and databases tell."""

from __future__ import annotations

import numpy as np
import orjson
import pandas as pd

from benchmarks.pandas_pipeline.keys import (
    cik_key,
    company_key,
    domain_key,
    map_distinct,
    person_key,
)
from benchmarks.pandas_pipeline.reading import SEEDS, Input
from benchmarks.pandas_pipeline.shape import as_mentions


def form_d_mentions(data: Input) -> pd.DataFrame:
    """Funding that filings tell."""
    frame = data.detections("form_d_offerings")
    frame = frame[~frame["is_pooled_fund"]].copy()
    amount = frame["total_amount_sold"].replace(0, np.nan).fillna(frame["total_offering_amount"])
    debt = frame["is_debt"] & ~frame["is_equity"]
    filed = pd.to_datetime(frame["filed_on"])
    return as_mentions(
        frame,
        mention_key="funding_round",
        signal_type="funding_round",
        signal_subtype=np.where(debt, "debt", "equity"),
        title="Filed a Form D",
        polarity="positive",
        status=np.where(
            frame["total_amount_sold"].fillna(0).eq(0) & frame["first_sale_on"].isna(),
            "planned",
            "done",
        ),
        occurred_on=pd.to_datetime(frame["first_sale_on"]).fillna(filed),
        published_at=filed,
        company_name=frame["issuer_name"],
        cik=map_distinct(frame["cik"], cik_key),
        amount=amount,
        currency="USD",
        amount_usd=amount,
        other_amount_usd=frame["total_offering_amount"],
        round_type=pd.Series(np.where(debt, "debt", None), frame.index, dtype=object),
        amends_record_id=frame["previous_accession_number"],
    )


def crunchbase_mentions(data: Input, round_types: pd.Series) -> pd.DataFrame:
    """Funding that the investors' database tells."""
    frame = data.lake("crunchbase", "funding_rounds", ["payload"])
    parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
    rounds = [row.get("properties") or row for row in parsed]
    money = [row.get("money_raised") or {} for row in rounds]
    value = pd.Series([m.get("value") for m in money], frame.index, dtype=float)
    usd = pd.Series([m.get("value_usd") for m in money], frame.index, dtype=float)
    currency = pd.Series([m.get("currency") for m in money], frame.index, dtype=object)
    stated = pd.Series([row.get("investment_type") for row in rounds], frame.index, dtype=object)
    kind = stated.str.lower().map(round_types).astype(object)
    announced_text = pd.Series(
        [row.get("announced_on") for row in rounds], frame.index, dtype=object
    )
    announced = pd.to_datetime(announced_text, errors="coerce")
    name = pd.Series([(row.get("identifier") or {}).get("value") for row in rounds], frame.index)
    name = name.fillna("Funding round")
    investors = [[i.get("value") for i in row.get("investor_identifiers") or []] for row in rounds]
    lead = [[i.get("value") for i in row.get("lead_investor_identifiers") or []] for row in rounds]
    return as_mentions(
        frame.assign(reader_confidence=1.0, evidence=name + " announced " + announced_text),
        mention_key="funding_round",
        signal_type="funding_round",
        signal_subtype=kind,
        title=name,
        polarity="positive",
        status="done",
        occurred_on=announced,
        published_at=announced.fillna(frame["observed_at"]),
        company_name=[
            (row.get("funded_organization_identifier") or {}).get("value") for row in rounds
        ],
        amount=value.fillna(usd),
        currency=currency.where(value.notna(), pd.Series("USD", frame.index).where(usd.notna())),
        amount_usd=usd,
        round_type=kind,
        valuation_usd=[(row.get("post_money_valuation") or {}).get("value_usd") for row in rounds],
        investors=[orjson.dumps(names).decode() for names in investors],
        lead_investor=[names[0] if names else None for names in lead],
        reject_reason=pd.Series("unreadable_date", frame.index).where(
            announced.isna() & announced_text.notna(), None
        ),
    )


def press_mentions(data: Input, round_types: pd.Series) -> pd.DataFrame:
    """What press items tell, of both companies where two are concerned."""
    frame = data.detections("press_events")
    frame["content_fingerprint"] = frame["release_id"].fillna(frame["content_fingerprint"])
    # A takeover and a partnership are told of both companies.
    other = frame[
        frame["signal_type"].isin(["acquisition", "partnership"])
        & frame["counterparty_name"].notna()
    ].copy()
    other["company_name"], other["counterparty_name"] = (
        other["counterparty_name"],
        other["company_name"],
    )
    other["company_domain"] = None
    sides = {"acquirer": "acquired", "acquired": "acquirer"}
    other["signal_subtype"] = other["signal_subtype"].replace(sides)
    frame = pd.concat([frame, other], ignore_index=True)
    kind = frame["round_type"].str.lower().map(round_types).astype(object)
    funding = frame["signal_type"] == "funding_round"
    subtype = kind.where(funding, frame["signal_subtype"].fillna(frame["change_type"]))
    published = frame["published_at"]
    key = zip(
        frame["signal_type"],
        frame["signal_subtype"],
        map_distinct(frame["company_name"], company_key),
        map_distinct(frame["person_name"], person_key),
        frame["city"].str.lower(),
        frame["counterparty_name"].str.lower(),
        frame["round_type"],
        strict=True,
    )
    change = frame["change_type"]
    return as_mentions(
        frame,
        mention_key=["|".join(p for p in parts if isinstance(p, str)) for parts in key],
        signal_type=frame["signal_type"],
        signal_subtype=subtype,
        occurred_on=pd.to_datetime(frame["occurred_on"]).fillna(published.dt.normalize()),
        published_at=published,
        evidence=frame["evidence"].fillna(frame["sentence"]),
        company_domain=map_distinct(frame["company_domain"], domain_key),
        currency=frame["currency"].str.upper(),
        round_type=kind,
        job_title=frame["position"],
        effective_on=pd.to_datetime(frame["effective_on"]),
        direction=pd.Series(
            np.where(change == "departure", "outgoing", "incoming"), frame.index, dtype=object
        ).where(change.notna(), None),
    )


def executive_mentions(data: Input) -> pd.DataFrame:
    """Changes of executives that filings tell."""
    frame = data.detections("executive_changes")
    frame = frame[~frame["is_board_only"].fillna(False)].copy()
    announced, effective = (pd.to_datetime(frame[n]) for n in ("announced_on", "effective_on"))
    person = map_distinct(frame["person_name"], person_key).fillna("")
    verb = np.where(frame["change_type"] == "departure", " leaves as ", " becomes ")
    return as_mentions(
        frame,
        mention_key="executive_change|" + person + "|" + frame["direction"],
        signal_type="executive_change",
        signal_subtype=frame["change_type"],
        title=frame["person_name"] + verb + frame["position"],
        polarity=np.where(frame["direction"] == "outgoing", "negative", "positive"),
        status=np.where(effective > announced, "planned", "done"),
        occurred_on=announced,
        published_at=frame["observed_at"],
        cik=map_distinct(frame["cik"], cik_key),
        job_title=frame["position"],
        effective_on=effective,
    )


def filing_mentions(data: Input) -> pd.DataFrame:
    """Signals that an item of a filing is by its number."""
    kinds = pd.read_csv(SEEDS / "filing_item_signals.csv", dtype=str)
    frame = data.detections("filing_items").merge(kinds, on="item_code")
    return as_mentions(
        frame,
        mention_key="item|" + frame["item_code"],
        signal_type=frame["signal_type"],
        status="done",
        occurred_on=pd.to_datetime(frame["filed_on"]),
        published_at=frame["observed_at"],
        evidence=frame["evidence"].fillna(frame["text_excerpt"]),
        cik=map_distinct(frame["cik"], cik_key),
    )


def filing_event_mentions(data: Input) -> pd.DataFrame:
    """Agreements, acquisitions and financings that filings tell."""
    frame = data.detections("filing_events")
    key = zip(
        frame["signal_type"],
        frame["signal_subtype"],
        map_distinct(frame["counterparty_name"], company_key),
        strict=True,
    )
    filed = pd.to_datetime(frame["filed_on"])
    return as_mentions(
        frame,
        mention_key=["|".join(["event", *(p for p in k if isinstance(p, str))]) for k in key],
        title="Told in an 8-K",
        occurred_on=pd.to_datetime(frame["occurred_on"]).fillna(filed),
        published_at=frame["observed_at"],
        cik=map_distinct(frame["cik"], cik_key),
        currency=frame["currency"].str.upper(),
    )
