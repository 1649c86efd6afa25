"""The briefing for a terminal of 100 columns; colour only repeats what the words say."""

from __future__ import annotations

from datetime import date

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from activation.briefing.choosing import WHY_NOW_DAYS, Briefing, LeadBrief, Row
from activation.briefing.lines import alert_line, headline, model_lines, score_lines, stage_line
from activation.briefing.places import Places, where_to_look
from activation.evidence import Evidence, advised
from activation.text import (
    as_number,
    clean,
    deal_size,
    money,
    percent,
    safe_url,
    score,
    source_label,
    timing,
    window,
)

#: Columns of a terminal that everything fits into.
WIDTH = 100


_TIER_STYLES = {"hot": "bold red", "warm": "yellow", "nurture": "cyan", "cold": "dim"}


def show(console: Console, briefing: Briefing, places: Places) -> None:
    """Print the briefing and where to look next.

    The places are printed without hard wrapping, so that commands and paths can be copied whole.
    """
    console.print(render(briefing))
    console.print()
    console.print(where_to_look(places), soft_wrap=True)


def render(briefing: Briefing) -> RenderableType:
    """The briefing for a terminal of 100 columns."""
    if not briefing.leads:
        return Panel(Text("No lead has been scored yet."), title=headline(briefing), width=WIDTH)
    parts: list[RenderableType] = [Text(headline(briefing), style="bold"), _table(briefing)]
    parts += [_details(lead, briefing.as_of) for lead in briefing.leads[: briefing.detailed]]
    notes = [f"Model {line}" if briefing.models else line for line in model_lines(briefing)]
    alerts = alert_line(briefing)
    parts.append(Text("\n".join([*notes, *([alerts] if alerts else [])])))
    return Group(*parts)


def _table(briefing: Briefing) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, width=WIDTH)
    table.add_column("#", justify="right", no_wrap=True, width=2)
    table.add_column("Company", width=16, overflow="fold")
    table.add_column("Score,\ntier", width=7)
    table.add_column("Why now", ratio=1, overflow="fold")
    table.add_column("Timing,\nP(buy 90 d)", width=11)
    table.add_column("Deal size,\nexp. value", width=16)
    for lead in briefing.leads:
        row = lead.row
        why = Text()
        for index, item in enumerate(lead.reasons):
            day = item.day.isoformat() if item.day else "undated"
            why.append(("\n" if index else "") + day, "bold")
            why.append(f" {clean(item.text, 90)} ({source_label(item.source)})")
        if not lead.reasons:
            why.append(f"nothing new in {WHY_NOW_DAYS} days", "dim")
        tier = clean(row.get("tier")) or "-"
        table.add_row(
            str(lead.rank),
            Text(clean(row.get("company_name") or row["company_id"], 40)),
            Text.assemble(score(row.get("lead_score")), "\n", (tier, _TIER_STYLES.get(tier, ""))),
            why,
            _timing_cell(row),
            _deal_cell(row),
        )
    return table


def _exact(value: object) -> str:
    """A score as it is stored: its parts are shown beside it and must add up."""
    number = as_number(value)
    return "-" if number is None else f"{number:.2f}"


def _timing_cell(row: Row) -> str:
    if row.get("is_customer"):
        # Timing is predicted for the first purchase only, and theirs is made.
        return "customer"
    text = timing(row.get("expected_days"), row.get("lower_days"), row.get("upper_days"))
    text = text.replace(" (", "\n(", 1).replace("no sooner than ", "not before\n", 1)
    return f"{text}\n{percent(row.get('probability_90d'))}"


def _deal_cell(row: Row) -> str:
    currency = row.get("currency")
    text = deal_size(row.get("amount_p50"), row.get("amount_p10"), row.get("amount_p90"), currency)
    return f"{text.replace(' (', chr(10) + '(', 1)}\n{money(row.get('expected_value'), currency)}"


def _advice_lines(lead: LeadBrief, as_of: date) -> list[RenderableType]:
    """What to do and to say about the weightiest reason that comes with advice."""
    item = advised(lead.details)
    if item is None or item.advice is None:
        return []
    days = window(item.advice.engage_from, item.advice.engage_to, as_of)
    lines: list[RenderableType] = [
        Text(f"What to do, best {days} (because of: {item.text}, {_told(item)})", style="bold")
    ]
    for mark, texts in (("Do: ", item.advice.actions), ("Ask: ", item.advice.talking_points)):
        lines += [Padding(Text(f"{mark}{text}"), (0, 0, 0, 2)) for text in texts]
    return lines


def _details(lead: LeadBrief, as_of: date) -> Panel:
    row = lead.row
    name = clean(row.get("company_name") or row["company_id"], 60)
    facts = [clean(row.get("domain")), clean(row.get("industry")), clean(row.get("country"))]
    employees = as_number(row.get("employee_count"))
    facts.append(f"{employees:,.0f} employees" if employees else "")
    body: list[RenderableType] = []
    if any(facts):
        body.append(Text(" | ".join(fact for fact in facts if fact)))
    if row.get("buying_stage"):
        body.append(Text(stage_line(row)))
    body.append(Text("Evidence", style="bold"))
    for item in lead.details:
        line = Text(f"{item.day or 'undated'} {item.text} ({_told(item)})")
        url = safe_url(item.url)
        if url:
            line.append(f"\n{url}", "dim")
        body.append(Padding(line, (0, 0, 0, 2)))
    if not lead.details:
        body.append(Padding(Text(f"nothing new in {WHY_NOW_DAYS} days"), (0, 0, 0, 2)))
    body += _advice_lines(lead, as_of)
    body.append(Text(f"Score {_exact(row.get('lead_score'))}", style="bold"))
    body += [Padding(Text(line), (0, 0, 0, 2)) for line in score_lines(lead)]
    return Panel(
        Group(*body),
        title=Text(f"{lead.rank}. {name}"),
        title_align="left",
        width=WIDTH,
        box=box.ROUNDED,
    )


def _told(item: Evidence) -> str:
    told = source_label(item.source)
    if item.sources > 1:
        told += f", {item.sources} sources, {item.independent_sources} independent"
    return told
