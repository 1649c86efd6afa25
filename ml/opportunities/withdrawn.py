"""Deals that a CRM has deleted or archived, and the opportunities that they would belong to.

Such a row says nothing of a deal any more and joins nothing (mail may still speak of it), but a
deal that somebody took out of the CRM must not be made there again. Which opportunity the row
belongs to is asked of the same comparison, one row at a time, so that it ties no others together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ml.opportunities.building import Group
from ml.opportunities.correlation import blocks_of, correlate_block
from ml.opportunities.records import Fragment, Opportunity, WithdrawnRow


def with_withdrawn(
    opportunities: Iterable[Opportunity],
    groups: Sequence[Group],
    withdrawn: Mapping[str, tuple[Fragment, WithdrawnRow]],
) -> list[Opportunity]:
    """Opportunities with the withdrawn rows that belong to them; ``withdrawn`` by fragment id.

    Any order gives the same. A row that would be an opportunity of its own belongs to none.
    """
    found = list(opportunities)
    if not withdrawn:
        return found
    at = {f.fragment_id: number for number, (group, _) in enumerate(groups) for f in group}
    rows: dict[int, list[WithdrawnRow]] = defaultdict(list)
    gone = {fragment.fragment_id for fragment, _ in withdrawn.values()}
    alive = [f for group, _ in groups for f in group if f.fragment_id not in gone]
    for block in blocks_of([*alive, *(fragment for fragment, _ in withdrawn.values())]):
        kept = [f for f in block if f.fragment_id not in gone]
        for fragment in block if kept else ():
            if fragment.fragment_id in gone:
                number = _group_of(fragment, kept, at)
                if number is not None:
                    rows[number].append(withdrawn[fragment.fragment_id][1])
    if not rows:
        return found
    by_member = {m.fragment_id: n for n, (_, members) in enumerate(groups) for m in members}
    return [
        replace(one, withdrawn=tuple(sorted(told)))
        if (told := rows.get(by_member.get(one.members[0].fragment_id, -1)))
        else one
        for one in found
    ]


def _group_of(row: Fragment, kept: Sequence[Fragment], at: Mapping[str, int]) -> int | None:
    """The group that holds most of the sources which the row is joined with."""
    with_row = sorted([*kept, row], key=lambda f: f.fragment_id)
    for group, _ in correlate_block(with_row):
        if any(f.fragment_id == row.fragment_id for f in group):
            counts = Counter(at[f.fragment_id] for f in group if f.fragment_id in at)
            return min(counts, key=lambda n: (-counts[n], n)) if counts else None
    return None
