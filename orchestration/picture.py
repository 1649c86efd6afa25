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
    """Edges without those that a longer way already says; groups in a cycle keep theirs."""
    following: dict[str, set[str]] = {}
    for start, end in edges:
        following.setdefault(start, set()).add(end)

    def reaches(start: str, end: str, without: tuple[str, str]) -> bool:
        seen, waiting = set(), [start]
        while waiting:
            at = waiting.pop()
            for after in following.get(at, ()):
                if (at, after) == without or after in seen:
                    continue
                if after == end:
                    return True
                seen.add(after)
                waiting.append(after)
        return False

    return {edge for edge in edges if not reaches(*edge, without=edge)}
