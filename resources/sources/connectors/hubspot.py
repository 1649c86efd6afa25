"""HubSpot: deals by the CRM's search, those first that changed least recently.

Each run asks from where the last one stopped, and a little behind it, because the search knows a
change some seconds late. A search tells ten thousand results at most; then it begins again at the
last one's time. Companies and contacts of a page's deals are asked for together; their names and
addresses are kept under the names of HubSpot's exports, beside the deal's own properties, as are
the owner by name and address beside its id, and the stage by its label. A search leaves out what
was archived; that is listed apart, each run, and kept with ``archived`` and ``archivedAt`` (HubSpot
forgets it after 90 days). https://developers.hubspot.com/docs/api/crm/deals
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from resources.http import Answer, encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, Cursor, Emission, parse_time, stated_time
from resources.sources.connectors.token_api import as_object, listed_option, refuse

STREAM = "crm_opportunities"
PROPERTIES = (
    "dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate", "createdate",
    "hs_lastmodifieddate", "hs_next_step", "hubspot_owner_id", "dealtype", "description",
    "hs_is_closed", "hs_is_closed_won", "hs_deal_stage_probability",
    "hs_salesforceopportunityid",
)  # fmt: skip
PAGE_SIZE = 100
#: Results of one search that HubSpot tells at most.
MOST_RESULTS = 10_000
OVERLAP_MINUTES = 10.0
LATER = frozenset({"RATE_LIMITS"})
_CURSOR = "hs_lastmodifieddate"
_FIRST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
#: What is asked of related records, and the name of each in an export of deals.
_RELATED = {
    "companies": {"name": "Associated Company", "domain": "Company Domain Name"},
    "contacts": {"email": "Contact Email", "firstname": "Contact First Name",
                 "lastname": "Contact Last Name"},
}  # fmt: skip


def fetch(context: Context) -> Iterator[Emission]:
    """Deals that are new or changed, archived ones last."""
    hubspot = _HubSpot(context)
    since = parse_time(context.cursors.get((STREAM, _CURSOR)))
    minutes = float(context.option("overlap_minutes", OVERLAP_MINUTES))
    floor = _FIRST if since is None else since - timedelta(minutes=minutes)
    for deals in hubspot.pages(floor):
        for row in hubspot.rows(deals):
            record = _record(context, row)
            if context.is_new(record):
                yield record
        latest = (deals[-1].get("properties") or {}).get("hs_lastmodifieddate") if deals else None
        if latest:
            yield Cursor(STREAM, _CURSOR, str(latest))
        context.succeeded += 1
    for row in hubspot.archived():
        record = _record(context, row)
        if context.is_new(record):
            yield record


def probe(context: Context) -> str:
    """How many deals can be seen. Errors are those of ``fetch``."""
    return f"{_HubSpot(context).count():,} deals can be read"


class _HubSpot:
    """An account as the API shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._base = f"{context.urls['api']}/crm"
        self._properties = [*PROPERTIES, *listed_option(context, "properties")]
        self._labels: dict[str, str] | None = None
        self._owners: dict[str, str] | None = None

    def pages(self, floor: datetime) -> Iterator[list[dict[str, Any]]]:
        """Deals by their last change, page by page."""
        after: str | None = None
        while True:
            page = self._search(floor, after, PAGE_SIZE)
            deals = page.get("results") or []
            yield deals
            after = ((page.get("paging") or {}).get("next") or {}).get("after")
            if not after or not deals:
                return
            if int(after) + PAGE_SIZE > MOST_RESULTS:
                last = (deals[-1].get("properties") or {}).get("hs_lastmodifieddate")
                moment = parse_time(last)
                if moment is None or moment <= floor:
                    return
                floor, after = moment, None

    def _search(self, floor: datetime, after: str | None, limit: int) -> dict[str, Any]:
        changed = {"propertyName": "hs_lastmodifieddate", "operator": "GTE",
                   "value": str(int(floor.timestamp() * 1000))}  # fmt: skip
        order = {"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}
        body = {
            "filterGroups": [{"filters": [changed]}],
            "sorts": [order],
            "properties": self._properties,
            "limit": limit,
            **({"after": after} if after else {}),
        }
        return self._post("v3/objects/deals/search", body)

    def archived(self) -> Iterator[dict[str, Any]]:
        """Deals that were archived, with their own properties alone."""
        after: str | None = None
        while True:
            asked = {
                "archived": "true",
                "limit": PAGE_SIZE,
                "properties": ",".join(self._properties),
                **({"after": after} if after else {}),
            }
            answer = self._context.session.get(
                f"{self._base}/v3/objects/deals", params=asked, cache=False, accept_all=True
            )
            if answer.status >= 400:
                self._refuse(answer)
            page = as_object(answer)
            for deal in page.get("results") or ():
                if deal.get("archived"):
                    told = {"archived": "true", "archivedAt": deal.get("archivedAt")}
                    yield {k: v for k, v in (_own(deal) | told).items() if v}
            following = ((page.get("paging") or {}).get("next") or {}).get("after")
            if not following or following == after:
                return
            after = str(following)

    def count(self) -> int:
        """How many deals the token shows."""
        return int(self._search(_FIRST, None, 1).get("total") or 0)

    def rows(self, deals: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Deals with the names of their companies, contacts and stages."""
        ids = [str(deal["id"]) for deal in deals]
        related = [self._related(ids, kind) for kind in _RELATED] if ids else []
        for deal in deals:
            row = _own(deal)
            stage = self._stage(str(row.get("dealstage", "")))
            for found in related:
                row |= found.get(str(deal["id"]), {})
            owner = self._owner(str(row.get("hubspot_owner_id", "")))
            row |= {"Deal owner": owner} if owner else {}
            yield row | ({"stage": stage} if stage else {})

    def _related(self, ids: list[str], kind: str) -> dict[str, dict[str, str]]:
        """The main company or contact of each deal, by the deal's id."""
        body = {"inputs": [{"id": one} for one in ids]}
        told = self._post(f"v4/associations/deals/{kind}/batch/read", body)
        main: dict[str, str] = {}
        for result in told.get("results") or ():
            links = sorted(result.get("to") or (), key=_is_no_primary)
            if links:
                main[str(result["from"]["id"])] = str(links[0]["toObjectId"])
        if not main:
            return {}
        names = _RELATED[kind]
        body = {"inputs": [{"id": one} for one in sorted(set(main.values()))],
                "properties": list(names)}  # fmt: skip
        told = self._post(f"v3/objects/{kind}/batch/read", body)
        known = {str(one["id"]): one.get("properties") or {} for one in told.get("results") or ()}
        return {
            deal: {names[k]: v for k, v in known.get(other, {}).items() if k in names and v}
            for deal, other in main.items()
        }

    def _stage(self, stage_id: str) -> str | None:
        """Label of a stage; pipelines of a company's own name their stages by numbers."""
        if self._labels is None:
            answer = self._context.session.get(
                f"{self._base}/v3/pipelines/deals", cache=False, accept=(401, 403)
            )
            pipelines = as_object(answer).get("results") or () if answer.status == 200 else ()
            self._labels = {
                str(stage["id"]): str(stage.get("label") or "")
                for pipeline in pipelines
                for stage in pipeline.get("stages") or ()
            }
        return self._labels.get(stage_id) or None

    def _owner(self, owner_id: str) -> str | None:
        """``Name <address>`` of an owner, one who has left too; None where they may not be seen."""
        if not owner_id:
            return None
        if self._owners is None:
            self._owners = {}
            for archived in ("true", "false"):
                for owner in self._listed_owners(archived):
                    if told := _owner_text(owner):
                        self._owners[str(owner.get("id"))] = told
        return self._owners.get(owner_id)

    def _listed_owners(self, archived: str) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            asked = {
                "limit": PAGE_SIZE,
                "archived": archived,
                **({"after": after} if after else {}),
            }
            answer = self._context.session.get(
                f"{self._base}/v3/owners", params=asked, cache=False, accept=(401, 403)
            )
            page = as_object(answer) if answer.status == 200 else {}
            yield from page.get("results") or ()
            following = ((page.get("paging") or {}).get("next") or {}).get("after")
            if not following or following == after:
                return
            after = str(following)

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._context.session.post_json(f"{self._base}/{path}", body, accept_all=True)
        if answer.status >= 400:
            self._refuse(answer)
        return as_object(answer)

    def _refuse(self, answer: Answer) -> None:
        about = "deals; give the private app crm.objects.deals.read, companies.read, contacts.read"
        refuse(self._context, answer, reason(answer.content), later=LATER, about=about)


def _own(deal: Mapping[str, Any]) -> dict[str, Any]:
    """A deal's id and its own properties that say something."""
    told = {k: v for k, v in (deal.get("properties") or {}).items() if v not in (None, "")}
    return {"hs_object_id": str(deal["id"]), **told}


def _owner_text(owner: Mapping[str, Any]) -> str | None:
    """How an owner is shown: name and address, or what of it is known."""
    name = " ".join(str(owner[k]).strip() for k in ("firstName", "lastName") if owner.get(k))
    email = str(owner.get("email") or "").strip().lower()
    return f"{name} <{email}>" if name and email else name or email or None


def _is_no_primary(link: Mapping[str, Any]) -> bool:
    labels = {kind.get("label") for kind in link.get("associationTypes") or ()}
    return "Primary" not in labels


def _record(context: Context, row: Mapping[str, Any]) -> Record:
    return Record(
        source=context.source,
        stream=STREAM,
        record_id=str(row["hs_object_id"]),
        observed_at=stated_time(
            row.get("archivedAt") or row.get("hs_lastmodifieddate"), context.fetched_at
        ),
        fetched_at=context.fetched_at,
        source_url=None,
        payload=encode_json(row),
    )


def reason(content: bytes) -> tuple[str, str]:
    """Category and message of ``{"category": ..., "message": ...}``."""
    try:
        told = json.loads(content)
        return str(told.get("category", "")), str(told.get("message", ""))
    except (ValueError, AttributeError):
        return "", ""
