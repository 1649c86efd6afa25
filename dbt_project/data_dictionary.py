"""Writes ``docs/data-dictionary.md`` from the yml files beside the models.

Run ``python dbt_project/data_dictionary.py`` after changing a mart. The yml files are the one place
where tables and columns are described; a test compares the page with them.
"""

from __future__ import annotations

from pathlib import Path

import yaml

MARTS = Path(__file__).resolve().parent / "models" / "marts"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

#: Schemas in the order in which a reader meets them.
SCHEMAS = {
    "leads": "Who to call today, and why.",
    "buying_groups": "Who takes which part in a purchase, and who is missing.",
    "signals": "What happened at companies, and who told it.",
    "core": "Companies, people and technologies.",
    "opportunities": "Deals as mail, meetings and the CRM tell them, and the CRM's own rows.",
    "outcomes": "What it led to.",
    "predictions": "When, how much and how relevant, by the models.",
    "features": "What the models learn from, as it was knowable on each day.",
    "operations": "How the line itself is doing.",
}

HEAD = """# Data dictionary

Written by `python dbt_project/data_dictionary.py` from the files beside the models; do not edit.
Times are UTC. `NULL` always means "not known", never zero.
"""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def table_section(schema: str, model: dict) -> str:
    """One table as Markdown: its grain, then its columns."""
    lines = [f"### {schema}.{model['name']}", "", _cell(model["description"]), ""]
    lines += ["| column | type | meaning |", "| --- | --- | --- |"]
    for column in model["columns"]:
        lines.append(
            f"| `{column['name']}` | {column['data_type']} | {_cell(column['description'])} |"
        )
    return "\n".join(lines)


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    for schema, meaning in SCHEMAS.items():
        parts.append(f"## {schema}\n\n{meaning}")
        for path in sorted((MARTS / schema).glob("*.yml")):
            for model in yaml.safe_load(path.read_text("utf-8"))["models"]:
                parts.append(table_section(schema, model))
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
