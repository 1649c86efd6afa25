"""Which detection rows may bear on each other, so that a day joins what its news can touch.

Joining is a function of all rows, yet what one says reaches another only by something that both
name: an id, a conversation, a customer, a record. Rows that share no such key, over any number of
others, are joined apart; a part whose rows are those of an earlier joining gives what it gave. Keys
may tie rows that joining then holds apart, which costs time and changes nothing; what could join
them must always be among them. Knows nothing of Dagster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from detection.correspondence.mail.subjects import bare_subject, is_answer
from detection.correspondence.mail.threads import SHORTEST_SUBJECT
from detection.correspondence.passed_on import words_of
from detection.correspondence.stored import OWN_WORDS, mail_id_of
from ml.opportunities.annotations import id_of_source
from ml.opportunities.correlation import company_key, domain_key

Row = Mapping[str, Any]
#: Columns by which the quarantine names a row.
IDENTITY = ("source", "stream", "record_id", "payload_sha256")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one detection row to know whom it may bear on; hashes of 64 bits."""

    #: Of everything that the row says, and of what the quarantine would call it.
    digest: int
    identity: int
    #: An item of its own, not a mail that lies within another.
    is_whole: bool
    #: Of the source and of the opportunity that it may name, as reviewers write them.
    names: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    #: Keys that tie only where some row asks for them.
    offered: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()


def entry_of(table: str, row: Row) -> Entry:
    """The entry of a row of one of ``opportunity_sources.TABLES``."""
    keys, offered, asked, name = _KEYS[table](row)
    names = (name, id_of_source(name)) if name else ()
    return Entry(
        digest=_hash(repr(tuple(row.values()))),
        identity=identity_of(row[column] for column in IDENTITY),
        is_whole=row.get("part") in (None, OWN_WORDS) or "message_id" not in row,
        names=tuple(map(_hash, names)),
        keys=tuple(map(_hash, dict.fromkeys(keys))),
        offered=tuple(map(_hash, dict.fromkeys(offered))),
        asked=tuple(map(_hash, dict.fromkeys(asked))),
    )


def identity_of(columns: Iterable[Any]) -> int:
    """Hash of what the quarantine names a row by."""
    return _hash(repr(tuple(columns)))


def name_of(said: str) -> int:
    """Hash of a source or opportunity as a reviewer names it, as ``Entry.names`` holds it."""
    return _hash(said)


def customer_keys(party: str | None, company: str | None) -> list[str]:
    """Keys of a customer: domain and its letters, and the letters of a company's name."""
    keys = [f"p:{party}", f"l:{domain_key(party)}"] if party else []
    return [*keys, f"l:{company_key(company)}"] if company else keys


def _hash(text: str) -> int:
    told = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(told, "little", signed=True)


Keys = tuple[list[str], list[str], list[str], str | None]


def _mail(row: Row) -> Keys:
    """Ids, Gmail's thread and the customer; for answers without ids subject and person; for a
    copy whose author has no address its sentences."""
    mail_id, named = mail_id_of(row), json.loads(row["named_ids"])
    keys = [f"i:{i}" for i in (mail_id, *named)]
    if row["gmail_thread_id"]:
        keys.append(f"g:{row['gmail_thread_id']}")
    keys += customer_keys(row["party"], None)
    subject, offered = bare_subject(row["subject"]), []
    if len(subject) >= SHORTEST_SUBJECT and row["sent_at"] is not None:
        offered = [f"s:{subject}|{p.get('address')}" for p in json.loads(row["people"])]
    asked = offered if is_answer(row["subject"]) and not named else []
    told = {(s["kind"], s.get("sentence")) for s in json.loads(row["statements"])}
    said = sorted(f"w:{words_of(*one)}" for one in told)
    if row["part"] not in (None, OWN_WORDS) and row["party"] is None:
        asked = [*asked, *said]
    return keys, [*offered, *said], asked, f"mail:{mail_id}"


def _call(row: Row) -> Keys:
    source_id = row["meeting_id"] + ("" if row["part"] == "transcript" else f"#{row['part']}")
    keys = [_record(row), f"m:{row['meeting_id']}", f"i:call:{source_id}", f"c:{row['started_at']}"]
    return [*keys, *customer_keys(row["party"], row["company"])], [], [], f"call:{source_id}"


def _document(row: Row) -> Keys:
    name = f"document:{row['record_id']}"
    keys = [_record(row), f"i:{name}", f"d:{row['content_sha256']}"]
    return [*keys, *customer_keys(row["party"], row["company"])], [], [], name


