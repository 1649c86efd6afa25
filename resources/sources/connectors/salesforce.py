"""Salesforce: opportunities by a SOQL query, those first that changed least recently.

Each run asks from where the last one stopped, and a little behind it, because times are set before
a change is seen by others. A run that is cut short goes on where it stopped. Rows are kept under
Salesforce's own names, related records' fields with a dot (``Account.Name``), as its exports write
them. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from resources.http import BadResponseError, encode_json
from resources.lake import Record
from resources.oauth import Tokens, app_form, refresh_form
from resources.sources.connectors.base import Context, Cursor, Emission, parse_time, stated_time
from resources.sources.connectors.token_api import (
    TokenApi,
    as_object,
    credentials_of,
    listed_option,
)

STREAM = "crm_opportunities"
APP = ("client_id", "client_secret")
VERSION = "v61.0"
FIELDS = (
    "Id", "Name", "AccountId", "Account.Name", "Account.Website", "Owner.Name", "Owner.Email",
    "StageName", "Amount", "CloseDate", "Type", "NextStep", "LeadSource", "Probability",
    "TotalOpportunityQuantity", "IsClosed", "IsWon", "IsDeleted", "CreatedDate",
    "LastModifiedDate", "SystemModstamp",
)  # fmt: skip
CONTACTS = "(SELECT Contact.Name, Contact.Email, Role, IsPrimary FROM OpportunityContactRoles)"
#: Minutes behind the last change that is known from which the next run asks.
OVERLAP_MINUTES = 10.0
LATER = frozenset({"REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW"})
#: Errors of a query whose further pages Salesforce has let go of.
_LOST = ("INVALID_QUERY_LOCATOR", "QUERY_TIMEOUT")
_CURSOR = "SystemModstamp"


def fetch(context: Context) -> Iterator[Emission]:
    """Opportunities that are new or changed, deleted ones among them."""
    salesforce = _Salesforce(context)
    since = parse_time(context.cursors.get((STREAM, _CURSOR)))
    for rows in salesforce.pages(since):
        for row in rows:
            record = _record(context, row, salesforce.instance)
            if context.is_new(record):
                yield record
        latest = rows[-1].get("SystemModstamp") if rows else None
        if latest:
            yield Cursor(STREAM, _CURSOR, str(latest))
        context.succeeded += 1


def probe(context: Context) -> str:
    """How many opportunities can be seen. Errors are those of ``fetch``."""
    return f"{_Salesforce(context).count():,} opportunities can be read"


class _Salesforce:
    """An organisation as the API shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.instance = context.urls["instance"]
        app = credentials_of(context, APP)
        tokens = Tokens(
            context.session,
            f"{self.instance}/services/oauth2/token",
            refresh_form(app) if app.get("refresh_token") else app_form(app),
            of=f"app {app['client_id'][:12]}",
            remedy="the connected app's flow, its policies and its user",
        )
        self._api = TokenApi(
            context, tokens, reason=reason, later=LATER,
            about="opportunities: give its user the right to read them and to use the API",
        )  # fmt: skip
        self._data = f"{self.instance}/services/data/{context.option('version', VERSION)}"

    def pages(self, since: datetime | None) -> Iterator[list[dict[str, Any]]]:
        """Rows by their last change, page by page. Raises ``BadResponseError`` for a lost page."""
        fields = [*FIELDS, *listed_option(self._context, "fields")]
        where = ""
        if since is not None:
            minutes = float(self._context.option("overlap_minutes", OVERLAP_MINUTES))
            floor = (since - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
            where = f" WHERE SystemModstamp >= {floor}"
        query = (
            f"SELECT {', '.join(dict.fromkeys(fields))}, {CONTACTS} FROM Opportunity{where} "
            "ORDER BY SystemModstamp, Id"
        )
        page = as_object(self._api.get(f"{self._data}/queryAll", {"q": query}))
        while True:
            yield [flat(row) for row in page.get("records") or ()]
            ahead = page.get("nextRecordsUrl")
            if page.get("done", True) or not ahead:
                return
            answer = self._api.get(f"{self.instance}{ahead}", accept=(400, 404))
            if answer.status != 200:
                code, message = reason(answer.content)
                lost = "the rest of the query is lost" if code in _LOST else message or code
                raise BadResponseError(
                    self._context.source, answer.url,
                    f"status {answer.status}: {lost}; the next run goes on from here",
                    excerpt=answer.content,
                )  # fmt: skip
            page = as_object(answer)

    def count(self) -> int:
        """How many opportunities the user sees."""
        asked = {"q": "SELECT COUNT() FROM Opportunity"}
        return int(as_object(self._api.get(f"{self._data}/query", asked)).get("totalSize") or 0)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with related records' fields under dotted names, and its contacts, the main one first.

    >>> flat({"Id": "1", "Account": {"attributes": {}, "Name": "Alder"}})
    {'Id': '1', 'Account.Name': 'Alder'}
    """
    flattened: dict[str, Any] = {}
    for name, value in row.items():
        if name == "attributes":
            continue
        if not isinstance(value, Mapping):
            flattened[name] = value
        elif "records" in value:
            people = [flat(one) for one in value["records"]]
            people.sort(key=lambda one: not one.get("IsPrimary"))
            flattened |= {k: v for k, v in (people[0] if people else {}).items() if "." in k}
            flattened[name] = people
        else:
            flattened |= {f"{name}.{k}": v for k, v in flat(value).items()}
    return flattened


def _record(context: Context, row: Mapping[str, Any], instance: str) -> Record:
    stamp = row.get("SystemModstamp") or row.get("LastModifiedDate")
    return Record(
        source=context.source,
        stream=STREAM,
        record_id=str(row["Id"]),
        observed_at=stated_time(stamp, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=f"{instance}/{row['Id']}",
        payload=encode_json(row),
    )


def reason(content: bytes) -> tuple[str, str]:
    """Code and message of ``[{"errorCode": ..., "message": ...}]``."""
    try:
        told = json.loads(content)[0]
        return str(told.get("errorCode", "")), str(told.get("message", ""))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return "", ""
