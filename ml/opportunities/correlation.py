"""Sources to deals: pairs within a customer compared, groups joined by mean weight.

Average linkage (``ml.identity.clusters``) keeps two deals of one customer apart even where one
source lies between them; sources with different part numbers or different requests never join,
unless one conversation holds them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from ml.identity.small_clusters import cluster_pairs
from ml.opportunities.comparison import Link, compare, probability
from ml.opportunities.profiles import Profile
from ml.opportunities.records import Fragment, Member

#: Sources of one customer that are compared pair by pair; beyond it only near ones in time are.
LARGEST_BLOCK = 600
#: Neighbours in time that a source of a larger block is compared with, on either side.
NEIGHBOURS = 60
_LEGAL = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|inc|incorporated|ltd|limited|llc|plc|corp|corporation|co|company|bv|nv|ab"
    r"|as|oy|sa|sas|srl|spa|se|group|holding)\b\.?",
    re.I,
)


def distinct(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Each source once, in the order of ids; of two with one id the later, then the fuller."""
    kept: dict[str, Fragment] = {}
    for fragment in fragments:
        other = kept.get(fragment.fragment_id)
        if other is None or _fullness(fragment) > _fullness(other):
            kept[fragment.fragment_id] = fragment
    return [kept[i] for i in sorted(kept)]


def _fullness(fragment: Fragment) -> tuple:
    return fragment.occurred_at, len(fragment.claims), repr(fragment)


def correlate(fragments: Sequence[Fragment]) -> list[tuple[list[Fragment], list[Member]]]:
    """Groups of sources, each with how sure every one is to belong; largest id order."""
    groups: list[tuple[list[Fragment], list[Member]]] = []
    for block in blocks_of(distinct(fragments)):
        groups += correlate_block(block)
    return groups


def correlate_block(block: list[Fragment]) -> list[tuple[list[Fragment], list[Member]]]:
    """Groups of the sources of one customer, which are given in the order of ids."""
    profiles = [Profile(f) for f in block]
    links = [
        (i, j, compare(profiles[i], profiles[j]))
        for i, j in _pairs(block)
        if block[i].system is None or block[i].system != block[j].system
    ]
    labels = _cluster(profiles, links)
    mine: list[list[Link]] = [[] for _ in block]
    for i, j, link in links:
        if labels[i] == labels[j]:
            mine[i].append(link)
            mine[j].append(link)
    groups: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        groups[label].append(row)
    return [
        ([block[row] for row in rows], [_member(block[row], mine[row]) for row in rows])
        for _, rows in sorted(groups.items())
    ]


def company_key(name: str) -> str:
    """A company's name as letters only, without its legal form.

    >>> company_key("Kestrel Marine GmbH")
    'kestrelmarine'
    """
    return re.sub(r"[\W_]+", "", _LEGAL.sub(" ", name.lower()))


def domain_key(party: str) -> str:
    """The letters of a customer's domain, as a company's name may spell them.

    >>> domain_key("kestrel-marine.example")
    'kestrelmarine'
    """
    return re.sub(r"[\W_]+", "", party.split(".", maxsplit=1)[0])


def blocks_of(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Sources of one customer: by domain, and by a company's name that spells one."""
    by_letters: dict[str, str] = {}
    for fragment in fragments:
        if fragment.party:
            by_letters.setdefault(domain_key(fragment.party), fragment.party)
    for fragment in fragments:
        if fragment.party and fragment.company:
            by_letters.setdefault(company_key(fragment.company), fragment.party)
    blocks: dict[str, list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        key = fragment.party
        if key is None and fragment.company:
            letters = company_key(fragment.company)
            key = by_letters.get(letters, letters)
        blocks[key or f"?{fragment.thread_id or fragment.fragment_id}"].append(fragment)
    return [blocks[key] for key in sorted(blocks)]


def _pairs(block: list[Fragment]) -> Iterable[tuple[int, int]]:
    if len(block) <= LARGEST_BLOCK:
        return combinations(range(len(block)), 2)
    by_time = sorted(range(len(block)), key=lambda i: (block[i].occurred_at, i))
    return {
        (min(i, j), max(i, j))
        for place, i in enumerate(by_time)
        for j in by_time[place + 1 : place + 1 + NEIGHBOURS]
    }


def _cluster(profiles: list[Profile], links: list[tuple[int, int, Link]]) -> list[int]:
    """The group of each row, named by its smallest row."""
    threads: dict[str, int] = {}
    together = []
    for row, profile in enumerate(profiles):
        thread = profile.fragment.thread_id
        if thread and (first := threads.setdefault(thread, row)) != row:
            together.append((first, row))
    return cluster_pairs(
        len(profiles),
        [(i, j, link.weight) for i, j, link in links],
        together,
        keys=[
            [_only(p.parts) for p in profiles],
            [_request(p) for p in profiles],
            *_crm_rows(profiles),
        ],
    )


def _only(values: frozenset[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _request(profile: Profile) -> str | None:
    return _only(frozenset(r for r in profile.references if r.startswith("RFQ ")))


def _crm_rows(profiles: list[Profile]) -> list[list[str | None]]:
    """For each CRM its rows' ids: two rows of one CRM are two deals, whatever they share."""
    fragments = [p.fragment for p in profiles]
    return [
        [f.fragment_id if f.system == system else None for f in fragments]
        for system in sorted({f.system for f in fragments if f.system})
    ]


def _member(fragment: Fragment, mine: list[Link]) -> Member:
    """How sure a source belongs: its mean weight to the others, and its best reasons."""
    if not mine:
        return Member(fragment.fragment_id, fragment.kind, fragment.occurred_at, 1.0, ("alone",))
    best = min(mine, key=lambda link: (-link.weight, link.left, link.right))
    mean = sum(link.weight for link in mine) / len(mine)
    return Member(
        fragment.fragment_id, fragment.kind, fragment.occurred_at,
        probability(max(mean, best.weight / 2)), best.reasons,
    )  # fmt: skip
