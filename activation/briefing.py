"""What a seller reads at the end of a run: the top leads, why now, and where to look next.

Pure functions from rows to something printable: ``brief`` chooses, ``render`` makes it for a
terminal of 100 columns (colour only repeats what the words say), ``render_markdown`` for a page.
Rows are those of ``activation.questions``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from activation.evidence import Evidence, advised, recent_signals, signal_evidence
from activation.message import evidence_markdown
from activation.text import (
    as_number,
    clean,
    deal_size,
    markdown,
    money,
    percent,
    safe_url,
    score,
    source_label,
    timing,
    window,
)

Row = Mapping[str, Any]

#: Days back to look for reasons; what is older is no reason for "now".
WHY_NOW_DAYS = 90
#: Reasons in the table's cell, each of another signal type, and in the details.
REASONS_IN_TABLE = 2
REASONS_IN_DETAILS = 5
#: Columns of a terminal that everything fits into.
WIDTH = 100

_TIER_STYLES = {"hot": "bold red", "warm": "yellow", "nurture": "cyan", "cold": "dim"}
_COMPONENTS = ("intent", "fit", "accessibility")


@dataclass(frozen=True)
class LeadBrief:
    """One lead with its chosen reasons and, for those shown in detail, its points."""

    rank: int
    row: Row
    reasons: tuple[Evidence, ...]
    details: tuple[Evidence, ...]
    points: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Briefing:
    """All that is shown; ``simulated`` says that the market behind it is not the world."""

    as_of: date
    leads: tuple[LeadBrief, ...]
    scored: int
    tiers: Mapping[str, int]
    models: tuple[Row, ...]
    alerts: Mapping[str, int] = field(default_factory=dict)
    simulated: bool = False
    detailed: int = 3


@dataclass(frozen=True)
class Places:
    """Where to look next; commands and paths as a person would type them."""

    ui_command: str
    published: str
    query: str
    mlflow_command: str
    quality_report: str
    inbox: str


def brief(
    leads: Sequence[Row],
    signals: Iterable[Row],
    points: Iterable[Row],
    models: Iterable[Row],
    as_of: date,
    *,
    alerts: Mapping[str, int] | None = None,
    simulated: bool = False,
    top: int = 10,
    detailed: int = 3,
) -> Briefing:
    """Choose what to show. ``leads`` come best first; ``alerts`` counts deliveries by status."""
    chosen = list(leads)[:top]
    wanted = {str(lead["company_id"]) for lead in chosen}
    by_company: dict[str, list[Row]] = defaultdict(list)
    for signal in signals:
        if str(signal.get("company_id")) in wanted and signal.get("known_to") is None:
            by_company[str(signal["company_id"])].append(signal)
    by_lead: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for point in points:
        by_lead[_lead_key(point)].append(point)
    tiers: dict[str, int] = defaultdict(int)
    for lead in leads:
        tiers[clean(lead.get("tier")) or "none"] += 1
    briefs = []
    for rank, lead in enumerate(chosen, start=1):
        recent = recent_signals(
            by_company[str(lead["company_id"])], as_of, WHY_NOW_DAYS, limit=1_000
        )
        evidence = [signal_evidence(signal) for signal in recent]
        briefs.append(
            LeadBrief(
                rank=rank,
                row=lead,
                reasons=tuple(_one_per_type(evidence)[:REASONS_IN_TABLE]),
                details=tuple(_varied(evidence)[:REASONS_IN_DETAILS]),
                points=tuple(by_lead[_lead_key(lead)]) if rank <= detailed else (),
            )
        )
    return Briefing(
        as_of=as_of,
        leads=tuple(briefs),
        scored=len(leads),
        tiers=dict(tiers),
        models=tuple(models),
        alerts=dict(alerts or {}),
        simulated=simulated,
        detailed=detailed,
    )


def _lead_key(row: Row) -> tuple[str, str, str]:
    return (
        str(row.get("organisation_id") or ""),
        str(row.get("icp_profile_id") or ""),
        str(row["company_id"]),
    )


def _one_per_type(evidence: Sequence[Evidence]) -> list[Evidence]:
    seen: set[str] = set()
    return [e for e in evidence if not (e.signal_type in seen or seen.add(e.signal_type))]


def _varied(evidence: Sequence[Evidence]) -> list[Evidence]:
    """One of each type first, then the rest, so that forty postings do not hide the funding."""
    first = _one_per_type(evidence)
    return [*first, *(item for item in evidence if item not in first)]


def _headline(briefing: Briefing) -> str:
    counts = ", ".join(
        f"{briefing.tiers[tier]:,} {tier}"
        for tier in ("hot", "warm", "nurture", "cold")
        if briefing.tiers.get(tier)
    )
    market = " of the simulated market" if briefing.simulated else ""
    return f"Top leads{market} as of {briefing.as_of} ({briefing.scored:,} scored: {counts or '-'})"


def _model_lines(briefing: Briefing) -> list[str]:
    """One line per model; plain words where there is none."""
    if not briefing.models:
        return ["No model has been trained yet: timing, probability and deal size are not known."]
    lines = []
    for model in briefing.models:
        name = clean(model.get("model_name")).replace("_", " ")
        if model.get("status") == "trained":
            rows, events = as_number(model.get("train_rows")), as_number(model.get("train_events"))
            size = f", trained on {rows:,.0f} rows" if rows else ""
            size += f" with {events:,.0f} events" if rows and events else ""
            alias = clean(model.get("alias"))
            lines.append(
                f"{name}: version {clean(model.get('model_version'))}"
                + (f" ({alias})" if alias else "")
                + size
            )
        else:
            state = "rejected" if model.get("status") == "rejected" else "not trained"
            reason = clean(model.get("reason")) or "no reason recorded"
            lines.append(f"{name}: {state}: {reason}")
    return lines


def _alert_line(briefing: Briefing) -> str | None:
    if not briefing.alerts:
        return None
    words = {
        "delivered": "delivered",
        "in_digest": "told in a digest",
        "suppressed": "held back (quiet days)",
        "pending": "waiting",
        "retrying": "being retried",
        "sending": "being sent",
        "abandoned": "given up",
    }
    parts = [f"{briefing.alerts[key]:,} {words[key]}" for key in words if briefing.alerts.get(key)]
    return "Alerts: " + (", ".join(parts) or "none")


def render(briefing: Briefing) -> RenderableType:
    """The briefing for a terminal of 100 columns."""
    if not briefing.leads:
        return Panel(Text("No lead has been scored yet."), title=_headline(briefing), width=WIDTH)
    parts: list[RenderableType] = [Text(_headline(briefing), style="bold"), _table(briefing)]
    parts += [_details(lead, briefing.as_of) for lead in briefing.leads[: briefing.detailed]]
    notes = [f"Model {line}" if briefing.models else line for line in _model_lines(briefing)]
    alerts = _alert_line(briefing)
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


def stage_line(row: Row) -> str:
    """The buying stage and why: "Buying stage: decision (Series B, 2026-05-07 [press])"."""
    reason = clean(row.get("stage_reason"), 160)
    return f"Buying stage: {clean(row.get('buying_stage'))}" + (f" ({reason})" if reason else "")


def score_lines(lead: LeadBrief) -> list[str]:
    """How a score came about: per component its value, weight and points with their evidence."""
    lines = []
    for component in _COMPONENTS:
        value = as_number(lead.row.get(f"{component}_score"))
        mine = [point for point in lead.points if point.get("component") == component]
        if value is None and not mine:
            continue
        weight = next((w for p in mine if (w := as_number(p.get("weight"))) is not None), None)
        line = component if value is None else f"{component} {value:.2f}"
        if weight is not None and value is not None:
            line += f" x {weight:.2f} = {value * weight:.2f}"
        awarded = [point for point in mine if (as_number(point.get("points")) or 0) != 0]
        awarded.sort(key=lambda point: -(as_number(point.get("points")) or 0))
        if awarded:
            line += ": " + ", ".join(
                f"{clean(point.get('rule_id')).replace('_', ' ')} {as_number(point['points']):.0f}"
                f"/{as_number(point.get('max_points')) or 0:.0f}"
                for point in awarded
            )
        lines.append(line)
    return lines


def show(console: Console, briefing: Briefing, places: Places) -> None:
    """Print the briefing and where to look next.

    The places are printed without hard wrapping, so that commands and paths can be copied whole.
    """
    console.print(render(briefing))
    console.print()
    console.print(where_to_look(places), soft_wrap=True)


def where_to_look(places: Places) -> Text:
    """Where everything is, with commands ready to paste."""
    lines = Text("Where to look next\n", style="")
    lines.stylize("bold underline")
    for label, value in (
        ("Dagster UI: assets, lineage, runs, checks", places.ui_command),
        ("Published warehouse, read-only", places.published),
        ("A query to begin with", places.query),
        ("MLflow: runs, metrics, registry", places.mlflow_command),
        ("Data-quality report", places.quality_report),
        ("Alert inbox", places.inbox),
    ):
        lines.append(f"{label}\n", "bold")
        lines.append("".join(f"  {line}\n" for line in value.splitlines()))
    return lines


def default_query(published: str, python: str = ".venv/bin/python") -> str:
    """A command of one line that shows the ten best leads of a published warehouse."""
    sql = (
        "from leads.lead_scores join core.companies using (company_id) "
        "select name, lead_score, tier order by lead_score desc limit 10"
    )
    return (
        f"{python} -c \"import duckdb; duckdb.connect('{published}', read_only=True)"
        f".sql('{sql}').show()\""
    )


def render_markdown(briefing: Briefing) -> str:
    """The briefing as a Markdown page."""
    lines = [f"## {markdown(_headline(briefing))}", ""]
    if not briefing.leads:
        return "\n".join([*lines, "No lead has been scored yet.", ""])
    lines += [
        "| # | Company | Score | Tier | Why now | Timing | P(buy 90 d) | Deal size | Exp. value |",
        "| ---: | --- | ---: | --- | --- | --- | ---: | --- | ---: |",
    ]
    for lead in briefing.leads:
        row = lead.row
        why = "<br>".join(
            f"{item.day or 'undated'} {markdown(item.text, 80)} "
            f"({markdown(source_label(item.source))})"
            for item in lead.reasons
        )
        cells = [
            str(lead.rank),
            markdown(row.get("company_name") or row["company_id"], 60),
            score(row.get("lead_score")),
            markdown(row.get("tier")) or "-",
            why or f"nothing new in {WHY_NOW_DAYS} days",
            "customer"
            if row.get("is_customer")
            else timing(row.get("expected_days"), row.get("lower_days"), row.get("upper_days")),
            percent(row.get("probability_90d")).replace("<", "&lt;").replace(">", "&gt;"),
            deal_size(
                row.get("amount_p50"),
                row.get("amount_p10"),
                row.get("amount_p90"),
                row.get("currency"),
            ),
            money(row.get("expected_value"), row.get("currency")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    for lead in briefing.leads[: briefing.detailed]:
        name = lead.row.get("company_name") or lead.row["company_id"]
        lines += ["", f"### {lead.rank}. {markdown(name, 60)}", ""]
        lines += [evidence_markdown(item) for item in lead.details]
        lines += [f"- Score: {markdown(line)}" for line in score_lines(lead)]
    lines += ["", *(f"- Model {markdown(line)}" for line in _model_lines(briefing))]
    alerts = _alert_line(briefing)
    return "\n".join([*lines, *([f"- {alerts}"] if alerts else []), ""])
