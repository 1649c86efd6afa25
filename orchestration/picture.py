"""The asset graph as a Mermaid picture, one box a group: for the README and other pages."""

from __future__ import annotations

from collections import Counter

import dagster as dg


def group_graph(definitions: dg.Definitions) -> str:
    """Groups of assets and the dependencies between them, as Mermaid text."""
    graph = definitions.resolve_asset_graph()
    keys = graph.materializable_asset_keys
    group = {key: graph.get(key).group_name for key in keys}
    sizes = Counter(group.values())
    edges = {
        (group[parent], group[key])
        for key in keys
        for parent in graph.get(key).parent_keys
        if parent in group and group[parent] != group[key]
    }
    lines = ["flowchart LR"]
    lines += [
        f'    {name}["{name}<br/>{count} asset{"s" if count > 1 else ""}"]'
        for name, count in sorted(sizes.items())
    ]
    lines += [f"    {start} --> {end}" for start, end in sorted(_reduced(edges))]
    return "\n".join(lines)


def _reduced(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Edges without those that a longer way already says.

    One at a time: in a cycle two edges may each be said by a way over the other, and one must stay.
    """
    kept = set(edges)
    for edge in sorted(edges):
        if _reaches(*edge, kept - {edge}):
            kept.remove(edge)
    return kept


def _reaches(start: str, end: str, edges: set[tuple[str, str]]) -> bool:
    """Whether a way along ``edges`` leads from ``start`` to ``end``."""
    following: dict[str, set[str]] = {}
    for before, after in edges:
        following.setdefault(before, set()).add(after)
    seen, waiting = {start}, [start]
    while waiting:
        for after in following.get(waiting.pop(), set()) - seen:
            seen.add(after)
            waiting.append(after)
    return end in seen
