"""Points for the ways to reach a company, and the opportunities of the past."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.keys import map_distinct, person_key
from benchmarks.pandas_pipeline.reading import Input, newest_rows, read_seed


def access_points(data: Input, known: Companies, table: pd.DataFrame) -> pd.DataFrame:
    """Ways to reach a company."""
    people = _people(data, known, table)
    people = people[
        people["is_current"] & (people["first_seen_at"] < data.as_of + pd.Timedelta(days=1))
    ]
    mailboxes = set(read_seed("role_mailboxes")["mailbox"])
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
    contacts = newest_rows(contacts, ["record_id"])
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
    every["name_key"] = map_distinct(every["full_name"], person_key)
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
    rows = newest_rows(rows[rows["opportunity_id"].notna()], ["record_id"])
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
