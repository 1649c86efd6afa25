"""Which company a mention means, and which mentions tell one event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.keys import company_key, map_distinct, md5_texts, person_key
from benchmarks.pandas_pipeline.reading import read_seed


def resolve(found: pd.DataFrame, known: Companies) -> pd.DataFrame:
    """Mentions with the company they mean; those that mean none are left out."""
    by = {
        "domain": found["company_domain"].map(known.lookup["domain"]),
        "cik": found["cik"].map(known.lookup["cik"]),
        "board": found["board_key"].map(known.lookup["board"]),
        "name": found["company_name_key"].map(known.lookup["name"]),
    }
    another = (found["company_domain"].notna() & by["name"].isin(known.has_domain)) | (
        found["cik"].notna() & by["name"].isin(known.has_cik)
    )
    company = by["domain"].fillna(by["cik"]).fillna(by["board"])
    company = company.fillna(by["name"].where(~another))
    return found.assign(company_id=company)[company.notna()].reset_index(drop=True)


def cluster(found: pd.DataFrame) -> pd.DataFrame:
    """Mentions with the id of the signal they tell; those of one event share it."""
    types = read_seed("signal_types").set_index("signal_type")
    trust = read_seed("source_trust").set_index("source")
    found["priority"] = found["source"].map(trust["priority"])
    kind = found["signal_type"]
    person = map_distinct(found["person_name"], person_key) + "|" + found["direction"].fillna("")
    other = map_distinct(found["counterparty_name"], company_key)
    topic = pd.Series(None, found.index, dtype=object)
    topic = topic.mask(kind == "executive_change", person)
    topic = topic.mask(kind == "expansion", found["city"].str.lower())
    topic = topic.mask(kind.isin(["acquisition", "partnership"]), other)
    topic = topic.mask(kind == "product_launch", found["product_name"].str.lower())
    topic = topic.mask(kind == "regulatory_filing", found["signal_subtype"])
    said = found["signal_subtype"].fillna("results").replace("call", "results")
    found["topic"] = topic.mask(kind == "earnings_call", said)
    found["topic"] = found["topic"].where(found["topic"].notna(), None)
    # Lists of postings and technologies come from one source each here.
    single = kind.isin(["job_posting", "technology_adoption"])
    copies = found[~single].copy()
    copies["print"] = copies["content_fingerprint"].fillna(copies["mention_id"])
    copies = copies.sort_values(["detected_at", "occurred_on", "mention_id"])
    same = ["company_id", "signal_type", "polarity", "topic", "round_type", "print"]
    copies["copied"] = copies.groupby(same, dropna=False, sort=False)["mention_id"].transform(
        "first"
    )
    copies["said"] = copies["copied"].map(_repeats(copies, types)).fillna(copies["copied"])
    originals = copies[copies["mention_id"] == copies["said"]].copy()
    originals["country"] = originals["country"].str.lower()
    originals["vague"] = originals["topic"].isna() & originals["amount_usd"].isna()
    originals["placeless"] = (originals["signal_type"] != "expansion") | originals["country"].isna()
    originals = originals.sort_values(
        ["vague", "placeless", "detected_at", "priority", "occurred_on", "mention_id"]
    )
    group = ["company_id", "signal_type"]
    originals["rank"] = originals.groupby(group, sort=False).cumcount()
    originals["window"] = originals["signal_type"].map(types["dedupe_window_days"])
    joined = _links(originals)
    root = {m: m for m in originals["mention_id"]}
    for mention in originals.sort_values("rank")["mention_id"]:
        if mention in joined:
            root[mention] = root[joined[mention]]
    found["root"] = found["mention_id"]
    found.loc[copies.index, "root"] = copies["said"].map(root)
    found = found.sort_values(["detected_at", "priority", "occurred_on", "mention_id"])
    first = found.groupby("root", sort=False)["mention_id"].transform("first")
    found["signal_id"] = md5_texts("signal|" + first)
    return found


def _repeats(copies: pd.DataFrame, types: pd.DataFrame) -> dict[str, str]:
    """The first of the reports whose content is the same to the letter, for each of them."""
    told = copies[
        (copies["mention_id"] == copies["copied"])
        & (copies["topic"].notna() | copies["amount_usd"].notna())
    ].sort_values(["occurred_on", "detected_at", "mention_id"])
    same = ["company_id", "signal_type", "polarity", "topic", "round_type", "amount_usd"]
    content = told.groupby(same, dropna=False, sort=False)
    silence = content["occurred_on"].diff().dt.days
    window = told["signal_type"].map(types["dedupe_window_days"])
    told["anew"] = (~(silence <= window)).astype(int)
    told["spell"] = told.groupby(same, dropna=False, sort=False)["anew"].cumsum()
    told = told.sort_values(["detected_at", "priority", "occurred_on", "mention_id"])
    first = told.groupby([*same, "spell"], dropna=False, sort=False)["mention_id"]
    return dict(zip(told["mention_id"], first.transform("first"), strict=True))


def _links(originals: pd.DataFrame) -> dict[str, str]:
    columns = ["company_id", "signal_type", "polarity", "status", "mention_id", "source",
               "occurred_on", "detected_at", "amount_usd", "other_amount_usd", "round_type",
               "is_amendment", "topic", "rank", "window", "signal_subtype", "country",
               "record_id", "amends_record_id"]  # fmt: skip
    sides = originals[columns].copy()
    sides["is_amendment"] = sides["is_amendment"].fillna(False).astype(bool)
    sides["other_amount_usd"] = sides["other_amount_usd"].astype(float)
    p = sides.merge(sides, on=["company_id", "signal_type", "polarity"], suffixes=("", "_e"))
    p = p[p["rank"] > p["rank_e"]]
    p["apart"] = (p["occurred_on"] - p["occurred_on_e"]).dt.days.abs()
    same_source = p["source"] == p["source_e"]
    names, names_e = p["amends_record_id"], p["amends_record_id_e"]
    amends = same_source & (
        (names == p["record_id_e"]) | (names_e == p["record_id"]) | (names == names_e)
    )
    unnamed = same_source & (p["is_amendment"] | p["is_amendment_e"])
    unnamed &= names.isna() & names_e.isna() & (p["apart"] <= 400)
    p = p[(p["apart"] <= p["window"]) | amends | unnamed]
    a, b, oa, ob = (
        p["amount_usd"],
        p["amount_usd_e"],
        p["other_amount_usd"],
        p["other_amount_usd_e"],
    )
    sec, sec_e = p["source"] == "sec_edgar", p["source_e"] == "sec_edgar"
    agree = (
        a.between(0.8 * b, 1.25 * b)
        | oa.between(0.8 * b, 1.25 * b)
        | a.between(0.8 * ob, 1.25 * ob)
        | (sec & ~sec_e & a.between(b / 3, b * 1.25))
        | (sec_e & ~sec & b.between(a / 3, a * 1.25))
        | p["is_amendment"]
        | p["is_amendment_e"]
    )
    kind, same_topic = p["signal_type"], p["topic"] == p["topic_e"]
    open_topic = p["topic"].isna() | p["topic_e"].isna()
    same_round = p["round_type"] == p["round_type_e"]
    notes = ["bridge", "convertible_note"]
    rounds = same_round | p["round_type"].isna() | p["round_type_e"].isna()
    rounds |= p["round_type"].isin(notes) & p["round_type_e"].isin(notes)
    unnamed = p["round_type"].isna() | p["round_type_e"].isna()
    named = p["round_type"].fillna(p["round_type_e"])
    unnamed &= ~named.isin(["debt", "grant"]) & ~sec & ~sec_e & (p["apart"] <= 10)
    done, done_e = p["status"] == "done", p["status_e"] == "done"
    before = p["occurred_on_e"] <= p["occurred_on"]
    after = p["occurred_on_e"] >= p["occurred_on"]
    confirmed = (done & ~done_e & before) | (~done & done_e & after)
    funding = rounds & (
        a.isna() | b.isna() | agree | (same_round & (p["apart"] <= 30)) | unnamed | confirmed
    )
    places = (p["country"] == p["country_e"]) | p["country"].isna() | p["country_e"].isna()
    subtypes = p["signal_subtype"].fillna("") == p["signal_subtype_e"].fillna("")
    launches = open_topic | _one_begins_the_other(p["topic"], p["topic_e"])
    told_again = np.select(
        [
            kind == "funding_round",
            kind == "executive_change",
            kind == "expansion",
            kind == "product_launch",
        ],
        [funding, same_topic, same_topic | (open_topic & subtypes & places), launches],
        same_topic | open_topic,
    )
    p = p[told_again.astype(bool)]
    p = p.sort_values(["detected_at_e", "apart", "rank_e"]).drop_duplicates("mention_id")
    return dict(zip(p["mention_id"], p["mention_id_e"], strict=True))


def _one_begins_the_other(a: pd.Series, b: pd.Series) -> pd.Series:
    pairs = zip(a, b, strict=True)
    begun = [isinstance(x, str) and isinstance(y, str) and (x.startswith(y) or y.startswith(x))
             for x, y in pairs]  # fmt: skip
    return pd.Series(begun, a.index, dtype=bool)
