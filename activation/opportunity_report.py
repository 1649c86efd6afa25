"""The readiness report and the dashboard's data on opportunities, out of published rows.

``dashboard`` gathers what pages and BI tools draw, as plain JSON values; ``render_markdown`` says
the same for people. Both are functions of the published rows alone: the same publication gives the
same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from activation.text import markdown, money

Row = Mapping[str, Any]
STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")
PRIORITIES = ("high", "medium", "low")
BANDS = ("0-39", "40-59", "60-79", "80-100")
#: Rows of a table that a report shows, and of the changes of stage; the tables hold all.
SHOWN, SHOWN_CHANGES = 10, 20


def dashboard(answers: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Dashboard data from the answers to ``opportunity_questions``, by their names.

    Needed, in small letters: trends, stage_by_priority, findings_by_rule, conflicts,
    overdue_steps, stage_changes, annotations_by_status, accuracy.
    """
    trends = answers["trends"]
    as_of = max((row["as_of"] for row in trends), default=None)
    today = {(r["dimension"], r["label"]): r for r in trends if r["as_of"] == as_of}
    none = {"opportunity_count": 0, "value_usd": None, "quality_score": None, "blocker_count": 0,
            "conflict_count": 0, "overdue_step_count": 0}  # fmt: skip
    return _plain(
        {
            "as_of": as_of,
            "totals": {
                name: {key: today.get((name, name), none)[key] for key in none}
                for name in ("all", "open")
            },
            "stages": _distribution(today, "stage", STAGES),
            "priorities": _distribution(today, "priority", PRIORITIES),
            "quality_bands": _distribution(today, "quality_band", BANDS),
            "stage_by_priority": answers["stage_by_priority"],
            "quality_trend": [
                {"as_of": row["as_of"], **{key: row[key] for key in none}}
                for row in trends
                if row["dimension"] == "open"
            ],
            "findings": answers["findings_by_rule"],
            "conflicts": answers["conflicts"],
            "overdue_steps": answers["overdue_steps"],
            "stage_changes": answers["stage_changes"],
            "annotations": {
                row["status"]: row["annotation_count"] for row in answers["annotations_by_status"]
            },
            "accuracy": answers["accuracy"],
        }
    )


def _distribution(
    today: Mapping[tuple[str, str], Row], dimension: str, labels: Sequence[str]
) -> list[dict[str, Any]]:
    """Every label, also one that nothing has: a chart that drops bars misleads."""
    found = []
    for label in labels:
        row = today.get((dimension, label))
        found.append(
            {
                "label": label,
                "opportunity_count": row["opportunity_count"] if row else 0,
                "value_usd": row["value_usd"] if row else None,
                "quality_score": row["quality_score"] if row else None,
            }
        )
    return found


