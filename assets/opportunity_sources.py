"""What detections say, as the sources that opportunities are joined of.

Of a CRM's row and of a meeting the version fetched last counts. Knows nothing of Dagster.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from assets.fragments import (
    crm_fragment,
    fragment_of_call,
    fragment_of_document,
    fragments_of_mails,
)
from detection.correspondence.crm import CrmRow
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.stored import (
    call_of,
    document_reading_of,
    mail_id_of,
    mail_of,
)
from ml.opportunities.records import Fragment, WithdrawnRow

#: Tables that sources come from.
TABLES = (
    "correspondence_messages", "correspondence_meetings", "correspondence_documents",
    "crm_opportunities", "crm_accounts",
)  # fmt: skip
_IDENTITY = ("source", "stream", "record_id", "payload_sha256")
_CRM = tuple(f.name for f in fields(CrmRow))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Backlink:
    """Where a source stands in the lake, and what read it."""

    source: str
    stream: str
    record_id: str
    payload_sha256: str
    source_url: str | None
    reader: str
    reader_version: str
    #: The CRM's account, which leads to the company.
    account_id: str | None = None


@dataclass
class Sources:
    """Everything that opportunities are joined of, and where it was read."""

    fragments: list[Fragment] = field(default_factory=list)
    #: By fragment id.
    backlinks: dict[str, Backlink] = field(default_factory=dict)
    #: Deals deleted or archived in a CRM, as they were last told, by fragment id.
    withdrawn: dict[str, tuple[Fragment, WithdrawnRow]] = field(default_factory=dict)
    #: Part of the detections that it came of (``opportunity_index``), by fragment id.
    parts: dict[str, int] = field(default_factory=dict)


def gather(
    rows: Mapping[str, list[Row]], vocabulary: Vocabulary, named: Collection[str] = ()
) -> Sources:
    """Sources of detection rows, which are given by table (``TABLES``).

    Each bears the part of the detections that it belongs to as ``carried_part``. ``named`` are
    mails, calls and documents that reviewers named, which count whatever their verdict.
    """
    sources = Sources()
    _add_mails(sources, rows["correspondence_messages"], named)
    _add_calls(sources, rows["correspondence_meetings"], named)
    _add_documents(sources, rows["correspondence_documents"], named)
    _add_crm(sources, rows["crm_opportunities"], rows["crm_accounts"], vocabulary)
    return sources


def _add_mails(sources: Sources, rows: list[Row], named: Collection[str]) -> None:
    found = fragments_of_mails(map(mail_of, rows), named)
    first = _first(rows, lambda row: f"mail:{mail_id_of(row)}")
    _add(sources, ((fragment, first[fragment.fragment_id]) for fragment in found))


def _add_calls(sources: Sources, rows: list[Row], named: Collection[str]) -> None:
    found: dict[str, tuple[Fragment, Row]] = {}
    # Sorted, so that of two sources that hold one meeting the same one is always shown.
    for row in sorted(_newest(rows), key=_by_name):
        fragment = fragment_of_call(call_of(row), row["meeting_id"], named)
        if fragment is not None:
            found.setdefault(fragment.fragment_id, (fragment, row))
    _add(sources, _without_copies(found.values(), named))


def _without_copies(
    found: Iterable[tuple[Fragment, Row]], named: Collection[str]
) -> list[tuple[Fragment, Row]]:
    """Calls without files of the same call elsewhere (Zoom's transcript, laid into a folder too).

    Copies begin at one moment and say the same sentences; the one that names most people by address
    stays, and what a reviewer named.
    """
    kept: dict[tuple, tuple[Fragment, Row]] = {}
    for fragment, row in found:
        said = tuple((c.field, c.evidence) for c in fragment.claims)
        is_apart = not said or fragment.fragment_id in named
        key = (fragment.fragment_id,) if is_apart else (fragment.occurred_at, said)
        if key not in kept or _addresses(fragment) > _addresses(kept[key][0]):
            kept[key] = (fragment, row)
    return list(kept.values())


def _addresses(fragment: Fragment) -> int:
    return sum(actor.email is not None for actor in fragment.actors)


def _add_documents(sources: Sources, rows: list[Row], named: Collection[str]) -> None:
    """Documents as they are now; of copies the one that is named, else always the same one."""
    found: dict[str, tuple[Fragment, Row]] = {}
    for row in sorted(_newest(rows), key=_by_name):
        fragment = fragment_of_document(document_reading_of(row), named)
        copy = row["content_sha256"]
        if fragment is not None and (copy not in found or fragment.fragment_id in named):
            found[copy] = (fragment, row)
    _add(sources, found.values())


def _add_crm(
    sources: Sources, rows: list[Row], accounts: list[Row], vocabulary: Vocabulary
) -> None:
    known = {(row["source"], row["record_id"]): row for row in _newest(accounts)}
    found = []
    gone = {}
    for row in _newest(rows):
        if row["is_withdrawn"]:
            # From the day on which the CRM told so; a join of an earlier day sees the row before.
            gone[row["source"], row["stream"], row["record_id"]] = row
    # A deleted row may come with nothing but its id: what it said before tells whose it was.
    before = _newest(row for row in rows if not row["is_withdrawn"]) if gone else _newest(rows)
    lost = [row for name, row in gone.items() if name not in {_name(r) for r in before}]
    for row in [*before, *lost]:
        account = known.get((row["source"], row["account_id"]), {})
        told = CrmRow(
            **{
                name: row[name] for name in _CRM if name in row and name not in ("domain", "faults")
            },
            account=row["account_name"] or account.get("name"),
            domain=row["domain"] or account.get("domain"),
            faults=(),
        )
        fragment = crm_fragment(told, vocabulary, row["source"])
        if fragment is None:
            continue
        if told_gone := gone.get(_name(row)):
            key = fragment.fragment_id
            at = told_gone["modified_at"] or told_gone["fetched_at"]
            sources.withdrawn[key] = (
                fragment, WithdrawnRow(row["source"], row["record_id"], key, at)
            )  # fmt: skip
        else:
            found.append((fragment, row))
    _add(sources, found)


def _name(row: Row) -> tuple[str, str, str]:
    return row["source"], row["stream"], row["record_id"]


def _add(sources: Sources, found: Iterable[tuple[Fragment, Row]]) -> None:
    for fragment, row in found:
        sources.fragments.append(fragment)
        sources.parts[fragment.fragment_id] = row["carried_part"]
        sources.backlinks[fragment.fragment_id] = Backlink(
            *(row[name] for name in _IDENTITY),
            row["source_url"],
            row["reader"],
            row["reader_version"],
            row.get("account_id"),
        )


def _by_name(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in _IDENTITY)


def _first(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Row]:
    """Of the copies of one mail the same, whatever came first."""
    found: dict[str, Row] = {}
    for row in rows:
        name = key(row)
        if name not in found or _by_name(row) < _by_name(found[name]):
            found[name] = row
    return found


def _newest(rows: Iterable[Row]) -> list[Row]:
    """The version of each record that was fetched last."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        name = _name(row)
        if name not in found or _age(row) > _age(found[name]):
            found[name] = row
    return list(found.values())


def _age(row: Row) -> tuple[datetime, str]:
    return (row["fetched_at"] or datetime.min.replace(tzinfo=UTC), row["payload_sha256"])
