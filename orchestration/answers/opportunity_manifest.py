"""What was read of correspondence, by which reader and version, as people are shown it."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from activation.correspondence_questions import COUNTS, ITEMS
from orchestration.answers.terminal import cell, tell
from resources.publication import PublicationError, ask, connect_published
from resources.settings import Settings


def show_manifest(
    console: Console,
    settings: Settings,
    source: str | None,
    outcome: str | None,
    *,
    top: int,
    as_json: bool,
) -> bool:
    """Print the published manifest: figures by source and reader, and the latest items.

    False before the first publication.
    """
    chosen = {"source": source, "outcome": outcome}
    try:
        with connect_published(settings.published) as connection:
            counts = ask(connection, COUNTS, chosen)
            items = ask(connection, ITEMS, {**chosen, "top": top})
    except PublicationError as error:
        tell(console, str(error), style="red")
        return False
    if as_json:
        print(json.dumps({"counts": counts, "items": items}, indent=2, default=str))
        return True
    table = Table("source", "stream", "outcome", "reader", "items", "last fetched (UTC)")
    for row in counts:
        reader = f"{row['reader']} {row['reader_version']}" if row["reader"] else ""
        table.add_row(
            row["source"],
            row["stream"],
            row["outcome"],
            reader,
            f"{row['items']:,}",
            f"{row['last_fetched_at']:%Y-%m-%d %H:%M}",
        )
    console.print(table)
    latest = Table("source", "item", "outcome", "what was found")
    for row in items:
        found = row["reason"] or row["verdict"] or ""
        latest.add_row(
            row["source"], cell(row["item_id"] or row["record_id"], 60), row["outcome"],
            cell(found, 80),
        )  # fmt: skip
    console.print(latest)
    return True