def _plain(value: Any) -> Any:
    """Values that JSON knows: days as text, amounts as numbers, rounded to what is shown."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return round(float(value), 4)
    return value


def render_markdown(data: Mapping[str, Any], picture: str | None = None) -> str:
    """The readiness report; ``picture`` is the file of the plot beside it.

    ``data`` is what ``dashboard`` gives; the version of the ``publication`` is named where it says.
    """
    if data["as_of"] is None:
        return "# Opportunities\n\nNo opportunity is known yet.\n"
    every, still = data["totals"]["all"], data["totals"]["open"]
    parts = [
        f"# Opportunities on {data['as_of']}",
        f"{every['opportunity_count']:,} opportunities, {still['opportunity_count']:,} of them"
        f" open, worth {money(still['value_usd'])} as far as known. Mean quality of the open ones"
        f" {_score(still['quality_score'])} of 100{_since(data['quality_trend'])};"
        f" {still['blocker_count']:,} blockers, {still['conflict_count']:,} open conflicts,"
        f" {still['overdue_step_count']:,} next steps past their day.",
    ]
    if version := data.get("publication"):
        parts[1] += f" Publication {markdown(version)}."
    if picture:
        parts.append(f"![Open opportunities by stage, and quality over time]({picture})")
    parts += [
        _section("Stages", ("stage", "opportunities", "worth", "quality"), _bars(data["stages"])),
        _section("Priorities of open opportunities",
                 ("priority", "opportunities", "worth", "quality"), _bars(data["priorities"])),
        _section("What to mend in open opportunities",
                 ("severity", "finding", "opportunities", "remedy"), [
            (r["severity"], r["rule"].replace("_", " "), r["opportunity_count"], r["remedy"])
            for r in data["findings"]
        ]),
        _section("Conflicts that need a decision",
                 ("opportunity", "stage", "field", "candidates"), [
            (r["title"], r["stage"], r["field"].replace("_", " "),
             "; ".join(_candidate(c) for c in r["candidates"]))
            for r in data["conflicts"]
        ]),
        _section("Next steps past their day", ("due", "opportunity", "step", "owner"), [
            (r["due_on"], r["title"], r["text"], r["owner"] or "nobody")
            for r in data["overdue_steps"]
        ]),
        _section("Latest changes of stage", ("day", "opportunity", "from", "to"), [
            (r["changed_on"], r["title"], r["from_stage"] or "new", r["to_stage"])
            for r in data["stage_changes"]
        ], SHOWN_CHANGES),
    ]  # fmt: skip
    if data["annotations"]:
        told = ", ".join(f"{count} {status}" for status, count in data["annotations"].items())
        parts += [f"## Reviews\n\nAnnotations: {told}."]
    if data["accuracy"]:
        parts.append(
            _section("How right the platform was, by its reviewers",
                     ("subject", "label", "precision", "recall", "n"), [
                (r["subject"], r["label"], _share(r["precision"]), _share(r["recall"]),
                 r["true_positives"] + r["false_positives"] + r["false_negatives"])
                for r in data["accuracy"]
            ])
        )  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _bars(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    return [
        (r["label"], r["opportunity_count"], money(r["value_usd"]), _score(r["quality_score"]))
        for r in rows
    ]


def _section(
    title: str, head: Sequence[str], rows: Sequence[Sequence[object]], most: int = SHOWN
) -> str:
    if not rows:
        return ""
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(markdown(cell, 160) for cell in row) + " |" for row in rows[:most]]
    if len(rows) > most:
        lines += ["", f"... and {len(rows) - most} more."]
    return "\n".join(lines)


def _candidate(candidate: Row) -> str:
    """A candidate with its source; the one that holds is marked."""
    low, high = candidate["low"], candidate["high"]
    number = f"{low:,.12g}" if low is not None else ""
    if high is not None and high != low:
        number = f"{number} to {high:,.12g}".strip()
    told = candidate["day"] or number or candidate["value"] or ""
    currency = f" {candidate['currency']}" if candidate["currency"] else ""
    holds = ", holds" if candidate["is_chosen"] else ""
    return f"{told}{currency} ({candidate['source']}{holds})"


def _since(trend: Sequence[Row]) -> str:
    if len(trend) < 2 or trend[-1]["quality_score"] is None or trend[0]["quality_score"] is None:
        return ""
    change = trend[-1]["quality_score"] - trend[0]["quality_score"]
    return f" ({change:+.1f} since {trend[0]['as_of']})"


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def draw(data: Mapping[str, Any]) -> bytes | None:
    """Open opportunities by stage and priority, and quality over time, as PNG; None without any."""
    if not data["stage_by_priority"] or not data["quality_trend"]:
        return None
    # Figure and canvas directly: pyplot would look for a display and keep state between runs.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), dpi=90, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    stages = [stage for stage in STAGES if stage not in ("won", "lost")]
    counts = {
        (r["stage"], r["priority"]): r["opportunity_count"] for r in data["stage_by_priority"]
    }
    bottom = [0] * len(stages)
    for priority, colour in zip(PRIORITIES, ("#b3403a", "#d9a13b", "#8fa7bf"), strict=True):
        height = [counts.get((stage, priority), 0) for stage in stages]
        left.bar([s.replace("_", "\n") for s in stages], height, bottom=bottom, color=colour,
                 label=priority)  # fmt: skip
        bottom = [low + more for low, more in zip(bottom, height, strict=True)]
    left.set(title="Open opportunities by priority", ylabel="opportunities")
    left.margins(y=0.25)
    left.legend(frameon=False, ncols=len(PRIORITIES), loc="upper center")
    days = [date.fromisoformat(r["as_of"]) for r in data["quality_trend"]]
    right.plot(days, [r["quality_score"] for r in data["quality_trend"]], "o-", color="#33566e")
    # A week at least: a single day would be drawn as the middle of years.
    around = max(timedelta(days=3), (days[-1] - days[0]) / 20)
    right.set(
        title="Mean quality of open opportunities",
        ylim=(0, 100),
        xlim=(days[0] - around, days[-1] + around),
    )
    locator = AutoDateLocator(minticks=2, maxticks=6)
    right.xaxis.set_major_locator(locator)
    right.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    right.grid(alpha=0.3)
    buffer = io.BytesIO()
    # Without the library's version in it, the same data gives the same bytes.
    canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()
