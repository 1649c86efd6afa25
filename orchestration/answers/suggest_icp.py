"""What the user's own deals suggest as ideal customer profile, on a terminal and as YAML."""

from __future__ import annotations

from pathlib import Path

import yaml
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from activation.questions import DEAL_ACCOUNTS
from ml.icp_suggestion import Account, NotEnoughDealsError, Suggestion, suggest
from resources.publication import ask, connect_published
from resources.settings import Settings

#: Findings without a shown difference that are listed after those with one.
UNDECIDED_SHOWN = 5


def suggest_icp(console: Console, settings: Settings, write_to: Path | None) -> bool:
    """Print what sets won deals apart and the profile that follows; False when deals are too few.

    ``write_to``: a file for the profile, which must not exist yet.
    """
    with connect_published(settings.published) as connection:
        rows = ask(connection, DEAL_ACCOUNTS)
    accounts = [
        Account(
            **{**row, "technologies": None if row["technologies"] is None
               else frozenset(row["technologies"])}
        )
        for row in rows
    ]  # fmt: skip
    try:
        suggestion = suggest(accounts)
    except NotEnoughDealsError as error:
        console.print(f"[red]{error}[/]")
        return False
    console.print(_table(suggestion))
    profile = suggestion.profile()
    if not profile:
        console.print("Nothing sets won deals apart beyond doubt: no profile is suggested.")
        return True
    text = yaml.safe_dump(profile, sort_keys=False, allow_unicode=True)
    console.print(Text("Suggested fields of a profile:\n"))
    console.print(Text(text))
    if write_to is None:
        return True
    if "industries" not in profile:
        console.print(
            "[red]No industry was shown to differ; a profile file needs some: add them.[/]"
        )
        return False
    if write_to.exists():
        console.print(f"[red]{write_to} exists; name another file.[/]")
        return False
    stated = {"icp_profile_id": write_to.stem, "name": "Suggested by won deals", **profile}
    write_to.write_text(yaml.safe_dump(stated, sort_keys=False, allow_unicode=True), "utf-8")
    console.print(
        f"Written to {write_to}. It scores leads from the next run on, beside the default."
    )
    return True


def _table(suggestion: Suggestion) -> Table:
    closed = suggestion.won + suggestion.lost
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=f"{suggestion.won} of {closed} companies with a closed deal were won",
        title_justify="left",
        caption=f"Intervals hold for all {suggestion.tried} traits together, at "
        f"{suggestion.level:.0%}. A trait goes with wins; it need not cause them.",
        caption_justify="left",
    )
    table.add_column("trait")
    table.add_column("won with it", justify="right")
    table.add_column("without", justify="right")
    table.add_column("difference", justify="right")
    table.add_column("interval", justify="right")
    table.add_column("verdict")
    shown = [f for f in suggestion.findings if f.verdict != "no difference shown"]
    undecided = [f for f in suggestion.findings if f.verdict == "no difference shown"]
    for found in shown + undecided[:UNDECIDED_SHOWN]:
        table.add_row(
            Text(f"{found.kind}: {found.value}"),
            f"{found.won_with}/{found.with_trait} {found.won_with / found.with_trait:.0%}",
            f"{found.won_without}/{found.without_trait} "
            f"{found.won_without / found.without_trait:.0%}",
            f"{100 * found.difference:+.0f} pt",
            f"{100 * found.lower:+.0f} to {100 * found.upper:+.0f}",
            found.verdict,
        )
    if len(undecided) > UNDECIDED_SHOWN:
        table.add_row(
            f"and {len(undecided) - UNDECIDED_SHOWN} more", *[""] * 4, "no difference shown"
        )
    return table
