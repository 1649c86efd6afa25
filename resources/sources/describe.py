"""The table of sources for people: ``python -m resources.sources.describe`` prints it.

docs/sources.md holds it; a test says when it is no longer what the declarations say.
"""

from __future__ import annotations

from resources.settings import load_settings
from resources.sources.declaration import Declaration, Declarations, load_declarations

HEADER = "| source | families | kind | streams | asks | limit | fresh for | needs | terms |"


def table(declarations: Declarations) -> str:
    """One Markdown row per source."""
    rows = [HEADER, "| " + " | ".join(["---"] * HEADER.strip("|").count("|") + ["---"]) + " |"]
    rows += [_row(declared) for declared in declarations.sources.values()]
    return "\n".join(rows)


def _row(declared: Declaration) -> str:
    limit = f"{declared.rate_limit.requests} per {declared.rate_limit.per_seconds:g} s"
    needs = ", ".join(f"`{name}`" for name in declared.missing({})) or "nothing"
    asks = ", ".join(
        f"`{url}`" if "$" not in url else _by_variable(name)
        for name, url in declared.base_urls.items()
    )
    if declared.rate_limit.shared:
        limit += ", all processes"
    if declared.connector == "file_drop":
        asks, limit, needs = f"files in `drops/{declared.name}`", "-", "the folder"
    elif declared.connector == "webhook":
        asks, limit = f"`POST /webhooks/{declared.name}`", "-"
        needs = f"`{declared.options['secret_variable']}`"
    terms = f"[{declared.terms.note}]({declared.terms.url})" if declared.terms.url else ""
    cells = [
        f"`{declared.name}`",
        ", ".join(declared.families),
        declared.kind,
        ", ".join(f"`{stream}`" for stream in declared.streams),
        asks,
        limit,
        f"{declared.freshness_hours:g} h",
        needs,
        terms or declared.terms.note,
    ]
    return "| " + " | ".join(cells) + " |"


def _by_variable(name: str) -> str:
    """What an address is whose value a variable holds."""
    return "the name server" if name == "resolver" else "the user's file or address"


if __name__ == "__main__":
    print(table(load_declarations(load_settings().config_dir)))
