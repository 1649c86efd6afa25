"""Mentions that boards and pages tell: what came to a list or went from it."""

from __future__ import annotations

import re

import numpy as np
import orjson
import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.jobs import VENDORS
from benchmarks.pandas_pipeline.keys import domain_key, fold, map_distinct, md5_texts, title_key
from benchmarks.pandas_pipeline.reading import Input, newest_rows
from benchmarks.pandas_pipeline.shape import as_mentions


def technology_mentions(changes: pd.DataFrame) -> pd.DataFrame:
    """Technologies that came to or went from a site, or rose to a new main version."""
    frame = changes[changes["change_type"] != "baseline"].copy()
    removed = frame["change_type"] == "removed"
    verbs = {"added": "Started using ", "removed": "Stopped using ", "upgraded": "Upgraded "}
    day = frame["scanned_on"].dt.strftime("%Y-%m-%d")
    return as_mentions(
        frame.assign(record_id=frame["domain"] + "|" + day),
        mention_key=frame["change_type"] + "|" + frame["technology"],
        signal_type="technology_adoption",
        signal_subtype=frame["change_type"],
        title=frame["change_type"].map(verbs) + frame["technology"],
        polarity=np.where(removed, "negative", "positive"),
        status="done",
        occurred_on=frame["scanned_on"],
        published_at=frame["fetched_at"],
        source_url=frame["page_url"].fillna(frame["source_url"]),
        company_domain=frame["domain"],
        technology_category=frame["category"],
        technology_vendor=frame["vendor"],
        change_type=None,
    )


def posting_mentions(jobs: pd.DataFrame) -> pd.DataFrame:
    """Postings, open and closed."""
    first = jobs[["published_at", "first_fetched_at"]].min(axis=1)
    title = jobs["title"]
    return as_mentions(
        jobs.assign(
            fetched_at=jobs["first_fetched_at"],
            reader_confidence=1.0,
            evidence=title.fillna("Position") + (", " + jobs["location"]).fillna(""),
        ),
        mention_key="posting",
        signal_type="job_posting",
        signal_subtype=jobs["level"].fillna("other"),
        title="Hiring: " + title.fillna("unnamed position"),
        polarity="positive",
        status="done",
        occurred_on=first.dt.normalize(),
        published_at=jobs["published_at"].fillna(jobs["first_fetched_at"]),
        source_url=jobs["job_url"].fillna(jobs["source_url"]),
        job_title=title,
        city=jobs["city"],
        country=jobs["country"],
        ended_at=jobs["closed_known_at"],
    )


