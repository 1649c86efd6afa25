from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest
import yaml

from resources.config_errors import ConfigurationError
from resources.sources.declaration import Declaration, load_declarations
from resources.sources.describe import table
from resources.sources.registry import CONNECTORS, SOURCES, STREAMS

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.mark.parametrize("environment", ["world", "sandbox"])
def test_every_source_is_declared_connected_and_its_streams_agree(environment):
    declared = load_declarations(CONFIG, environment).sources
    own = {name: item for name, item in declared.items() if item.connector == "own"}
    assert tuple(own) == SOURCES == tuple(CONNECTORS)
    assert {name: d.streams for name, d in own.items()} == STREAMS
    assert all(d.description.endswith(".") and d.terms.note for d in declared.values())


def test_it_is_known_by_what_each_source_asks_of_a_company():
    declared = load_declarations(CONFIG).sources.values()
    by = {item.name: item.asks_by for item in declared if item.connector == "own"}
    read_whole = {name for name, asks_by in by.items() if asks_by == "whole"}
    assert read_whole == {"crunchbase", "usajobs", "press"}
    assert {by[name] for name in ("company_list", "crm")} == {"export"}
    assert {by[name] for name in ("adzuna", "google_news", "newsapi")} == {"name"}
    assert {by[name] for name in ("greenhouse", "lever", "ashby", "workday")} == {"job_board"}
    sites = ("company_site", "leadership_pages", "dns", "builtwith", "coresignal")
    assert {by[name] for name in sites} == {"domain"}
    assert by["sec_edgar"] == "cik"
    given = {item.asks_by for item in declared if item.connector in ("file_drop", "webhook")}
    assert given == {"export"}


def test_every_source_of_a_family_stands_in_its_route():
    declared = load_declarations(CONFIG)
    family_of = {
        "funding": "funding",
        "people": "executives",
        "jobs": "jobs",
        "technology": "technology",
        "expansion": "expansion",
        "news": "news",
    }
    assert set(declared.routes) == set(family_of)
    for route, family in family_of.items():
        # A webhook is told, it cannot be asked.
        feeding = {
            name
            for name, item in declared.sources.items()
            if family in item.families and item.connector != "webhook"
        }
        assert set(declared.route(route).sources) == feeding, route


def test_the_sandbox_changes_addresses_keys_and_limits_only():
    world = load_declarations(CONFIG, "world").sources
    sandbox = load_declarations(CONFIG, "sandbox")
    assert sandbox.replayable
    same = ("families", "kind", "streams", "pagination", "freshness_hours", "cache_seconds")
    for name, declared in sandbox.sources.items():
        if set(declared.base_urls) & {"folder", "inbox"}:
            # A folder is the same whoever answers for the world.
            assert declared.base_urls == world[name].base_urls
            continue
        assert all("${SANDBOX_URL}" in url for url in declared.base_urls.values())
        assert declared.extra_headers(date(2026, 1, 2))["X-Sandbox-Date"] == "2026-01-02"
        assert all(getattr(declared, f) == getattr(world[name], f) for f in same)
        assert declared.auth.header == world[name].auth.header


def test_the_world_needs_no_variable_but_keys_contacts_and_own_files():
    missing = {n: d.missing({}) for n, d in load_declarations(CONFIG).sources.items()}
    assert {n: m for n, m in missing.items() if m} == {
        "company_list": ["BUYING_SIGNALS_COMPANY_LIST"],
        "crm": ["BUYING_SIGNALS_CRM_EXPORT"],
        "sec_edgar": ["BUYING_SIGNALS_SEC_CONTACT"],
        "crunchbase": ["BUYING_SIGNALS_CRUNCHBASE_KEY"],
        "coresignal": ["BUYING_SIGNALS_CORESIGNAL_KEY"],
        "newsapi": ["BUYING_SIGNALS_NEWSAPI_KEY"],
        "builtwith": ["BUYING_SIGNALS_BUILTWITH_KEY"],
        "adzuna": ["BUYING_SIGNALS_ADZUNA_KEY"],
        "usajobs": ["BUYING_SIGNALS_USAJOBS_CONTACT", "BUYING_SIGNALS_USAJOBS_KEY"],
        "gmail": ["BUYING_SIGNALS_GMAIL_MAILBOX", "BUYING_SIGNALS_GOOGLE_CREDENTIALS"],
        "mail_files": ["BUYING_SIGNALS_MAIL_FOLDER"],
        "meeting_files": ["BUYING_SIGNALS_MEETING_FOLDER"],
        "crm_reports": ["BUYING_SIGNALS_CRM_REPORTS"],
        "drive": ["BUYING_SIGNALS_DRIVE_CREDENTIALS"],
        "drive_folder": ["BUYING_SIGNALS_DRIVE_FOLDER"],
        "zoom": ["BUYING_SIGNALS_ZOOM_CREDENTIALS"],
        "teams": ["BUYING_SIGNALS_TEAMS_CREDENTIALS", "BUYING_SIGNALS_TEAMS_USERS"],
        "salesforce": ["BUYING_SIGNALS_SALESFORCE_CREDENTIALS", "BUYING_SIGNALS_SALESFORCE_URL"],
        "hubspot": ["BUYING_SIGNALS_HUBSPOT_TOKEN"],
    }


