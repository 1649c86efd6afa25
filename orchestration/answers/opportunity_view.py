"""Opportunities on a terminal: the list, and one of them with everything that it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from activation.opportunity_lookup import (
    ACTORS,
    ATTACHMENTS,
    CONFLICTS,
    EVIDENCE,
    FINDINGS,
    LINES,
    MEANT,
    ONE,
    OPPORTUNITIES,
    SECTIONS,
    STEPS,
)
from orchestration.answers.terminal import cell, shown, tell
from resources.publication import PublicationError, ask, connect_published
from resources.settings import Settings

Row = dict[str, Any]
_LISTS = (
    "priority_reasons",
    "products",
    "part_numbers",
    "reference_numbers",
    "competitors",
    "tags",
)
_SHORT = {"document": "doc"}
#: Letters of an id that are shown; a beginning is enough to name one.
_ID = 12


def show_list(
    console: Console, settings: Settings, wanted: Mapping[str, Any], *, top: int, as_json: bool
) -> bool:
    """Print the published opportunities that are wanted; False when nothing is published."""
    try:
        with connect_published(settings.published) as connection:
            rows = [_with_lists(r) for r in ask(connection, OPPORTUNITIES, {**wanted, "top": top})]
    except PublicationError as error:
        tell(console, str(error), "red")
        return False
    if as_json:
        print(json.dumps(rows, indent=2, default=str))
        return True
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("what")
    table.add_column("from")
    for name in ("stage", "priority", "quantity", "value", "next day"):
        is_number = name in ("quantity", "value")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    for row in rows:
        table.add_row(
            row["opportunity_id"][:_ID],
            cell(_what(row), 60),
            _kinds(row["tags"]),
            row["stage"].replace("_", " "),
            row["priority"],
            _range(row["unit_low"], row["unit_high"]),
            _money(row["value"], row["currency"]),
            _next_day(row),
        )
    console.print(table)
    tell(console, f"{len(rows)} shown; `opportunities show ID` shows one in full.")
    return True


def show_one(console: Console, settings: Settings, wanted: str, *, as_json: bool) -> bool:
    """Print one opportunity with its evidence; False when none or several are meant."""
    try:
        with connect_published(settings.published) as connection:
            meant = ask(connection, MEANT, {"wanted": wanted.strip()})
            if len(meant) != 1 and not (meant and meant[0]["is_id"]):
                _which(console, wanted, meant)
                return False
            key = {"opportunity_id": meant[0]["opportunity_id"]}
            [one] = ask(connection, ONE, key)
            told = {
                "opportunity": _with_lists(one),
                "evidence": ask(connection, EVIDENCE, key),
                "lines": ask(connection, LINES, key),
                "conflicts": ask(connection, CONFLICTS, key),
                "next_steps": ask(connection, STEPS, key),
                "sections": ask(connection, SECTIONS, key),
                "attachments": ask(connection, ATTACHMENTS, key),
                "actors": ask(connection, ACTORS, key),
                "findings": ask(connection, FINDINGS, key),
            }
    except PublicationError as error:
        tell(console, str(error), "red")
        return False
    if as_json:
        for row in told["evidence"]:
            row["reasons"] = json.loads(row["reasons"])
        print(json.dumps(told, indent=2, default=str))
        return True
    _head(console, told["opportunity"], told["actors"])
    if len(told["lines"]) > 1:
        _lines(console, "Lines", map(_item, told["lines"]))
    _sources(console, told["evidence"])
    _conflicts(console, told["conflicts"])
    _lines(console, "Next steps", (_step(row) for row in told["next_steps"]))
    _lines(console, "In its meetings", map(_section, told["sections"]))
    _lines(console, "Files", map(_file, told["attachments"]))
    _lines(
        console, "To look at",
        (f"{r['severity']}: {r['message']} {r['remedy']}" for r in told["findings"]),
    )  # fmt: skip
    return True


def _which(console: Console, wanted: str, meant: Sequence[Row]) -> None:
    if not meant:
        tell(console, f"No opportunity is called {wanted!r}; see `opportunities show`.", "red")
        return
    tell(console, f"{wanted!r} may be several; say which by id:", "red")
    for row in meant:
        tell(console, f"  {row['opportunity_id']}  {row['stage']:<16}  {row['title']}")


def _head(console: Console, one: Row, actors: Sequence[Row]) -> None:
    console.print(f"[bold]{shown(_what(one))}[/]  {one['opportunity_id']}")
    said = f": “{one['stage_evidence']}”" if one["stage_evidence"] else ""
    facts = [
        ("stage", f"{one['stage']}{said}"),
        ("priority", f"{one['priority']} ({'; '.join(one['priority_reasons'])})"),
        ("quantity", _range(one["unit_low"], one["unit_high"], one["unit"])),
        ("price", _range(one["price_low"], one["price_high"], one["currency"], digits=2)),
        ("value", _money(one["value"], one["currency"])
         + (" (reckoned)" if one["value_is_inferred"] and one["value"] else "")),
        ("margin", _range(one["margin_low"], one["margin_high"], "%")),
        ("delivery", one["delivery_on"]), ("quote due", one["quote_due_on"]),
        ("decision", one["decision_on"]), ("close", one["close_on"]),
        ("lead time", f"{one['lead_time_days']:g} days" if one["lead_time_days"] else None),
        ("terms", " ".join(filter(None, (one["payment_terms"], one["delivery_terms"])))),
        ("products", ", ".join(one["products"])),
        ("part numbers", ", ".join(one["part_numbers"])),
        ("references", ", ".join(one["reference_numbers"])),
        ("competitors", ", ".join(one["competitors"])),
        ("people", "; ".join(f"{a['name'] or a['email']} ({a['side']})" for a in actors)),
        ("quality", f"{one['quality_score']:g} of 100, {one['blocker_count']} blockers"),
    ]  # fmt: skip
    for name, value in facts:
        if value:
            console.print(f"  [dim]{name:<13}[/]{shown(value)}")


def _sources(console: Console, evidence: Sequence[Row]) -> None:
    """Each source with why it belongs, and what it says, sentence by sentence."""
    count = sum(row["field"] == "source" for row in evidence)
    console.print(f"\n[bold]{count} source{'' if count == 1 else 's'}[/]")
    for row in evidence:
        if row["field"] == "source":
            reasons = "; ".join(json.loads(row["reasons"]))
            console.print(
                f"  {row['occurred_at']:%Y-%m-%d %H:%M}  {row['kind']:<5} "
                f"{shown(row['value'], 60)}  [dim]p {row['probability']:g}: {shown(reasons)}\n"
                f"    {shown(row['source'] or 'review')}/{shown(row['record_id'] or '')}[/]"
            )
        elif row["is_chosen"] and row["field"] not in ("product", "competitor"):
            console.print(
                f"    [green]{row['field'].replace('_', ' ')}[/] {shown(_value(row))}"
                + (f"  [dim]“{shown(row['sentence'], 90)}”[/]" if row["sentence"] else "")
            )


def _conflicts(console: Console, rows: Sequence[Row]) -> None:
    if not rows:
        return
    table = Table("conflict", "value", "holds", "said", "source", "why")
    for number, row in enumerate(rows):
        first = number == 0 or rows[number - 1]["field"] != row["field"]
        table.add_row(
            row["field"].replace("_", " ") if first else "",
            cell(_value(row)),
            "yes" if row["is_chosen"] else "",
            f"{row['occurred_at']:%Y-%m-%d}",
            row["kind"],
            cell(row["reason"]) if first else "",
            end_section=number + 1 == len(rows) or rows[number + 1]["field"] != row["field"],
        )
    console.print(table)


def _lines(console: Console, title: str, lines: Any) -> None:
    listed = list(lines)
    if listed:
        console.print(f"\n[bold]{title}[/]")
        for line in listed:
            console.print(f"  {shown(line)}")


def _step(row: Row) -> str:
    who = (
        f"{row['owner']}{' (inferred)' if row['owner_is_inferred'] else ''}"
        if row["owner"]
        else "?"
    )
    due = f", by {row['due_on']}" if row["due_on"] else ""
    status = "" if row["status"] == "open" else f", {row['status']}"
    return f"{row['text']} — {who}{due}{status}"


def _item(row: Row) -> str:
    names = " ".join(filter(None, (row["product"], row["part_number"]))) or "no product named"
    quantity = _range(row["quantity_low"], row["quantity_high"], row["unit"]) or "quantity unknown"
    price = _range(row["price_low"], row["price_high"], row["currency"], digits=2)
    reckoned = " (reckoned)" if row["total_is_inferred"] else ""
    total = f", {_money(row['total'], row['currency'])}{reckoned}" if row["total"] else ""
    return f"{names}: {quantity} at {price or 'a price unknown'}{total}"


def _kinds(tags: Sequence[str]) -> str:
    """Which kinds of sources it is joined of."""
    kinds = (tag.removeprefix("source:") for tag in tags if tag.startswith("source:"))
    return " ".join(_SHORT.get(kind, kind) for kind in kinds)


def _section(row: Row) -> str:
    place = row["source_key"]
    if row["end_ms"]:
        place = f"{_clock(row['start_ms'])}-{_clock(row['end_ms'])}"
    day = f"{row['started_at']:%Y-%m-%d} " if row["started_at"] else ""
    return f"{day}{place} {row['kind']}: “{row['sentence']}”"


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _file(row: Row) -> str:
    day = f"{row['sent_at']:%Y-%m-%d} " if row["sent_at"] else ""
    return f"{day}{row['name'] or 'no name'}, {row['media_type']}, {row['size']:,} bytes"


def _value(row: Row) -> str:
    if row["value"] is not None:
        return str(row["value"])
    if row["day"] is not None:
        return f"{row['day']}{' (reckoned)' if row['is_inferred'] else ''}"
    return _range(row["low"], row["high"], row["currency"] or row["unit"])


def _range(low: float | None, high: float | None, of: str | None = None, digits: int = 0) -> str:
    if low is None and high is None:
        return ""
    ends = [
        f"{end:,.{digits}f}" if digits else f"{end:,.10g}" for end in (low, high) if end is not None
    ]
    said = ends[0] if len(set(ends)) == 1 else "-".join(ends)
    return f"{said} {of}" if of else said


def _money(value: float | None, currency: str | None) -> str:
    return "" if value is None else f"{value:,.0f} {currency or ''}".strip()


def _what(row: Row) -> str:
    """The title, with the company's name where mail knows its domain only."""
    who, colon, what = row["title"].partition(": ")
    is_domain = bool(colon) and who == row["customer_domain"] and row["company_name"]
    return f"{row['company_name']}: {what}" if is_domain else row["title"]


def _next_day(row: Row) -> str:
    """The next day that matters (quotation, decision, close, delivery), the row's own day on."""
    days = (row["quote_due_on"], row["decision_on"], row["close_on"], row["delivery_on"])
    ahead = [day for day in days if day is not None and day >= row["as_of"]]
    return min(ahead).isoformat() if ahead else ""


def _with_lists(row: Row) -> Row:
    return row | {name: json.loads(row[name]) for name in _LISTS}