def posting_groups(
    data: Input, jobs: pd.DataFrame, known: Companies
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """When a version of a posting first named each technology and each city, by company.

    Surges are left out: they need eight weeks of readings before the last four, which no measured
    lake has.
    """
    own = jobs.assign(
        company_id=jobs["board_key"].map(known.lookup["board"]),
        posting_id=md5_texts(
            f"job|{a}|{b}" for a, b in zip(jobs["source"], jobs["record_id"], strict=True)
        ),
    )
    read = data.detections("job_postings")
    prints = read[["source", "record_id", "payload_sha256", "text_fingerprint", "is_recruiter"]]
    keys = ["source", "record_id", "payload_sha256"]
    own = own.merge(prints.drop_duplicates(keys), on=keys, how="left")
    own = own[own["company_id"].notna() & ~own["is_recruiter"].fillna(False).astype(bool)].copy()
    own["title_key"] = map_distinct(own["title"], title_key)
    own["print"] = own["text_fingerprint"].fillna(own["posting_id"])
    own = own.sort_values(["first_fetched_at", "posting_id"])
    same = own.groupby(["company_id", "title_key", "print"], dropna=False, sort=False)
    own["role_id"] = md5_texts("role|" + same["posting_id"].transform("first"))
    own = own.drop(columns=["text_fingerprint", "is_recruiter", "city", "country"])
    first_read = pd.concat(
        [data.lake(vendor, "boards")[["source", "record_id", "fetched_at"]] for vendor in VENDORS]
    )
    first_read = first_read.groupby(["source", "record_id"])["fetched_at"].min().dt.normalize()

    def told(versions: pd.DataFrame, key: str) -> pd.DataFrame:
        at = versions.groupby(["source", "record_id", key], as_index=False).agg(
            told_at=("fetched_at", "min"), name=("name", "min"), other=("other", "min")
        )
        at = at.merge(own, on=["source", "record_id"])
        boards = pd.MultiIndex.from_frame(at[["source", "board_token"]])
        read_on = pd.Series(first_read.reindex(boards).to_numpy(), at.index)
        at["is_from_baseline"] = at["told_at"].dt.normalize() <= read_on
        return at

    tools = _listed(read, "technologies", "name", "category")
    tools["tool"] = tools["name"]
    on_spot = (read["remote_option"] != "remote") & ~read["is_recruiter"].astype(bool)
    places = _listed(read[on_spot], "places", "city", "country", most=3)
    places["city_key"] = map_distinct(places["name"], fold)
    return told(tools, "tool"), told(places, "city_key")


def _listed(
    read: pd.DataFrame, column: str, name: str, other: str, most: int | None = None
) -> pd.DataFrame:
    """One row per entry of a JSON list of a reading; entries without a name are left out."""
    lists = [orjson.loads(text) for text in read[column]]
    rows = [
        (source, record, at, entry[name], entry[other])
        for source, record, at, entries in zip(
            read["source"], read["record_id"], read["fetched_at"], lists, strict=True
        )
        if most is None or len(entries) <= most
        for entry in entries
        if entry[name] is not None
    ]
    names = ["source", "record_id", "fetched_at", "name", "other"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"name": object, "other": object, "fetched_at": "datetime64[us]"})


def asked_technologies(named: pd.DataFrame) -> pd.DataFrame:
    """Technologies that a second position within 90 days asks for, none before the first."""
    named = named.sort_values(["told_at", "posting_id"])
    named = named.drop_duplicates(["company_id", "tool", "role_id"])
    named = named.sort_values(["told_at", "role_id"])
    tools = named.groupby(["company_id", "tool"], sort=False)
    named["nth"] = tools.cumcount()
    named["was_there"] = tools["is_from_baseline"].cummax()
    days = named["told_at"].dt.normalize()
    apart = (days - days.groupby([named["company_id"], named["tool"]]).shift(1)).dt.days
    second = named[(named["nth"] == 1) & ~named["was_there"] & (apart <= 90)]
    return as_mentions(
        second.drop(columns=["level", "department", "stated_department"]),
        mention_key="job_ads|" + second["tool"],
        signal_type="technology_adoption",
        signal_subtype="asked_for",
        title="Asks for " + second["tool"] + " in job postings",
        polarity="positive",
        status="done",
        occurred_on=second["told_at"].dt.normalize(),
        published_at=second["told_at"],
        fetched_at=second["told_at"],
        reader_confidence=0.6,
        source_url=second["job_url"].fillna(second["source_url"]),
        technology=second["tool"],
        technology_category=second["other"],
    )


