"""A day's company records are linked once, whatever is run again or lost."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assets.identity import entities_dataset, link_day, links_dataset
from ml.identity.payloads import company_records
from resources.identity_decisions import shared_domains
from resources.lake import Lake, Record
from resources.settings import Settings

DAY_1, DAY_2 = date(2026, 5, 1), date(2026, 5, 2)


def account(number: str, day: date, **told: str) -> Record:
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    payload = {"Account ID": number} | {key.replace("_", " "): v for key, v in told.items()}
    return Record("crm", "accounts", number, at, at, None, json.dumps(payload))


def listed(name: str, domain: str, day: date) -> Record:
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    payload = json.dumps({"name": name, "domain": domain, "city": "Leeds"})
    return Record("company_list", "companies", domain, at, at, None, payload)


@pytest.fixture
def home(tmp_path: Path) -> tuple[Settings, Lake]:
    settings = Settings(home=tmp_path)
    lake = Lake(settings.lake)
    lake.write(
        "company_list", "companies", DAY_1,
        [listed("Orbvane Industries", "orbvane.example", DAY_1),
         listed("Tamforge Labs", "tamforge.example", DAY_1)],
    )  # fmt: skip
    lake.write("crm", "accounts", DAY_1, [account("A1", DAY_1, Account_Name="ORBVANE INDS Ltd",
                                                  Billing_City="Leeds")])  # fmt: skip
    return settings, lake


def groups(settings: Settings, until: date = DAY_2) -> dict[str, str]:
    """Entity of each record as of a day, as staging shows it."""
    dataset, found = entities_dataset(settings), {}
    for day in dataset.days():
        if day <= until:
            found |= {r["record_key"]: r["entity_key"] for r in dataset.read([day]).to_pylist()}
    return found


def test_an_account_without_a_site_is_grouped_with_the_company_it_is_like(home) -> None:
    settings, lake = home
    links, _ = link_day(settings, lake, DAY_1)
    found = groups(settings)
    assert found["crm|A1"] == found["company_list|orbvane.example"]
    assert found["company_list|tamforge.example"] != found["crm|A1"]
    (link,) = links.to_pylist()
    assert (link["left_record"], link["right_record"]) == (
        "company_list|orbvane.example",
        "crm|A1",
    )
    assert link["probability"] > 0.8
    assert "same words in the name" in link["reasons"]


def test_running_a_day_again_changes_nothing(home) -> None:
    settings, lake = home
    link_day(settings, lake, DAY_1)
    before = groups(settings), links_dataset(settings).read()
    again, _ = link_day(settings, lake, DAY_1)
    assert again.num_rows == 0
    assert (groups(settings), links_dataset(settings).read()) == before


def test_a_new_day_and_a_lost_index_give_the_same_groups(home) -> None:
    settings, lake = home
    link_day(settings, lake, DAY_1)
    lake.write("crm", "accounts", DAY_2, [account("A2", DAY_2, Account_Name="Tam Forge Labs Inc",
                                                  Billing_City="Leeds")])  # fmt: skip
    link_day(settings, lake, DAY_2)
    found, first = groups(settings), groups(settings, DAY_1)
    assert found["crm|A2"] == found["company_list|tamforge.example"]
    assert "crm|A2" not in first
    shutil.rmtree(settings.home / "identity")
    link_day(settings, lake, DAY_2)
    assert (groups(settings), groups(settings, DAY_1)) == (found, first)


def test_an_index_of_another_model_is_built_anew(home) -> None:
    settings, lake = home
    link_day(settings, lake, DAY_1)
    found = groups(settings)
    manifest = settings.home / "identity" / "index" / "index.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"model": "of yore"}))
    link_day(settings, lake, DAY_2)
    assert groups(settings) == found
    assert json.loads(manifest.read_text())["model"] != "of yore"


def test_what_a_gate_set_aside_is_not_linked(home) -> None:
    settings, lake = home
    (row,) = lake.read("crm", "accounts", [DAY_1]).to_pylist()
    refused = frozenset({("crm", "accounts", "A1", row["payload_sha256"])})
    links, _ = link_day(settings, lake, DAY_1, refused)
    assert links.num_rows == 0
    assert "crm|A1" not in groups(settings)


def test_shared_domains_are_no_key() -> None:
    assert "gmail.com" in shared_domains()
    rows = [
        {
            "source": "crm",
            "stream": "accounts",
            "record_id": "A9",
            "payload": '{"Account Name": "Orbvane", "Website": "https://www.gmail.com/x"}',
        },
        {"source": "crm", "stream": "accounts", "record_id": "A8", "payload": "not json"},
        {
            "source": "sec_edgar",
            "stream": "companies",
            "record_id": "0000000042",
            "payload": '{"name": "ORBVANE", "addresses": {"business": {"city": "LEEDS"}}}',
        },
    ]
    first, second = company_records(rows, shared_domains()).to_pylist()
    assert first["domain"] is None
    assert (second["cik"], second["city"]) == ("0000000042", "LEEDS")
