"""Where to look after a run, with commands and paths to copy."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text


@dataclass(frozen=True)
class Places:
    """Where to look next; commands and paths as a person would type them."""

    ui_command: str
    published: str
    query: str
    mlflow_command: str
    quality_report: str
    inbox: str


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