def first_job_mentions(placed: pd.DataFrame, known: Companies) -> pd.DataFrame:
    """Cities in which a company hires on the spot for the first time."""
    placed = placed.assign(country=placed["other"])
    placed["begun_at"] = placed.groupby("company_id")["told_at"].transform("min")
    placed["country_key"] = map_distinct(placed["country"], fold)
    firms = known.table.set_index("company_id")
    home = placed["company_id"].map(map_distinct(firms["city"], fold)).fillna("")
    land = placed["company_id"].map(map_distinct(firms["country"], fold)).fillna("")
    ordered = placed.sort_values(["told_at", "posting_id", "city_key"])
    again = ordered.duplicated(["company_id", "country_key"]).reindex(placed.index)
    abroad = placed["country_key"].notna() & ~again & (placed["country_key"] != land)
    placed["signal_subtype"] = np.where(abroad, "new_market", "new_office")
    first = ordered.drop_duplicates(["company_id", "city_key"]).index
    new = ~placed["is_from_baseline"] & (placed["begun_at"] < placed["told_at"])
    new &= placed["city_key"] != home
    new = placed.loc[first][new.loc[first]]
    published = pd.concat([new["published_at"], new["told_at"]], axis=1).min(axis=1)
    return as_mentions(
        new.drop(columns=["level", "department", "stated_department"]),
        mention_key="first_job|" + new["city_key"],
        signal_type="expansion",
        title="Hires in "
        + new["name"]
        + (", " + new["country"]).fillna("")
        + " for the first time",
        polarity="positive",
        status="planned",
        occurred_on=new["told_at"].dt.normalize(),
        published_at=published,
        fetched_at=new["told_at"],
        reader_confidence=0.6,
        source_url=new["job_url"].fillna(new["source_url"]),
        city=new["name"],
    )


def technology_changes(data: Input) -> pd.DataFrame:
    """Technologies that came, went or rose to a new main version between two scans of a page."""
    scans = data.records(
        "company_site", "pages", {"domain": "domain", "page_url": "url", "status": "status"}
    )
    status = pd.to_numeric(scans["status"], errors="coerce").fillna(200)
    scans = scans[status.between(200, 299)].copy()
    scans["domain"] = map_distinct(scans["domain"], domain_key)
    scans["scanned_on"] = scans["fetched_at"].dt.normalize()
    scans = newest_rows(scans, ["record_id", "scanned_on"]).sort_values(["record_id", "scanned_on"])
    scans["scan"] = scans.groupby("record_id").cumcount() + 1
    found = data.detections("technology_detections")
    keys = ["record_id", "payload_sha256", "technology"]
    values = ["category", "vendor", "version", "reader_confidence", "evidence"]
    contents = found.groupby(keys, as_index=False)[values].max()
    presence = scans.merge(contents, on=["record_id", "payload_sha256"])
    presence = presence.sort_values(["record_id", "technology", "scan"])
    spell = presence.groupby(["record_id", "technology"])["scan"]
    before, after = spell.shift(1), spell.shift(-1)
    came = presence[before.isna() | (before < presence["scan"] - 1)].copy()
    came["change_type"] = np.where(came["scan"] == 1, "baseline", "added")
    ends = presence[after.isna() | (after > presence["scan"] + 1)]
    gone = ends[
        ["record_id", "scan", "technology", "category", "vendor", "reader_confidence"]
    ].assign(scan=ends["scan"] + 1)
    gone = gone.merge(scans, on=["record_id", "scan"])
    gone["change_type"] = "removed"
    gone["evidence"] = "no longer found on " + gone["page_url"].fillna(gone["domain"])
    earlier = presence.groupby(["record_id", "technology"])["version"].shift(1)
    pairs = zip(presence["version"], earlier, before == presence["scan"] - 1, strict=True)
    risen = presence[[is_next and _is_new_main(now, then) for now, then, is_next in pairs]].copy()
    risen["change_type"] = "upgraded"
    changes = pd.concat([came, gone, risen], ignore_index=True).sort_values("record_id")
    return changes.drop_duplicates(["domain", "technology", "change_type", "scanned_on"])


def _is_new_main(version: str | None, previous: str | None) -> bool:
    """Whether a version's first number is higher; "3" and "3.7" may be the same."""
    numbers = [re.search(r"[0-9]{1,15}", told) for told in (version, previous) if _is_text(told)]
    if len(numbers) < 2 or None in numbers:
        return False
    return int(numbers[0].group()) > int(numbers[1].group())


def _is_text(told: object) -> bool:
    return isinstance(told, str)
