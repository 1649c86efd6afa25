"""The readiness report on opportunities, written after each publication out of what it holds."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

import dagster as dg

from activation import opportunity_questions as questions
from activation.opportunity_report import dashboard, draw, render_markdown
from assets.common import OWNERS, Platform, stopwatch
from assets.opportunity_feedback import load_review_config
from assets.publication import PUBLICATION_KEY
from resources.publication import ask, connect_published
from resources.settings import Settings

REPORT_KEY = dg.AssetKey(["reports", "opportunities"])
#: Conflicts and steps, and changes of stage, that the dashboard's data hold; the tables hold all.
MOST = 200
MOST_CHANGES = 20
#: The version is the name of the folder that the publication's file lies in.
_FILE = "select path from duckdb_databases() where database_name = current_database()"
PICTURE = "dashboard.png"


def dashboard_data(settings: Settings) -> dict[str, Any]:
    """The dashboard's data out of the current publication.

    Raises ``PublicationError`` before the first one.
    """
    days = load_review_config(settings.config_dir).quality.overdue_days
    most = {"top": MOST}
    with connect_published(settings.published) as connection:
        version = Path(ask(connection, _FILE)[0]["path"]).parent.name
        return {"publication": version} | dashboard(
            {
                "trends": ask(connection, questions.TRENDS),
                "stage_by_priority": ask(connection, questions.STAGE_BY_PRIORITY),
                "findings_by_rule": ask(connection, questions.FINDINGS_BY_RULE),
                "conflicts": ask(connection, questions.CONFLICTS, most),
                "overdue_steps": ask(connection, questions.OVERDUE_STEPS, most | {"days": days}),
                "stage_changes": ask(connection, questions.LATEST_CHANGES, {"top": MOST_CHANGES}),
                "annotations_by_status": ask(connection, questions.ANNOTATIONS_BY_STATUS),
                "accuracy": ask(connection, questions.ACCURACY, {"monthly": False}),
            }
        )


def write_opportunity_report(settings: Settings) -> tuple[Path, dict[str, Any]]:
    """Write ``readiness.md``, ``dashboard.json`` and a picture; returns the report and the data.

    They lie in ``<home>/reports/opportunities``, beside the data-quality report; each file is the
    old one or the new one, never half.
    """
    data = dashboard_data(settings)
    folder = settings.reports / "opportunities"
    folder.mkdir(parents=True, exist_ok=True)
    picture = draw(data)
    if picture is not None:
        _replace(folder / PICTURE, picture)
    else:
        (folder / PICTURE).unlink(missing_ok=True)
    _replace(folder / "dashboard.json", json.dumps(data, indent=2, ensure_ascii=False).encode())
    report = folder / "readiness.md"
    _replace(report, render_markdown(data, PICTURE if picture else None).encode())
    return report, data


def _replace(path: Path, content: bytes) -> None:
    making = path.with_name(f".{uuid.uuid4().hex}.tmp")
    making.write_bytes(content)
    os.replace(making, path)


@dg.asset(
    key=REPORT_KEY,
    deps=[PUBLICATION_KEY],
    description=(
        "One report per publication on its opportunities: stages, priorities, quality over time, "
        "conflicts and steps that need attention, as Markdown, JSON and a picture."
    ),
    group_name="publication",
    kinds={"markdown", "json"},
    owners=OWNERS,
)
def opportunity_report(platform: Platform) -> dg.MaterializeResult:
    """Write the readiness report of the current publication."""
    with stopwatch() as watch:
        report, data = write_opportunity_report(platform.settings)
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.path(str(report)),
            "opportunities": data["totals"]["all"]["opportunity_count"],
            "seconds": watch.seconds,
        }
    )
