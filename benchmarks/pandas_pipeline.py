"""The peer: the same lead scores from the same lake, hand-written in pandas.

What the warehouse does up to ``leads.lead_scores`` and ``signals.buying_signals``: parse the lake's
JSON, tell companies apart, resolve mentions, merge what tells the same event, judge signals, award
points. Written as a competent pandas user would: whole columns where pandas has an operation for
it, comprehensions for JSON, each distinct text normalised once. Rules come from the same seeds, and
documents are read by the same readers beforehand. Left out, to the peer's advantage: features for
the models, histories, BI tables and the audited publication.

``benchmarks.compare`` checks that both give the same scores and points.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from resources.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
VENDORS = ("greenhouse", "lever", "ashby")
_LEGAL_FORM = re.compile(
    r"( (inc|incorporated|corp|corporation|co|company|llc|llp|lp|ltd|limited|plc|gmbh|ag|kg|se|sa|"
    r"sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|oyj|aps|pty|pte|kk|sl|dac|pvt))+$"
)
_NOT_WORD = re.compile(r"[\W_]+")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
_CIK = re.compile(r"^0*([1-9][0-9]{0,9})$")


# --- Text keys, computed once per distinct text -------------------------------------------------


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _company_key(name: str) -> str | None:
    name = name.replace("&", " and ").replace(".", "").replace("'", "").replace("’", "")
    words = " " + _NOT_WORD.sub(" ", _folded(name)).strip()
    return re.sub(r"^ the ", "", _LEGAL_FORM.sub("", words)).strip() or None


def _person_key(name: str) -> str | None:
    words = _NOT_WORD.sub(" ", _folded(name)).strip()
    words = re.sub(r"^((mr|mrs|ms|dr|prof) )+", "", words)
    words = re.sub(r"( (jr|sr|ii|iii|iv|phd|md|cpa))+$", "", words)
    return re.sub(r" [a-z] ", " ", words).strip() or None


def _domain_key(text: str) -> str | None:
    found = _DOMAIN.match(text.strip().lower())
    return found[1] if found else None


def _cik_key(text: str) -> str | None:
    found = _CIK.match(text.strip())
    return found[1].zfill(10) if found else None


def _mapped(column: pd.Series, function: Callable[[str], Any]) -> pd.Series:
    distinct = {value: function(value) for value in column.dropna().unique()}
    return column.map(distinct).astype(object).where(column.notna(), None)


def _md5(parts: Iterable[str]) -> list[str]:
    return [hashlib.md5(part.encode(), usedforsecurity=False).hexdigest() for part in parts]


# --- Reading ------------------------------------------------------------------------------------


@dataclass
class Input:
    """Where everything lies, and the day that is built."""

    home: Path
    as_of: pd.Timestamp

    def lake(self, source: str, stream: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Lake rows known by the end of the day, with naive UTC times."""
        wanted = ["source", "stream", "record_id", "payload_sha256", "source_url", "observed_at"]
        wanted += ["fetched_at", *(columns or [])]
        return self._read(self.home / "lake" / source / stream, wanted)

    def detections(self, table: str) -> pd.DataFrame:
        """Rows that the readers left."""
        frame = self._read(self.home / "detections" / table, None)
        return frame.rename(columns={"confidence": "reader_confidence"})

    def _read(self, folder: Path, columns: list[str] | None) -> pd.DataFrame:
        files = sorted(folder.glob("*/part.parquet")) or [folder / "schema.parquet"]
        frame = pd.concat([pd.read_parquet(f, columns=columns) for f in files], ignore_index=True)
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.DatetimeTZDtype):
                frame[name] = frame[name].dt.tz_localize(None)
        return frame[frame["fetched_at"] < self.as_of + pd.Timedelta(days=1)]

    def records(self, source: str, stream: str, fields: dict[str, str]) -> pd.DataFrame:
        """Lake rows with flat fields of their payload as stripped text."""
        frame = self.lake(source, stream, ["payload"])
        parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
        for name, field in fields.items():
            frame[name] = [_stripped(row.get(field)) for row in parsed]
        return frame


def _stripped(value: Any) -> str | None:
    return (str(value).strip() or None) if value is not None else None


def _seed(name: str) -> pd.DataFrame:
    return pd.read_csv(SEEDS / f"{name}.csv", keep_default_na=False, na_values=[""])