def _deal(row: Row) -> Keys:
    name = f"crm:{row['source']}:{row['record_id']}"
    keys = [_record(row), f"i:{name}"]
    if row["account_id"]:
        keys.append(f"a:{row['source']}:{row['account_id']}")
    return [*keys, *customer_keys(row["domain"], row["account_name"])], [], [], name


def _account(row: Row) -> Keys:
    keys = [_record(row), f"a:{row['source']}:{row['record_id']}"]
    return [*keys, *customer_keys(row["domain"], row["name"])], [], [], None


def _record(row: Row) -> str:
    """Versions of one record stand together: the newest counts."""
    return f"r:{row['source']}|{row['stream']}|{row['record_id']}"


_KEYS: Mapping[str, Callable[[Row], Keys]] = {
    "correspondence_messages": _mail,
    "correspondence_meetings": _call,
    "correspondence_documents": _document,
    "crm_opportunities": _deal,
    "crm_accounts": _account,
}


@dataclass
class Index:
    """Entries of one partition of one detection table, as arrays; rows in the order of the file."""

    digest: np.ndarray
    identity: np.ndarray
    is_whole: np.ndarray
    #: Values of all rows one after the other, and where each row's begin (one more at the end).
    lists: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.digest)


LISTS = ("names", "keys", "offered", "asked")


def index_of(entries: Sequence[Entry]) -> Index:
    """Entries as arrays."""
    found = Index(
        np.array([e.digest for e in entries], np.int64),
        np.array([e.identity for e in entries], np.int64),
        np.array([e.is_whole for e in entries], bool),
    )
    for name in LISTS:
        told = [getattr(e, name) for e in entries]
        values = np.array([v for one in told for v in one], np.int64)
        ends = np.cumsum([0, *map(len, told)], dtype=np.int64)
        found.lists[name] = values, ends
    return found


def together(indexes: Sequence[Index]) -> Index:
    """Several partitions as one, in the order given."""
    joined = Index(
        *(
            np.concatenate([getattr(i, name) for i in indexes] or [np.empty(0, kind)])
            for name, kind in (("digest", np.int64), ("identity", np.int64), ("is_whole", bool))
        )
    )
    for name in LISTS:
        values = np.concatenate([i.lists[name][0] for i in indexes] or [np.empty(0, np.int64)])
        counts = [np.diff(i.lists[name][1]) for i in indexes] or [np.empty(0, np.int64)]
        ends = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        joined.lists[name] = values, ends
    return joined


def parts_of(index: Index, counted: np.ndarray, tied: Iterable[Collection[int]] = ()) -> np.ndarray:
    """The part of each row, by number; rows that are not ``counted`` (set aside) stand alone.

    ``tied`` are sets of keys that stand together as if one more row bore them.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    _, asking = _pairs(index, "asked", counted)
    rows, keys = _pairs(index, "keys", counted)
    offering, offered = _pairs(index, "offered", counted)
    wanted = np.isin(offered, asking)
    count = len(index)
    extra = [list(keys_of_one) for keys_of_one in tied]
    all_rows = np.concatenate(
        [rows, offering[wanted], *(np.full(len(e), count + n) for n, e in enumerate(extra))]
    )
    all_keys = np.concatenate([keys, offered[wanted], *(np.array(e, np.int64) for e in extra)])
    total = count + len(extra)
    distinct, places = np.unique(all_keys, return_inverse=True)
    size = total + len(distinct)
    graph = coo_matrix(
        (np.ones(len(all_rows), bool), (all_rows, total + places)), shape=(size, size)
    )
    return connected_components(graph, directed=False)[1][:total]


def _pairs(index: Index, name: str, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and value of each value of a list, of the rows that count."""
    values, ends = index.lists[name]
    rows = np.repeat(np.arange(len(index)), np.diff(ends))
    kept = counted[rows]
    return rows[kept], values[kept]


def digests_of(index: Index, parts: np.ndarray, counted: np.ndarray, size: int) -> np.ndarray:
    """What each of ``size`` parts holds, by its number: the sum of its rows' hashes."""
    found = np.zeros(size, np.uint64)
    rows = np.flatnonzero(counted)
    np.add.at(found, parts[rows], _mixed(index.digest[rows].view(np.uint64)))
    return found.view(np.int64)


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread, so that a sum of them tells which were added (splitmix64's last steps)."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
