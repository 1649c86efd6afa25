"""Companies told apart by domain, CIK and name, and what each may be called by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import orjson
import pandas as pd

from benchmarks.pandas_pipeline.keys import (
    cik_key,
    company_key,
    domain_key,
    fold,
    map_distinct,
    md5_texts,
)
from benchmarks.pandas_pipeline.reading import Input, newest_rows, read_seed


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
        zip(name_of_rank, md5_texts(f"company|{key}" for key in name_of_rank.values()), strict=True)
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
    table = ordered.groupby("company_id")[[*columns, "sic"]].first().reset_index()
    countries = read_seed("countries").set_index("alias")
    stated = table["country"].str.lower()
    table["country_code"] = stated.map(countries["country_code"])
    table["country"] = stated.map(countries["country"]).fillna(table["country"])
    industries = read_seed("industries").set_index("alias")
    stated = map_distinct(table["industry"], lambda name: fold(name.strip()))
    table["industry_name"] = stated.map(industries["industry"])
    by_sic = map_distinct(table.pop("sic"), _naics_of)
    table["industry_code"] = stated.map(industries["naics_code"].astype(str)).fillna(by_sic)
    return Companies(
        table,
        lookup,
        ambiguous,
        set(latest.loc[latest["domain"].notna(), "company_id"]),
        set(latest.loc[latest["cik"].notna(), "company_id"]),
    )


def _naics_of(sic: float) -> str | None:
    ranges = read_seed("sic_industries")
    found = ranges[(ranges["sic_from"] <= sic) & (sic <= ranges["sic_to"])]["naics_code"]
    return str(found.iloc[0]) if len(found) else None


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
    filers["sic"] = pd.to_numeric([row.get("sic") for row in parsed], errors="coerce")
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
    records["domain"] = map_distinct(records["domain"], domain_key)
    shared = set(read_seed("shared_domains")["domain"])
    records.loc[records["domain"].isin(shared), "domain"] = None
    records["cik"] = map_distinct(records["cik"], cik_key)
    with_vendor = records["board_key"].str.contains(":", na=False)
    records["board_key"] = records["board_key"].str.lower().where(with_vendor, None)
    count = pd.to_numeric(records["employee_count"].str.replace(",", ""), errors="coerce")
    records["employee_count"] = count.where(count.between(1, 10_000_000))
    records["name"] = records["name"].str.strip()
    records["name_key"] = map_distinct(records["name"], company_key)
    records["record_key"] = records["source"] + "|" + records["record_id"]
    records["first_seen_at"] = records.groupby("record_key")["fetched_at"].transform("min")
    latest = newest_rows(records, ["record_key"]).index
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
