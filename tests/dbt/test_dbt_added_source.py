"""The two examples of docs/sources.md, added as they stand there, reach the published tables."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from resources.sources.declaration import load_declarations
from resources.sources.ingestion import IngestReport, ensure_streams, ingest
from tests.contract.sources.vendor import Asked, Reply, Vendor
from tests.dbt.conftest import PROJECT, Dbt, Rows, query
from tests.dbt.dropped import DAY, ROOT, list_companies, read_detections, services

pytestmark = pytest.mark.slow

MODEL = "stg_grants_register__awards"

JOBS = {
    "0-legal-notice": "Link back, please.",
    "jobs": [
        {"id": 41, "url": "https://remotive.example/41", "title": "Head of Platform Engineering",
         "company_name": "Marlow Robotics", "job_type": "full_time", "salary": "$150k - $180k",
         "publication_date": "2026-06-10T08:30:00", "candidate_required_location": "Germany",
         "description": "<p>You have 8 years of experience with Kubernetes.</p>"},
        {"id": 42, "title": "", "company_name": "Marlow Robotics"},
    ],
}  # fmt: skip
AWARDS = [
    {"award_no": "G-1", "recipient": {"name": "Tessaly Health", "website": "www.tessaly.example"},
     "sum": 250_000, "currency": "USD", "decided": "2026-05-04", "purpose": "Remote care.",
     "published": "2026-05-05T00:00:00Z", "link": "https://grants.example/G-1"},
    {"recipient": {"name": "No number"}},
    {"award_no": "G-2", "recipient": {"name": "Brightmoor Energy", "website": None},
     "sum": 90_000, "currency": "USD", "decided": "2026-05-20", "purpose": "Charging.",
     "published": "2026-05-21T00:00:00Z", "link": "https://grants.example/G-2"},
]  # fmt: skip


def blocks(kind: str) -> list[str]:
    """Code blocks of one kind in the documentation's section."""
    page = (ROOT / "docs" / "sources.md").read_text("utf-8").split("## Adding a source")[1]
    return re.findall(rf"```{kind}\n(.*?)```", page, re.S)


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    vendor.on("/remotive/remote-jobs", Reply(json.dumps(JOBS).encode()))

    def awards(asked: Asked) -> Reply:
        start = (int(asked.query["page"]) - 1) * int(asked.query["per_page"])
        some = AWARDS[start : start + int(asked.query["per_page"])]
        return Reply(json.dumps({"results": some}).encode())

    vendor.on("/grants/v1/awards", awards)
    yield vendor
    vendor.close()


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, vendor: Vendor) -> Path:
    """A copy of the configuration and the dbt project with what the page says, built."""
    folder = tmp_path_factory.mktemp("added")
    home, config, project = folder / "home", folder / "config", folder / "dbt_project"
    shutil.copytree(ROOT / "config", config)
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    # One declaration each, ...
    with (config / "sources.yaml").open("a", encoding="utf-8") as sources:
        sources.write("\n" + "\n".join(blocks("yaml")))
    # ... one staging model, named where the project asks for its name.
    staging = project / "models" / "staging" / "grants_register"
    staging.mkdir()
    (staging / f"{MODEL}.sql").write_text(blocks("sql")[0], "utf-8")
    (staging / f"{MODEL}.yml").write_text(blocks("yml")[0], "utf-8")
    settings = (project / "dbt_project.yml").read_text("utf-8")
    line = blocks("text")[0].rstrip("\n")
    assert "\n  mention_models: []\n" in settings
    (project / "dbt_project.yml").write_text(
        settings.replace("  mention_models: []", line), "utf-8"
    )
    # The world's servers are stood in for.
    (config / "environments" / "lab.yaml").write_text(
        f"""
        replayable: true
        sources:
          remotive: {{base_urls: {{api: "{vendor.url}/remotive"}}}}
          grants_register: {{base_urls: {{api: "{vendor.url}/grants"}}}}
        """,
        "utf-8",
    )
    list_companies(home)
    opened = replace(services(home), declarations=load_declarations(config, "lab"))
    ensure_streams(opened)
    reports = {name: ingest(name, DAY, opened) for name in ("remotive", "grants_register")}
    check_ingest(reports, vendor)
    # Asked again it stores nothing twice.
    assert ingest("grants_register", DAY, opened).status == "unchanged"
    read_detections(home, opened)
    build = Dbt(folder / "target", project)
    tables = ["+buying_signals", "+funding_signals", "+job_posting_signals", "companies"]
    build(home, DAY, "build", "--select", *tables, "--resource-types", "model", "seed")
    return home


def check_ingest(reports: dict[str, IngestReport], vendor: Vendor) -> None:
    remotive, grants = reports["remotive"], reports["grants_register"]
    assert (remotive.status, remotive.new_rows, remotive.rejected) == (
        "ok", {"mapped_job_postings": 1}, 1,
    )  # fmt: skip
    assert (grants.status, grants.new_rows, grants.rejected) == ("ok", {"awards": 2}, 1)
    pages = [asked.query["page"] for asked in vendor.asked if asked.path == "/grants/v1/awards"]
    assert pages == ["1", "2"]


@pytest.fixture
def ask(added: Path) -> Callable[[str], Rows]:
    return lambda sql: query(added, sql)


def test_one_declaration_brings_postings_to_the_published_table(ask):
    assert ask("""
        select c.name, t.job_title, t.department, t.posted_on, t.remote_option, t.country,
            t.salary_min, t.salary_max, t.years_min, t.source, t.source_url
        from signals.job_posting_signals t join core.companies c using (company_id)""") == [
        ("Marlow Robotics", "Head of Platform Engineering", "engineering", date(2026, 6, 10),
         "remote", "Germany", 150_000.0, 180_000.0, 8.0, "remotive",
         "https://remotive.example/41"),
    ]  # fmt: skip


def test_one_declaration_and_one_staging_model_bring_signals_of_another_shape(ask):
    assert ask("""
        select c.name, b.signal_type, f.announced_on, f.round_type, f.amount_usd, b.evidence,
            b.source_names
        from signals.buying_signals b join signals.funding_signals f using (signal_id)
        join core.companies c on b.company_id = c.company_id order by c.name""") == [
        ("Brightmoor Energy", "funding_round", date(2026, 5, 20), "grant", 90_000.0, "Charging.",
         "grants_register"),
        ("Tessaly Health", "funding_round", date(2026, 5, 4), "grant", 250_000.0, "Remote care.",
         "grants_register"),
    ]  # fmt: skip
