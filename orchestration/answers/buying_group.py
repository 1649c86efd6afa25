"""Buying groups on a terminal: one company's, and the companies best by theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from json import dumps
from typing import Any

from rich.console import Console
from rich.table import Table

from activation.group_reading import Opinion
from activation.questions import GROUP_GAPS, GROUP_MEMBERS, GROUPS_OF_COMPANY, OPTIMAL_BUYERS
from activation.text import clean, score, source_label
from orchestration.answers.role_finder import alike_companies
from orchestration.answers.terminal import cell, shown, tell
from resources.publication import ask, connect_published
from resources.settings import Settings

#: Qualities of a group in the order in which they are shown.
QUALITIES = (
    "overall_quality", "completeness", "coverage", "data_quality", "cohesion", "role_certainty",
    "contact_completeness",
)  # fmt: skip


def show_group(
    console: Console,
    settings: Settings,
    company: str,
    *,
    profile: str | None,
    as_json: bool,
    ask_model: bool = False,
) -> bool:
    """Print a company's buying group under a profile; False when it cannot be told.

    ``ask_model`` adds what the user's language model says of the core.
    """
    with connect_published(settings.published) as connection:
        found = alike_companies(connection, company)
        if len(found) != 1:
            names = ", ".join(f"{c['name']} ({c['domain'] or c['company_id']})" for c in found)
            said = f"may be {names}: ask by domain" if found else "is no company's name"
            tell(console, f"{company!r} {said}.", "red")
            return False
        wanted = {"company_id": found[0]["company_id"], "icp_profile_id": profile}
        groups = ask(connection, GROUPS_OF_COMPANY, wanted)
        if not groups:
            tell(console, f"Nobody is known at {found[0]['name']}.", "red")
            return False
        group = groups[0]
        key = {"buyer_group_id": group["buyer_group_id"]}
        members = ask(connection, GROUP_MEMBERS, key)
        gaps = ask(connection, GROUP_GAPS, key)
    opinions = _opinions(console, settings, group, members) if ask_model else ()
    if as_json:
        told = {"group": group, "members": members, "gaps": gaps}
        if ask_model:
            told["opinions"] = [asdict(opinion) for opinion in opinions]
        print(dumps(told, indent=2, default=str, ensure_ascii=False))
    else:
        _render(console, group, members, gaps)
        names = {member["person_id"]: member["full_name"] for member in members}
        for opinion in opinions:
            tell(
                console,
                f"  the model {'agrees' if opinion.agrees else 'differs'}: "
                f"{clean(names[opinion.person_id])} is {opinion.role.replace('_', ' ')}. "
                f"{opinion.reason}",
            )
    return True


def _opinions(
    console: Console, settings: Settings, group: dict[str, Any], members: list[dict[str, Any]]
) -> tuple[Opinion, ...]:
    """What the language model says; nothing, with the reason printed, where none is set or up."""
    from orchestration.answers.second_opinion import second_opinion
    from resources.clock import utc_now
    from resources.language_model import LanguageModel
    from resources.sources.ingestion import open_services

    model = LanguageModel.of(settings)
    if model is None:
        console.print("No language model is set: see BUYING_SIGNALS_LANGUAGE_MODEL_URL.")
        return ()
    state = open_services(settings).state
    found = second_opinion(settings, state, model, group, members, utc_now())
    if found is None:
        console.print(f"The language model gave no answer: {model.tally.problem}", markup=False)
    return found or ()


def show_optimal_buyers(
    console: Console, settings: Settings, wanted: Mapping[str, Any], *, top: int, as_json: bool
) -> bool:
    """Print the best companies of a profile's market; False when there is none."""
    with connect_published(settings.published) as connection:
        rows = ask(connection, OPTIMAL_BUYERS, wanted)[:top]
    if as_json:
        print(dumps(rows, indent=2, default=str, ensure_ascii=False))
        return bool(rows)
    if not rows:
        console.print("[red]No company of the profile's industries and sizes is so.[/]")
        return False
    table = Table("", "company", "score", "market", "fit", "growth", "group", "decide", "threads")
    for row in rows:
        table.add_row(
            str(row["buyer_rank"]),
            cell(row["company_name"]),
            score(row["buyer_score"]),
            score(row["market_score"]),
            score(row["fit_score"]),
            score(row["growth_score"]),
            score(row["group_quality"]),
            str(row["decision_makers"] or 0),
            (row["threads"] or "nobody known").replace("_", " "),
        )
    console.print(table)
    return True


def _render(
    console: Console, group: dict[str, Any], members: list[dict[str, Any]], gaps: list[dict]
) -> None:
    console.print(
        f"[bold]{shown(group['company_name'])}[/]: {group['core_members']} members "
        f"({group['size_min']} to {group['size_max']} wanted), {group['contacts']} of "
        f"{group['contacts_wanted']} contacts, threads: {group['threads'].replace('_', ' ')}",
        highlight=False,
    )
    told = (f"{name.replace('_', ' ')} {score(group[name])}" for name in QUALITIES)
    console.print(", ".join(told), highlight=False)
    # Reasons are sentences: beside six other columns they would be a column of single words.
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for member in members:
        table.add_row(
            str(member["priority"] or member["membership"]),
            f"[bold]{shown(member['full_name'])}[/], {shown(member['title'])}: "
            f"{member['buying_role'].replace('_', ' ')} {member['role_probability']:.2f}, "
            f"influence {score(member['influence'])} ({source_label(member['source'])})\n"
            f"[dim]{shown(member['role_reasons'], 240)}[/]",
        )
    console.print(table)
    for gap in gaps:
        tell(console, f"  {gap['severity']}: {clean(gap['reason'])}. {clean(gap['suggestion'])}.")