def _newest(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    ordered = frame.sort_values(["fetched_at", "payload_sha256"], ascending=[False, True])
    return ordered.drop_duplicates(keys)


# --- Jobs ---------------------------------------------------------------------------------------


def postings(data: Input) -> pd.DataFrame:
    """The newest version of every posting, and since when it is closed."""
    versions = pd.concat([_jobs(data, vendor) for vendor in VENDORS], ignore_index=True)
    versions["first_fetched_at"] = versions.groupby(["source", "record_id"])[
        "fetched_at"
    ].transform("min")
    latest = _newest(versions, ["source", "record_id"])
    latest = latest.merge(_closures(data), on=["source", "record_id"], how="left")
    titles = data.detections("job_titles").groupby("title", as_index=False)[["level", "department"]]
    latest = latest.merge(titles.max(), on="title", how="left", suffixes=("_stated", ""))
    read = data.detections("job_postings")[["source", "record_id", "payload_sha256", "department"]]
    keys = ["source", "record_id", "payload_sha256"]
    read = read.drop_duplicates(keys).rename(columns={"department": "department_read"})
    latest = latest.merge(read, on=keys, how="left")
    latest["stated_department"] = latest["department_stated"].str.lower()
    latest["department"] = (
        latest["department"].fillna(latest["department_read"]).fillna(latest["stated_department"])
    )
    return latest


def _jobs(data: Input, vendor: str) -> pd.DataFrame:
    frame = data.lake(vendor, "jobs", ["payload"])
    parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
    if vendor == "greenhouse":
        rows = [
            (j.get("title"), (j.get("departments") or [{}])[0].get("name"),
             (j.get("location") or {}).get("name"), j.get("first_published"), j.get("absolute_url"))
            for j in parsed
        ]  # fmt: skip
    elif vendor == "lever":
        rows = [
            (j.get("text"), j["categories"].get("department"), j["categories"].get("location"),
             j.get("createdAt"), j.get("hostedUrl"))
            for j in parsed
        ]  # fmt: skip
    else:
        rows = [
            (j.get("title"), j.get("department"), j.get("location"), j.get("publishedAt"),
             j.get("jobUrl"))
            for j in parsed
        ]  # fmt: skip
    names = ["title", "department", "location", "published_at", "job_url"]
    read = pd.DataFrame(rows, columns=names, index=frame.index)
    read["title"] = read["title"].str.strip()
    if vendor == "lever":
        read["published_at"] = pd.to_datetime(read["published_at"], unit="ms")
    else:
        moments = pd.to_datetime(read["published_at"], utc=True, format="ISO8601")
        read["published_at"] = moments.dt.tz_localize(None)
    read[["department", "location", "job_url"]] = read[
        ["department", "location", "job_url"]
    ].replace("", None)
    frame = pd.concat([frame, read], axis=1)
    frame["board_token"] = frame["record_id"].str.partition("/")[0]
    frame["board_key"] = vendor + ":" + frame["board_token"]
    return frame


def _closures(data: Input) -> pd.DataFrame:
    """When each job that is gone was first missing from its board."""
    boards = []
    for vendor in VENDORS:
        frame = data.lake(vendor, "boards", ["payload"])
        frame["job_id"] = [list(orjson.loads(p)["jobs"]) for p in frame.pop("payload")]
        boards.append(frame)
    manifests = pd.concat(boards, ignore_index=True)
    manifests["day"] = manifests["fetched_at"].dt.normalize()
    manifests = _newest(manifests, ["source", "record_id", "day"])
    manifests = manifests.sort_values(["source", "record_id", "day"])
    board = manifests.groupby(["source", "record_id"])
    manifests["next_fetched_at"] = board["fetched_at"].shift(-1)
    open_jobs = manifests.explode("job_id").dropna(subset=["job_id"])
    # The last manifest that shows a job decides: with one after it, the job is gone.
    last = open_jobs.sort_values("day").drop_duplicates(
        ["source", "record_id", "job_id"], keep="last"
    )
    return pd.DataFrame(
        {
            "source": last["source"],
            "record_id": last["record_id"] + "/" + last["job_id"],
            "closed_known_at": last["next_fetched_at"],
        }
    )


# --- Companies ----------------------------------------------------------------------------------


@dataclass
class Companies:
    """One row per company, and what each may be called by."""

    table: pd.DataFrame
    lookup: dict[str, dict[str, str]]
    ambiguous_names: set[str]
    has_domain: set[str]
    has_cik: set[str]


def companies(data: Input) -> Companies:
    """Records of the list, the CRM and EDGAR put together by domain, CIK and then name."""
    records = _company_records(data)
    keys = _company_keys(records)
    labels = _components(keys)
    company_of, name_of_rank = _join_by_name(records[records["is_latest"]], keys, labels)
    ids = dict(
        zip(name_of_rank, _md5(f"company|{key}" for key in name_of_rank.values()), strict=True)
    )
    records["company_id"] = records["record_key"].map(company_of).map(ids)
    keys["company_id"] = keys["record_key"].map(company_of).map(ids)
    latest = records[records["is_latest"]]
    named = {
        "domain": keys[keys["priority"] == 1],
        "cik": keys[keys["priority"] == 2],
        "crm": keys[keys["priority"] == 3],
    }
    lookup = {
        kind: _unique(frame["key"].str.partition(":")[2], frame["company_id"])[0]
        for kind, frame in named.items()
    }
    lookup["board"] = _unique(records["board_key"], records["company_id"])[0]
    lookup["name"], ambiguous = _unique(records["name_key"], records["company_id"])
    ordered = latest.sort_values(
        ["source_rank", "fetched_at", "record_id"], ascending=[True, False, True]
    )
    columns = ["name", "domain", "cik", "industry", "employee_count", "city", "country", "phone"]
    table = ordered.groupby("company_id")[columns].first().reset_index()
    countries = _seed("countries").set_index("alias")["country"]
    table["country"] = table["country"].str.lower().map(countries).fillna(table["country"])
    return Companies(
        table,
        lookup,
        ambiguous,
        set(latest.loc[latest["domain"].notna(), "company_id"]),
        set(latest.loc[latest["cik"].notna(), "company_id"]),
    )


def _unique(keys: pd.Series, ids: pd.Series) -> tuple[dict[str, str], set[str]]:
    pairs = pd.DataFrame({"key": keys, "id": ids}).dropna().drop_duplicates()
    several = pairs["key"].duplicated(keep=False)
    unique = pairs[~several]
    return dict(zip(unique["key"], unique["id"], strict=True)), set(pairs.loc[several, "key"])


def _company_records(data: Input) -> pd.DataFrame:
    listed = data.records(
        "company_list",
        "companies",
        {"name": "name", "domain": "domain", "cik": "cik", "industry": "industry",
         "employee_count": "employees", "city": "city", "country": "country",
         "board_key": "job_board"},
    ).assign(source_rank=1)  # fmt: skip
    accounts = data.records(
        "crm",
        "accounts",
        {"crm_account_id": "Account ID", "name": "Account Name", "domain": "Website",
         "industry": "Industry", "employee_count": "Employees", "city": "Billing City",
         "country": "Billing Country",
         "phone": "Phone"},
    ).assign(source_rank=2)  # fmt: skip
    accounts = accounts[accounts["crm_account_id"].notna()]
    filers = data.lake("sec_edgar", "companies", ["payload"]).assign(source_rank=3)
    parsed = [orjson.loads(payload) for payload in filers.pop("payload")]
    place = [(row.get("addresses") or {}).get("business") or {} for row in parsed]
    filers["name"] = [row.get("name") for row in parsed]
    filers["industry"] = [row.get("sicDescription") or None for row in parsed]
    filers["domain"] = [row.get("website") or None for row in parsed]
    filers["phone"] = [row.get("phone") or None for row in parsed]
    filers["cik"] = filers["record_id"]
    filers["city"] = [p.get("city") or None for p in place]
    filers["country"] = [
        "United States"
        if len(p.get("stateOrCountry") or "") == 2
        and p.get("stateOrCountryDescription") == p.get("stateOrCountry")
        else p.get("stateOrCountryDescription") or None
        for p in place
    ]
    records = pd.concat([listed, accounts, filers], ignore_index=True)
    records["domain"] = _mapped(records["domain"], _domain_key)
    shared = set(_seed("shared_domains")["domain"])
    records.loc[records["domain"].isin(shared), "domain"] = None
    records["cik"] = _mapped(records["cik"], _cik_key)
    with_vendor = records["board_key"].str.contains(":", na=False)
    records["board_key"] = records["board_key"].str.lower().where(with_vendor, None)
    count = pd.to_numeric(records["employee_count"].str.replace(",", ""), errors="coerce")
    records["employee_count"] = count.where(count.between(1, 10_000_000))
    records["name"] = records["name"].str.strip()
    records["name_key"] = _mapped(records["name"], _company_key)
    records["record_key"] = records["source"] + "|" + records["record_id"]
    records["first_seen_at"] = records.groupby("record_key")["fetched_at"].transform("min")
    latest = _newest(records, ["record_key"]).index
    records["is_latest"] = records.index.isin(latest)
    return records


def _company_keys(records: pd.DataFrame) -> pd.DataFrame:
    anchored = records["domain"].notna() | records["cik"].notna()
    stated = [
        ("domain:" + records["domain"], 1, records["domain"].notna()),
        ("cik:" + records["cik"], 2, records["cik"].notna()),
        ("crm:" + records["crm_account_id"], 3, records["crm_account_id"].notna()),
        ("board:" + records["board_key"], 4, records["board_key"].notna() & ~anchored),
        (
            "record:" + records["record_key"],
            5,
            ~anchored & records["crm_account_id"].isna() & records["board_key"].isna(),
        ),
    ]
    every = pd.concat(
        [
            records.loc[mask, ["record_key", "fetched_at", "is_latest"]].assign(
                key=key[mask], priority=priority
            )
            for key, priority, mask in stated
        ],
        ignore_index=True,
    )
    keys = every.groupby(["record_key", "key"], as_index=False).agg(
        priority=("priority", "min"), first=("fetched_at", "min"), current=("is_latest", "any")
    )
    claimed = set(keys.loc[keys["current"], "key"])
    keys = keys[keys["current"] | ~keys["key"].isin(claimed)].copy()
    order = keys.groupby("key", as_index=False).agg(
        first=("first", "min"), kind=("priority", "min")
    )
    order = order.sort_values(["first", "kind", "key"], ignore_index=True)
    keys["rank"] = keys["key"].map(dict(zip(order["key"], order.index, strict=True)))
    return keys


def _components(keys: pd.DataFrame) -> dict[str, int]:
    """Smallest key rank of the records that hang together, by record."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    codes, names = pd.factorize(keys["record_key"])
    ranks = keys["rank"].to_numpy()
    size = len(names) + ranks.max() + 1
    graph = coo_matrix((np.ones(len(keys)), (codes, len(names) + ranks)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    label = pd.Series(ranks).groupby(component[codes]).min()
    return dict(zip(names, label.loc[component[: len(names)]].to_numpy(), strict=True))


def _join_by_name(
    latest: pd.DataFrame, keys: pd.DataFrame, labels: dict[str, int]
) -> tuple[dict[str, int], dict[int, str]]:
    """Companies without a domain join the one company with a domain that bears their name."""
    members = latest[["record_key", "name_key", "domain", "cik"]].copy()
    members["label"] = members["record_key"].map(labels)
    traits = members.groupby("label").agg(domain=("domain", "count"), cik=("cik", "count")) > 0
    members = members.join(
        traits.rename(columns={"domain": "has_domain", "cik": "has_cik"}), "label"
    )
    strong = members[members["has_domain"] & members["name_key"].notna()]
    strong = strong.groupby("name_key").agg(
        strong=("label", "min"), count=("label", "nunique"), strong_cik=("has_cik", "any")
    )
    weak = members[~members["has_domain"]].merge(
        strong[strong["count"] == 1], left_on="name_key", right_index=True
    )
    weak = weak[~(weak["has_cik"] & weak["strong_cik"])]
    filers = weak["has_cik"].groupby(weak["strong"]).transform("sum")
    weak = weak[~weak["has_cik"] | (filers == 1)]
    targets = weak.groupby("label")["strong"].agg(["min", "nunique"])
    joins = targets.loc[targets["nunique"] == 1, "min"].to_dict()
    company = {record: joins.get(label, label) for record, label in labels.items()}
    root: dict[int, int] = {}
    for record, label in labels.items():
        root[company[record]] = min(root.get(company[record], label), label)
    key_of = dict(zip(keys["rank"], keys["key"], strict=True))
    return (
        {record: root[label] for record, label in company.items()},
        {rank: key_of[rank] for rank in root.values()},
    )


# --- Mentions -----------------------------------------------------------------------------------

_DETAILS = [
    "signal_subtype", "title", "evidence", "source_url", "amount", "currency", "amount_usd",
    "round_type", "valuation_usd", "investors", "lead_investor", "person_name", "job_title",
    "level", "department", "stated_department", "change_type", "direction", "effective_on",
    "is_interim", "city", "country", "headcount", "counterparty_name", "product_name", "technology",
    "technology_category", "technology_vendor", "occurred_on",
]  # fmt: skip


def mentions(
    data: Input, jobs: pd.DataFrame, changes: pd.DataFrame, known: Companies
) -> pd.DataFrame:
    """One row per fact a record tells, of every source, in one shape."""
    round_types = _seed("round_types").set_index("stated")["round_type"]
    told = [
        _form_d(data),
        _crunchbase(data, round_types),
        _press(data, round_types),
        _executives(data),
        _filings(data),
        _filing_events(data),
    ]
    corrigible = pd.concat(told, ignore_index=True)
    corrigible = corrigible.merge(
        _superseded(data), on=["source", "stream", "record_id", "payload_sha256"], how="left"
    )
    place = ["source", "stream", "record_id", "mention_key"]
    corrigible["first_fetched_at"] = corrigible.groupby(place)["fetched_at"].transform("min")
    corrigible = corrigible.sort_values(
        ["ended_at", "fetched_at", "reader_confidence", "payload_sha256", "evidence"],
        ascending=[False, False, False, True, True],
        na_position="first",
    ).drop_duplicates(place)
    corrigible["fetched_at"] = corrigible.pop("first_fetched_at")
    named, placed = _postings_together(data, jobs, known)
    every = pd.concat(
        [
            corrigible,
            _technology_mentions(changes),
            _posting_mentions(jobs),
            _asked_for(named),
            _first_jobs(placed, known),
        ]
    )
    every = every.reset_index(drop=True).rename(columns={"fetched_at": "detected_at"})
    every["mention_id"] = _md5(
        f"mention|{a}|{b}|{c}|{d}"
        for a, b, c, d in zip(*(every[name] for name in place), strict=True)
    )
    rates = _seed("exchange_rates").set_index("currency")["usd_rate"]
    in_usd = every["amount"].astype(float) * every["currency"].map(rates)
    every["amount_usd"] = every["amount_usd"].astype(float).fillna(in_usd)
    every["company_name_key"] = _mapped(every["company_name"], _company_key)
    oldest = pd.Timestamp("1990-01-01")
    bad = (
        every["reject_reason"].notna()
        | (every["occurred_on"] < oldest)
        | (every["published_at"] < oldest)
        | (every["occurred_on"] > data.as_of + pd.DateOffset(years=2))
        | (every["amount"].astype(float) < 0)
        | (every["amount_usd"] < 0)
        | (every["amount"].astype(float) > 1e12)
        | (every["amount_usd"] > 1e12)
        | (every["headcount"].astype(float) < 0)
        | (every["occurred_on"].isna() & every["published_at"].isna())
    )
    return every[~bad]


def _superseded(data: Input) -> pd.DataFrame:
    """When each content of a document or entry was replaced by another."""
    frames = [
        data.lake(source, stream)
        for source, stream in (
            ("press", "articles"),
            ("sec_edgar", "form_d"),
            ("sec_edgar", "form_8k"),
            ("crunchbase", "funding_rounds"),
        )
    ]
    keys = ["source", "stream", "record_id", "payload_sha256"]
    contents = (
        pd.concat(frames)
        .groupby(keys, as_index=False)
        .agg(first=("fetched_at", "min"), last=("fetched_at", "max"))
        .sort_values(["last", "payload_sha256"])
    )
    contents["ended_at"] = contents.groupby(keys[:3])["first"].shift(-1)
    return contents[[*keys, "ended_at"]]


def _form_d(data: Input) -> pd.DataFrame:
    frame = data.detections("form_d_offerings")
    frame = frame[~frame["is_pooled_fund"]].copy()
    amount = frame["total_amount_sold"].replace(0, np.nan).fillna(frame["total_offering_amount"])
    debt = frame["is_debt"] & ~frame["is_equity"]
    filed = pd.to_datetime(frame["filed_on"])
    return _shaped(
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
        cik=_mapped(frame["cik"], _cik_key),
        amount=amount,
        currency="USD",
        amount_usd=amount,
        other_amount_usd=frame["total_offering_amount"],
        round_type=pd.Series(np.where(debt, "debt", None), frame.index, dtype=object),
        amends_record_id=frame["previous_accession_number"],
    )


def _crunchbase(data: Input, round_types: pd.Series) -> pd.DataFrame:
    frame = data.lake("crunchbase", "funding_rounds", ["payload"])
    parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
    rounds = [row.get("properties") or row for row in parsed]
    money = [row.get("money_raised") or {} for row in rounds]
    value = pd.Series([m.get("value") for m in money], frame.index, dtype=float)
    usd = pd.Series([m.get("value_usd") for m in money], frame.index, dtype=float)
    currency = pd.Series([m.get("currency") for m in money], frame.index, dtype=object)
    stated = pd.Series([row.get("investment_type") for row in rounds], frame.index, dtype=object)
    kind = stated.str.lower().map(round_types).fillna(stated)
    announced_text = pd.Series(
        [row.get("announced_on") for row in rounds], frame.index, dtype=object
    )
    announced = pd.to_datetime(announced_text, errors="coerce")
    name = pd.Series([(row.get("identifier") or {}).get("value") for row in rounds], frame.index)
    name = name.fillna("Funding round")
    investors = [[i.get("value") for i in row.get("investor_identifiers") or []] for row in rounds]
    lead = [[i.get("value") for i in row.get("lead_investor_identifiers") or []] for row in rounds]
    return _shaped(
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


def _press(data: Input, round_types: pd.Series) -> pd.DataFrame:
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
    stated = frame["round_type"].str.lower()
    kind = stated.map(round_types).fillna(frame["round_type"])
    funding = frame["signal_type"] == "funding_round"
    subtype = kind.fillna(frame["signal_subtype"]).where(
        funding, frame["signal_subtype"].fillna(frame["change_type"])
    )
    published = frame["published_at"]
    key = zip(
        frame["signal_type"],
        frame["signal_subtype"],
        _mapped(frame["company_name"], _company_key),
        _mapped(frame["person_name"], _person_key),
        frame["city"].str.lower(),
        frame["counterparty_name"].str.lower(),
        frame["round_type"],
        strict=True,
    )
    change = frame["change_type"]
    return _shaped(
        frame,
        mention_key=["|".join(p for p in parts if isinstance(p, str)) for parts in key],
        signal_type=frame["signal_type"],
        signal_subtype=subtype,
        occurred_on=pd.to_datetime(frame["occurred_on"]).fillna(published.dt.normalize()),
        published_at=published,
        evidence=frame["evidence"].fillna(frame["sentence"]),
        company_domain=_mapped(frame["company_domain"], _domain_key),
        currency=frame["currency"].str.upper(),
        round_type=kind,
        job_title=frame["position"],
        direction=pd.Series(
            np.where(change == "departure", "outgoing", "incoming"), frame.index, dtype=object
        ).where(change.notna(), None),
    )


def _executives(data: Input) -> pd.DataFrame:
    frame = data.detections("executive_changes")
    frame = frame[~frame["is_board_only"].fillna(False)].copy()
    announced, effective = (pd.to_datetime(frame[n]) for n in ("announced_on", "effective_on"))
    person = _mapped(frame["person_name"], _person_key).fillna("")
    verb = np.where(frame["change_type"] == "departure", " leaves as ", " becomes ")
    return _shaped(
        frame,
        mention_key="executive_change|" + person + "|" + frame["direction"],
        signal_type="executive_change",
        signal_subtype=frame["change_type"],
        title=frame["person_name"] + verb + frame["position"],
        polarity=np.where(frame["direction"] == "outgoing", "negative", "positive"),
        status=np.where(effective > announced, "planned", "done"),
        occurred_on=announced,
        published_at=frame["observed_at"],
        cik=_mapped(frame["cik"], _cik_key),
        job_title=frame["position"],
        effective_on=effective,
    )


def _filings(data: Input) -> pd.DataFrame:
    kinds = pd.read_csv(SEEDS / "filing_item_signals.csv", dtype=str)
    frame = data.detections("filing_items").merge(kinds, on="item_code")
    return _shaped(
        frame,
        mention_key="item|" + frame["item_code"],
        signal_type=frame["signal_type"],
        status="done",
        occurred_on=pd.to_datetime(frame["filed_on"]),
        published_at=frame["observed_at"],
        evidence=frame["evidence"].fillna(frame["text_excerpt"]),
        cik=_mapped(frame["cik"], _cik_key),
    )


def _filing_events(data: Input) -> pd.DataFrame:
    frame = data.detections("filing_events")
    key = zip(
        frame["signal_type"],
        frame["signal_subtype"],
        _mapped(frame["counterparty_name"], _company_key),
        strict=True,
    )
    filed = pd.to_datetime(frame["filed_on"])
    return _shaped(
        frame,
        mention_key=["|".join(["event", *(p for p in k if isinstance(p, str))]) for k in key],
        title="Told in an 8-K",
        occurred_on=pd.to_datetime(frame["occurred_on"]).fillna(filed),
        published_at=frame["observed_at"],
        cik=_mapped(frame["cik"], _cik_key),
        currency=frame["currency"].str.upper(),
    )


def _technology_mentions(changes: pd.DataFrame) -> pd.DataFrame:
    frame = changes[changes["change_type"] != "baseline"].copy()
    added = frame["change_type"] == "added"
    day = frame["scanned_on"].dt.strftime("%Y-%m-%d")
    return _shaped(
        frame.assign(record_id=frame["domain"] + "|" + day),
        mention_key=frame["change_type"] + "|" + frame["technology"],
        signal_type="technology_adoption",
        signal_subtype=frame["change_type"],
        title=np.where(added, "Started using ", "Stopped using ") + frame["technology"],
        polarity=np.where(added, "positive", "negative"),
        status="done",
        occurred_on=frame["scanned_on"],
        published_at=frame["fetched_at"],
        source_url=frame["page_url"].fillna(frame["source_url"]),
        company_domain=frame["domain"],
        technology_category=frame["category"],
        technology_vendor=frame["vendor"],
        change_type=None,
    )


def _posting_mentions(jobs: pd.DataFrame) -> pd.DataFrame:
    first = jobs[["published_at", "first_fetched_at"]].min(axis=1)
    title = jobs["title"]
    return _shaped(
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
        city=jobs["location"],
        ended_at=jobs["closed_known_at"],
    )


def _postings_together(
    data: Input, jobs: pd.DataFrame, known: Companies
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """When a version of a posting first named each technology and each city, by company.

    Surges are left out: they need eight weeks of readings before the last four, which no measured
    lake has.
    """
    own = jobs.assign(
        company_id=jobs["board_key"].map(known.lookup["board"]),
        posting_id=_md5(
            f"job|{a}|{b}" for a, b in zip(jobs["source"], jobs["record_id"], strict=True)
        ),
    )
    read = data.detections("job_postings")
    prints = read[["source", "record_id", "payload_sha256", "text_fingerprint", "is_recruiter"]]
    keys = ["source", "record_id", "payload_sha256"]
    own = own.merge(prints.drop_duplicates(keys), on=keys, how="left")
    own = own[own["company_id"].notna() & ~own["is_recruiter"].fillna(False).astype(bool)].copy()
    own["title_key"] = _mapped(own["title"], _title_key)
    own["print"] = own["text_fingerprint"].fillna(own["posting_id"])
    own = own.sort_values(["first_fetched_at", "posting_id"])
    same = own.groupby(["company_id", "title_key", "print"], dropna=False, sort=False)
    own["role_id"] = _md5("role|" + same["posting_id"].transform("first"))
    own = own.drop(columns=["text_fingerprint", "is_recruiter"])
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
    places["city_key"] = _mapped(places["name"], _folded)
    return told(tools, "tool"), told(places, "city_key")


def _title_key(title: str) -> str | None:
    plain = _folded(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", title))
    return re.sub(r"[^\w+#]+|_", " ", plain).strip() or None


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


def _asked_for(named: pd.DataFrame) -> pd.DataFrame:
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
    return _shaped(
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


def _first_jobs(placed: pd.DataFrame, known: Companies) -> pd.DataFrame:
    """Cities in which a company hires on the spot for the first time."""
    placed = placed.assign(country=placed["other"])
    placed["begun_at"] = placed.groupby("company_id")["told_at"].transform("min")
    placed["country_key"] = _mapped(placed["country"], _folded)
    firms = known.table.set_index("company_id")
    home = placed["company_id"].map(_mapped(firms["city"], _folded)).fillna("")
    land = placed["company_id"].map(_mapped(firms["country"], _folded)).fillna("")
    ordered = placed.sort_values(["told_at", "posting_id", "city_key"])
    again = ordered.duplicated(["company_id", "country_key"]).reindex(placed.index)
    abroad = placed["country_key"].notna() & ~again & (placed["country_key"] != land)
    placed["signal_subtype"] = np.where(abroad, "new_market", "new_office")
    first = ordered.drop_duplicates(["company_id", "city_key"]).index
    new = ~placed["is_from_baseline"] & (placed["begun_at"] < placed["told_at"])
    new &= placed["city_key"] != home
    new = placed.loc[first][new.loc[first]]
    published = pd.concat([new["published_at"], new["told_at"]], axis=1).min(axis=1)
    return _shaped(
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


_SHAPE = [
    "mention_key", "source", "stream", "record_id", "payload_sha256", "signal_type", "polarity",
    "status", "published_at", "fetched_at", "reader_confidence", "company_name", "company_domain",
    "cik", "board_key", "other_amount_usd", "is_amendment", "amends_record_id",
    "content_fingerprint",
    "reject_reason",
    *_DETAILS,
]  # fmt: skip


def _shaped(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """The columns of a mention: those given, else the frame's by the same name, else none."""
    made = frame.assign(**columns)
    ended = ["ended_at"] if "ended_at" in made else []
    return made.reindex(columns=[*_SHAPE, *ended]).astype(
        {name: object for name in made.columns if name in _SHAPE and made[name].dtype.kind == "b"}
    )


def technology_changes(data: Input) -> pd.DataFrame:
    """Technologies that came or went between two scans of a page."""
    scans = data.records(
        "company_site", "pages", {"domain": "domain", "page_url": "url", "status": "status"}
    )
    status = pd.to_numeric(scans["status"], errors="coerce").fillna(200)
    scans = scans[status.between(200, 299)].copy()
    scans["domain"] = _mapped(scans["domain"], _domain_key)
    scans["scanned_on"] = scans["fetched_at"].dt.normalize()
    scans = _newest(scans, ["record_id", "scanned_on"]).sort_values(["record_id", "scanned_on"])
    scans["scan"] = scans.groupby("record_id").cumcount() + 1
    found = data.detections("technology_detections")
    keys = ["record_id", "payload_sha256", "technology"]
    values = ["category", "vendor", "reader_confidence", "evidence"]
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
    changes = pd.concat([came, gone], ignore_index=True).sort_values("record_id")
    return changes.drop_duplicates(["domain", "technology", "change_type", "scanned_on"])


# --- Signals ------------------------------------------------------------------------------------


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
    types = _seed("signal_types").set_index("signal_type")
    trust = _seed("source_trust").set_index("source")
    found["priority"] = found["source"].map(trust["priority"])
    kind = found["signal_type"]
    person = _mapped(found["person_name"], _person_key) + "|" + found["direction"].fillna("")
    other = _mapped(found["counterparty_name"], _company_key)
    topic = pd.Series(None, found.index, dtype=object)
    topic = topic.mask(kind == "executive_change", person)
    topic = topic.mask(kind == "expansion", found["city"].str.lower())
    topic = topic.mask(kind.isin(["acquisition", "partnership"]), other)
    topic = topic.mask(kind == "product_launch", found["product_name"].str.lower())
    found["topic"] = topic.mask(kind == "regulatory_filing", found["signal_subtype"])
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
    found["signal_id"] = _md5("signal|" + first)
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
    rounds = same_round | p["round_type"].isna() | p["round_type_e"].isna()
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


def signals(
    found: pd.DataFrame, icp: dict[str, Any], jobs: pd.DataFrame, data: Input
) -> pd.DataFrame:
    """One judged row per signal."""
    types = _seed("signal_types").set_index("signal_type")
    trust = _seed("source_trust").set_index("source")["trust"]
    found["certainty"] = np.minimum(
        0.99, found["reader_confidence"].astype(float) * found["source"].map(trust).fillna(0.5)
    )
    found["independence"] = found["content_fingerprint"].fillna(found["source"])
    found["ended"] = found["ended_at"].notna()
    found["all_ended"] = found.groupby("signal_id")["ended"].transform("all")
    found["holds"] = ~found["ended"] | found["all_ended"]
    # The latest amendment of a notice says what it says now.
    amended = found["is_amendment"].fillna(False).astype(bool)
    found["amends"] = (~amended).astype(int)
    found["amended"] = -found["published_at"].astype("int64").where(amended, 0)
    found["amends_day"] = found["is_amendment"].map({False: 1, True: 2}).fillna(0)
    found = found.sort_values(
        [
            "ended",
            "priority",
            "amends",
            "amended",
            "reader_confidence",
            "detected_at",
            "mention_id",
        ],
        ascending=[True, True, True, True, False, True, True],
    )
    times = found.assign(knowable=found[["detected_at", "published_at"]].min(axis=1))
    known = times.groupby("signal_id").agg(
        published_at=("published_at", "min"),
        detected_at=("detected_at", "min"),
        knowable_from=("knowable", "min"),
        last_ended=("ended_at", "max"),
    )
    found = found[found["holds"]].copy()
    amounts, days = _amounts(found), _days_told(found)
    found["done"] = found["status"] == "done"
    found["told_by"] = found["source"] + "|" + found["stream"] + "|" + found["record_id"]
    groups = found.groupby("signal_id", sort=False)
    table = groups[["company_id", "signal_type", "polarity", "source", *_DETAILS]].first()
    table = table.rename(columns={"source": "primary_source"})
    extra = groups.agg(
        done=("done", "any"),
        all_ended=("all_ended", "all"),
        source_count=("told_by", "nunique"),
    )
    table = table.join(extra).join(known)
    table[amounts.columns] = amounts
    table["occurred_on"] = days
    table["status"] = np.where(table.pop("done"), "done", "planned")
    table["known_to"] = table.pop("last_ended").where(table.pop("all_ended"))
    own = found.groupby(["signal_id", "independence"])["certainty"].max()
    doubt = np.log1p(-own).groupby("signal_id")
    table["independent_source_count"] = doubt.size()
    table["confidence_score"] = _rounded(100 * (1 - np.exp(doubt.sum())))
    kind = table["signal_type"]
    lapses = pd.to_timedelta(kind.map(types["plan_lapses_after_days"]), unit="D")
    lapsed = table["occurred_on"] + lapses
    over = (table["status"] == "planned") & table["known_to"].isna() & (lapsed <= data.as_of)
    lapsed = pd.concat([lapsed, table["detected_at"]], axis=1).max(axis=1)
    table["known_to"] = table["known_to"].fillna(lapsed.where(over))
    table["impact_score"] = _impact(table).fillna(kind.map(types["impact_score"]))
    roles, tools = _roles(icp, jobs), {_folded(t) for t in _tools(icp)}
    pairs = pd.MultiIndex.from_frame(table[["job_title", "stated_department"]].fillna(""))
    table["is_role"] = (kind == "job_posting") & pairs.isin(roles)
    table["is_tool"] = (kind == "technology_adoption") & table["technology"].str.lower().isin(tools)
    relevance = kind.map(types["relevance_score"]) + 20 * (table["is_role"] | table["is_tool"])
    table["relevance_score"] = (relevance - 30 * (table["polarity"] == "negative")).clip(0, 100)
    table["age"] = (data.as_of - table["occurred_on"]).dt.days.clip(lower=0)
    half_life = kind.map(types["urgency_half_life_days"])
    table["urgency_score"] = _rounded(100 * 0.5 ** (table["age"] / half_life))
    table["signal_strength"] = pd.cut(
        table["impact_score"],
        [-np.inf, 40, 60, 80, np.inf],
        right=False,
        labels=["weak", "moderate", "strong", "very_strong"],
    ).astype(object)
    return table.reset_index()


def _amounts(found: pd.DataFrame) -> pd.DataFrame:
    """Each signal's amount: the whole sum, by the most trusted, told by most."""
    told = found.assign(
        partial=found["other_amount_usd"].astype(float) > found["amount_usd"].astype(float)
    )
    told["agreeing"] = (
        told[~told["ended"]]
        .groupby(["signal_id", "amount_usd"])["independence"]
        .transform("nunique")
        .reindex(told.index)
        .fillna(0)
    )
    told = told[told["amount_usd"].notna()].sort_values(
        ["partial", "priority", "amends", "amended", "agreeing", "reader_confidence",
         "detected_at", "mention_id"],
        ascending=[True, True, True, True, False, False, True, True],
    )  # fmt: skip
    first = told.groupby("signal_id", sort=False)[["amount", "currency", "amount_usd"]]
    return first.first()


def _days_told(found: pd.DataFrame) -> pd.Series:
    """The day each signal happened: the first that its most trusted sources tell."""
    told = found[found["occurred_on"].notna()]
    told = told.sort_values(["priority", "amends_day", "occurred_on", "mention_id"])
    return told.groupby("signal_id", sort=False)["occurred_on"].first()


def _rounded(values: pd.Series) -> pd.Series:
    """Halves away from zero, as SQL rounds."""
    return np.floor(values + 0.5).astype(int)


def _impact(table: pd.DataFrame) -> pd.Series:
    bands = _seed("signal_impacts")
    best = pd.Series(np.nan, table.index)
    for band in bands.itertuples():
        mine = table["signal_type"] == band.signal_type
        if band.criterion == "amount_usd":
            mine &= table["amount_usd"] >= float(band.from_value)
        else:
            column = {"level": "level", "subtype": "signal_subtype"}[band.criterion]
            mine &= table[column] == band.from_value
        best = best.mask(mine, best.fillna(-1).clip(lower=band.impact_score))
    return best


def _tools(icp: dict[str, Any]) -> list[str]:
    stack = icp.get("tech_stack") or {}
    return [*stack.get("must_have", []), *stack.get("nice_to_have", [])]


def _roles(icp: dict[str, Any], jobs: pd.DataFrame) -> pd.MultiIndex:
    """Titles and stated departments of postings that are relevant to the profile."""
    makers = icp.get("decision_makers") or {}
    titles = [_folded(term) for term in makers.get("titles", [])]
    departments = {_folded(term) for term in makers.get("departments", [])}
    distinct = jobs[["title", "department", "stated_department"]].drop_duplicates()
    distinct = distinct[distinct["title"].notna()]
    folded = _mapped(distinct["title"], _folded)
    fits = folded.map(lambda title: any(term in title for term in titles))
    fits |= distinct["department"].str.lower().isin(departments)
    fits |= distinct["stated_department"].isin(departments)
    return pd.MultiIndex.from_frame(
        distinct.loc[fits.astype(bool), ["title", "stated_department"]]
        .fillna("")
        .set_axis(["job_title", "stated_department"], axis=1)
    )


# --- Points and scores --------------------------------------------------------------------------


def intent_points(table: pd.DataFrame, icp: dict[str, Any], data: Input) -> pd.DataFrame:
    """The best signal of each intent rule and company."""
    rules = _seed("lead_score_rules").set_index("rule_id")
    end = data.as_of + pd.Timedelta(days=1)
    known = table[
        (table["polarity"] == "positive")
        & (table["detected_at"] < end)
        & (table["known_to"].isna() | (table["known_to"] >= end))
    ]
    stages = {_folded(s).replace(" ", "_").replace("-", "_") for s in icp.get("funding_stages", [])}
    kind, wants = known["signal_type"], icp.get("signals") or {}
    tooled = bool(_tools(icp))
    chosen = {
        "recent_funding": (kind == "funding_round")
        & (known["round_type"].isna() | known["round_type"].isin(stages) | (not stages)),
        "relevant_hiring": known["is_role"],
        "technology_change": (kind == "technology_adoption") & (known["is_tool"] | (not tooled)),
        "leadership_change": (kind == "executive_change")
        & known["level"].fillna("c_suite").isin(["c_suite", "vp", "director"]),
    }
    wish = {
        "recent_funding": "recent_funding",
        "relevant_hiring": "actively_hiring",
        "technology_change": "tech_stack_change",
        "leadership_change": "leadership_change",
    }
    awards = []
    for rule_id, mask in chosen.items():
        if not wants.get(wish[rule_id], True):
            continue
        rule, mine = rules.loc[rule_id], known[mask].copy()
        halvings = (mine["age"] - rule.fresh_days).clip(lower=0) / rule.half_life_days
        points = (rule.max_points * 0.5**halvings).round(4)
        mine["points"] = points.where(mine["age"] <= rule.ends_after_days, 0.0)
        mine["rule_id"] = rule_id
        awards.append(mine[mine["points"] > 0])
    every = pd.concat(awards, ignore_index=True)
    every = every.sort_values(
        ["points", "impact_score", "confidence_score", "occurred_on", "signal_id"],
        ascending=[False, False, False, False, True],
    )
    best = every.drop_duplicates(["company_id", "rule_id"])
    return best[
        ["company_id", "rule_id", "points", "title", "signal_id", "source_url", "occurred_on"]
    ]


def fit_points(
    known: Companies, changes: pd.DataFrame, table: pd.DataFrame, icp: dict[str, Any], data: Input
) -> pd.DataFrame:
    """Fit rules that hold, and the growth of the company's industry."""
    firms = known.table
    countries = _seed("countries").set_index("alias")["country"].to_dict()
    places = {countries.get(g.strip().lower(), g).lower() for g in icp.get("geographies", [])}
    industries = {_folded(name.strip()) for name in icp.get("industries", [])}
    stack = icp.get("tech_stack") or {}
    used = changes.assign(company_id=changes["domain"].map(known.lookup["domain"]))
    used = used[used["company_id"].notna()]
    used = used.assign(gone=used["change_type"] == "removed").sort_values(["scanned_on", "gone"])
    used = used.drop_duplicates(["company_id", "technology"], keep="last")
    used = used[~used["gone"]]
    lower = used["technology"].str.lower()

    def users(kind: str) -> set[str]:
        terms = {_folded(term) for term in stack.get(kind, [])}
        return set(used.loc[lower.isin(terms), "company_id"])

    ids = firms["company_id"]
    sizes = firms["employee_count"].between(
        icp.get("company_size_min") or 0, icp.get("company_size_max") or 10**9
    )
    growing = _growing_industries(table, firms, data)
    wanted = (icp.get("signals") or {}).get("industry_growth", True)
    holds = {
        "industry_match": _mapped(firms["industry"], _folded).isin(industries),
        "size_match": sizes,
        "technology_match": ids.isin(users("must_have")) & ~ids.isin(users("avoid")),
        "geography_match": firms["country"].str.lower().isin(places),
        "complementary_tools": ids.isin(users("nice_to_have")),
        "industry_growth": firms["industry"].isin(growing) & wanted,
    }
    return pd.concat(
        [pd.DataFrame({"company_id": ids[mask], "rule_id": rule}) for rule, mask in holds.items()]
    )


def _growing_industries(table: pd.DataFrame, firms: pd.DataFrame, data: Input) -> set[str]:
    rule = _seed("industry_growth").iloc[0]
    active = table[
        table["signal_type"].isin(["funding_round", "expansion"])
        & (table["polarity"] == "positive")
        & (table["occurred_on"] > data.as_of - pd.Timedelta(days=2 * rule.window_days))
        & (table["occurred_on"] <= data.as_of)
    ].merge(firms[["company_id", "industry"]], on="company_id")
    recent = active["occurred_on"] > data.as_of - pd.Timedelta(days=rule.window_days)
    now = active[recent].groupby("industry")["company_id"].nunique()
    before = active[~recent].groupby("industry")["company_id"].nunique()
    before = before.reindex(now.index, fill_value=0)
    return set(now[(now >= rule.minimum_companies) & (now >= rule.minimum_growth * before)].index)


def access_points(data: Input, known: Companies, table: pd.DataFrame) -> pd.DataFrame:
    """Ways to reach a company."""
    people = _people(data, known, table)
    people = people[
        people["is_current"] & (people["first_seen_at"] < data.as_of + pd.Timedelta(days=1))
    ]
    mailboxes = set(_seed("role_mailboxes")["mailbox"])
    email = people["email"]
    personal = email.str.match(r".+@.+\..+", na=False) & ~email.str.partition("@")[0].isin(
        mailboxes
    )
    linked, phoned = people["linkedin_url"].notna(), people["phone"].notna()
    reachable = people.loc[personal | linked | phoned, "company_id"].value_counts()
    firms = known.table
    dealings = _opportunities(data, known)
    holds = {
        "direct_email": people.loc[personal, "company_id"],
        "linkedin_profile": people.loc[linked, "company_id"],
        "phone": pd.concat(
            [people.loc[phoned, "company_id"], firms.loc[firms["phone"].notna(), "company_id"]]
        ),
        "several_contacts": pd.Series(reachable[reachable >= 2].index),
        "earlier_interaction": dealings,
    }
    return pd.concat(
        [pd.DataFrame({"company_id": ids.unique(), "rule_id": rule}) for rule, ids in holds.items()]
    )


def _people(data: Input, known: Companies, table: pd.DataFrame) -> pd.DataFrame:
    contacts = data.records(
        "crm",
        "contacts",
        {"account_id": "Account ID", "first": "First Name", "last": "Last Name", "email": "Email",
         "phone": "Phone", "linkedin_url": "LinkedIn", "known_on": "Created Date"},
    )  # fmt: skip
    contacts["first_seen_at"] = contacts.groupby("record_id")["fetched_at"].transform("min")
    contacts = _newest(contacts, ["record_id"])
    contacts["company_id"] = contacts["account_id"].map(known.lookup["crm"])
    named = contacts["first"].notna() | contacts["last"].notna()
    contacts = contacts[named & contacts["company_id"].notna()]
    contacts = contacts.assign(
        full_name=(contacts["first"].fillna("") + " " + contacts["last"].fillna("")).str.strip(),
        email=contacts["email"].str.lower(),
        known_on=pd.to_datetime(contacts["known_on"], errors="coerce"),
        is_current=True,
        rank=1,
    )
    moves = table[(table["signal_type"] == "executive_change") & table["person_name"].notna()]
    moves = moves.assign(
        full_name=moves["person_name"],
        known_on=moves["occurred_on"],
        first_seen_at=moves["detected_at"],
        is_current=moves["direction"].fillna("incoming") != "outgoing",
        record_id=moves["signal_id"],
        rank=2,
    )
    columns = ["company_id", "full_name", "email", "phone", "linkedin_url", "known_on", "rank",
               "first_seen_at", "is_current", "record_id"]  # fmt: skip
    every = pd.concat([contacts[columns], moves.reindex(columns=columns)], ignore_index=True)
    every["name_key"] = _mapped(every["full_name"], _person_key)
    every = every[every["name_key"].notna()]
    every = every.sort_values(["rank", "known_on", "record_id"], ascending=[True, False, True])
    person = every.groupby(["company_id", "name_key"], sort=False)
    people = person[["email", "phone", "linkedin_url"]].first()
    people["first_seen_at"] = person["first_seen_at"].min()
    newest = every.sort_values("known_on", kind="stable").drop_duplicates(
        ["company_id", "name_key"], keep="last"
    )
    people["is_current"] = newest.set_index(["company_id", "name_key"])["is_current"]
    return people.reset_index()


def _opportunities(data: Input, known: Companies) -> pd.Series:
    rows = data.records(
        "crm",
        "opportunities",
        {"opportunity_id": "Opportunity ID", "account_id": "Account ID", "stage": "Stage",
         "amount": "Amount", "created_on": "Created Date", "close_on": "Close Date",
         "is_closed": "Is Closed"},
    )  # fmt: skip
    rows = _newest(rows[rows["opportunity_id"].notna()], ["record_id"])
    created, close = (_days(rows[name]) for name in ("created_on", "close_on"))
    amount = pd.to_numeric(rows["amount"].str.replace(",", ""), errors="coerce")
    over = rows["stage"].str.lower().str.startswith("closed", na=False) | rows[
        "is_closed"
    ].str.lower().isin(["true", "yes", "1"])
    oldest, latest = pd.Timestamp("1990-01-01"), data.as_of + pd.DateOffset(years=2)
    good = (
        created.notna()
        & ~(close.isna() & rows["close_on"].notna())
        & ~(amount.isna() & rows["amount"].notna())
        & (created >= oldest)
        & ~(close < oldest)
        & ~(close > latest)
        & (created <= data.as_of)
        & ~(amount < 0)
        & ~(amount > 1e12)
        & ~(over & (close < created))
    )
    return rows.loc[good, "account_id"].map(known.lookup["crm"]).dropna()


def _days(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text.astype("datetime64[s]", errors="ignore"), errors="coerce")


def scores(known: Companies, awards: pd.DataFrame) -> pd.DataFrame:
    """Lead score, component scores and tier of every company."""
    tiers = _seed("lead_score_tiers").sort_values("from_score")
    by = awards.pivot_table(
        index="company_id", columns="component", values="points", aggfunc="sum", fill_value=0.0
    )
    by = by.reindex(columns=["intent", "fit", "accessibility"], fill_value=0.0)
    by = by.reindex(known.table["company_id"], fill_value=0.0)
    table = by.add_suffix("_score")
    table["lead_score"] = (
        awards.groupby("company_id")["weighted_points"].sum().reindex(table.index, fill_value=0.0)
    )
    place = np.searchsorted(tiers["from_score"], table["lead_score"].round(8), side="right") - 1
    table["tier"] = tiers["tier"].to_numpy()[place]
    return table.reset_index()


def run(home: Path, as_of: date) -> None:
    """Everything, from lake to ``<home>/pandas/*.parquet``."""
    data = Input(home, pd.Timestamp(as_of))
    profile = pd.read_parquet(home / "reference" / "icp_profiles" / "part.parquet").iloc[0]
    icp = orjson.loads(profile["config"])
    jobs = postings(data)
    known = companies(data)
    changes = technology_changes(data)
    told = cluster(resolve(mentions(data, jobs, changes, known), known))
    table = signals(told, icp, jobs, data)
    rules = _seed("lead_score_rules").set_index("rule_id")
    awards = pd.concat(
        [
            intent_points(table, icp, data),
            fit_points(known, changes, table, icp, data),
            access_points(data, known, table),
        ],
        ignore_index=True,
    )
    awards["component"] = awards["rule_id"].map(rules["component"])
    awards["points"] = awards["points"].fillna(awards["rule_id"].map(rules["max_points"]))
    awards["weighted_points"] = awards["points"] * awards["rule_id"].map(rules["weight"])
    out = home / "pandas"
    out.mkdir(exist_ok=True)
    for name, frame in (
        ("buying_signals", table),
        ("signal_sources", told[["signal_id", "mention_id", "source", "stream", "record_id"]]),
        ("lead_score_points", awards),
        ("lead_scores", scores(known, awards)),
        ("companies", known.table),
    ):
        frame.to_parquet(out / f"{name}.parquet", index=False)