def test_sec_keeps_to_fair_access():
    declared = load_declarations(CONFIG)["sec_edgar"]
    assert declared.rate_limit.requests / declared.rate_limit.per_seconds <= 10
    faster = declared.model_dump() | {"rate_limit": {"requests": 11, "per_seconds": 1}}
    with pytest.raises(ValueError, match="SEC fair access allows 10"):
        Declaration.model_validate(faster)


def test_variables_in_addresses():
    values = load_declarations(CONFIG)["lever"].model_dump()
    declared = Declaration.model_validate(
        values | {"base_urls": {"a": "${HOST}/x/", "b": "${OTHER:-http://b}/y"}}
    )
    assert declared.urls({"HOST": "http://h"}) == {"a": "http://h/x", "b": "http://b/y"}
    assert declared.missing({}) == ["HOST"]
    with pytest.raises(ConfigurationError, match=r"'lever': base_urls needs .* HOST"):
        declared.urls({})


def write(tmp_path: Path, change, environment: str = "") -> Path:
    content = yaml.safe_load((CONFIG / "sources.yaml").read_text())
    change(content["sources"])
    (tmp_path / "environments").mkdir()
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    if environment:
        (tmp_path / "environments" / "lab.yaml").write_text(textwrap.dedent(environment))
    return tmp_path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["press"].pop("rate_limit"), r"sources\.press.*\n  rate_limit: Field required"),
        (lambda s: s["crm"].update(freshnes=3), r"sources\.crm.*\n  freshnes: Extra inputs"),
        (
            lambda s: s["lever"]["rate_limit"].update(requests=0),
            r"rate_limit\.requests: .*greater than or equal to 1 \(got 0\)",
        ),
        (
            lambda s: s["crunchbase"]["auth"].pop("header"),
            r"auth of kind 'header' needs 'header'",
        ),
        (
            lambda s: s["ashby"].update(base_urls={"b": "https://me:pass@x.com"}),
            "bears a password",
        ),
        (lambda s: s["press"].update(headers={"X": "{day}"}), "only '{partition}'"),
        (
            lambda s: s["crunchbase"]["auth"].update(public_value="k"),
            "belongs in an environment file",
        ),
    ],
)
def test_a_wrong_declaration_names_file_source_and_field(tmp_path, change, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        load_declarations(write(tmp_path, change))
    assert "sources.yaml" in str(caught.value)


def test_an_environment_may_not_name_unknown_sources_or_fields(tmp_path):
    folder = write(tmp_path, lambda s: None, "sources: {linkedin: {}}")
    with pytest.raises(ConfigurationError, match=r"lab\.yaml: sources \['linkedin'\]"):
        load_declarations(folder, "lab")
    (folder / "environments" / "lab.yaml").write_text("sources: {crm: {families: [jobs]}}")
    with pytest.raises(ConfigurationError, match=r"sources\.crm\.families: Extra inputs"):
        load_declarations(folder, "lab")


def test_an_environment_that_is_not_there_is_named():
    with pytest.raises(ConfigurationError, match=r"environments/nowhere\.yaml does not exist"):
        load_declarations(CONFIG, "nowhere")


def test_own_words_of_an_environment_win_over_its_common_ones(tmp_path):
    folder = write(
        tmp_path,
        lambda s: None,
        """
        headers: {X-Day: "{partition}"}
        rate_limit: {requests: 7, per_seconds: 2}
        sources:
          lever: {rate_limit: {requests: 1}, options: {page_size: 3}}
        """,
    )
    declared = load_declarations(folder, "lab")
    assert declared["ashby"].rate_limit.requests == 7
    assert declared["lever"].rate_limit.requests == 1
    assert declared["lever"].options["page_size"] == 3
    assert declared["lever"].extra_headers(date(2026, 1, 2)) == {"X-Day": "2026-01-02"}
    with pytest.raises(ConfigurationError, match="no source 'x' is declared"):
        declared["x"]


def test_the_documented_table_is_what_is_declared():
    written = (CONFIG.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    assert table(load_declarations(CONFIG)) in written, "python -m resources.sources.describe"
