"""File drops: what a person puts into a folder, whatever they do with the files."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import yaml

from resources.clock import Clock
from resources.config_errors import ConfigurationError
from resources.lake import Lake
from resources.quarantine import Quarantine
from resources.sources.declaration import load_declarations
from resources.sources.ingestion import IngestReport, Services, ingest
from resources.state import StateStore, delete_cursors, source_health

DAY = date(2026, 6, 15)
CONFIG = Path(__file__).resolve().parents[3] / "config"

DROP = {
    "families": ["funding"],
    "description": "Rounds of an invented vendor.",
    "terms": {"url": "", "note": "Invented."},
    "files": [
        {
            "name": "rounds",
            "pattern": ["*.csv", "*.tsv", "*.xlsx", "*.json", "*.jsonl"],
            "makes": "funding_round",
            "id_columns": ["Round ID"],
            "required": ["company_name"],
            "fields": {
                "company_name": ["Company", "Organisation"],
                "announced_on": {"column": "Announced", "formats": ["%m/%d/%Y"]},
                "amount": "Amount",
                "round_type": {"column": "Round", "values": {"A round": "series_a"}},
                "investors": "Investors",
                "updated_at": "Updated",
            },
            "ignore": ["Downloaded"],
        }
    ],
}
HEADER = "Round ID,Company,Announced,Amount,Round,Investors"
ROW_1 = "R1,Marlow Robotics,06/01/2026,$12M,A round,Foxglove; Harbour Lane"
ROW_2 = 'R2,Tessaly Health,2026-06-02,"€2,500,000",Seed,'


class Drop:
    """One declared drop, its folder, and ingestion with a clock of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "drops" / "rounds"
        self.folder.mkdir(parents=True)
        self.config = home / "config"
        shutil.copytree(CONFIG, self.config, ignore=shutil.ignore_patterns("drops"))
        self.now = datetime(2026, 6, 15, 10, tzinfo=UTC)
        self.declare(DROP)

    def declare(self, drop: dict) -> None:
        (self.config / "drops").mkdir(exist_ok=True)
        (self.config / "drops" / "rounds.yaml").write_text(yaml.safe_dump(drop), "utf-8")

    def put(self, name: str, content: str | bytes, written: datetime | None = None) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        moment = (written or self.now - timedelta(days=1)).timestamp()
        os.utime(path, (moment, moment))
        return path

    def services(self) -> Services:
        return Services(
            declarations=load_declarations(self.config),
            lake=Lake(str(self.home / "lake")),
            state=StateStore(f"sqlite:///{self.home}/state.sqlite"),
            quarantine=Quarantine(self.home / "quarantine"),
            clock=Clock(replayable=True, now=lambda: self.now),
            environ={},
            home=self.home,
        )

    def ingest(self, day: date = DAY) -> IngestReport:
        return ingest("rounds", day, self.services())

    def rows(self) -> list[dict]:
        found = Lake(str(self.home / "lake")).read("rounds", "mapped_funding_rounds").to_pylist()
        return sorted(found, key=lambda row: (row["fetched_at"], row["record_id"]))

    def fields(self) -> dict[str, dict]:
        """Latest typed fields by record."""
        return {row["record_id"]: json.loads(row["payload"])["fields"] for row in self.rows()}

    def reasons(self) -> list[tuple[str, str]]:
        rows = Quarantine(self.home / "quarantine").read("fetch").to_pylist()
        return sorted((row["rule"], row["reason"]) for row in rows)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path)


def csv_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def test_rows_become_typed_records_that_keep_the_row_as_it_came(drop):
    drop.put("rounds.csv", csv_of(ROW_1, ROW_2))
    report = drop.ingest()
    assert (report.status, report.new_rows) == ("ok", {"mapped_funding_rounds": 2})
    assert drop.fields() == {
        "r1": {
            "company_name": "Marlow Robotics", "announced_on": "2026-06-01",
            "round_type": "series_a", "amount": 12e6, "currency": "USD",
            "investors": ["Foxglove", "Harbour Lane"],
        },
        "r2": {
            "company_name": "Tessaly Health", "announced_on": "2026-06-02", "round_type": "Seed",
            "amount": 2.5e6, "currency": "EUR",
        },
    }  # fmt: skip
    [first, _] = drop.rows()
    assert json.loads(first["payload"])["row"]["Announced"] == "06/01/2026"
    assert first["source_url"] == "file:rounds.csv"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("semicolons.csv", csv_of(ROW_1.replace(";", "|")).replace(",", ";").replace("|", ",")),
        ("tabs.tsv", csv_of(ROW_1).replace(",", "\t")),
        ("marked.csv", ("\ufeff" + csv_of(ROW_1)).encode()),
        ("utf16.csv", csv_of(ROW_1).encode("utf-16")),
        ("preamble.csv", "Downloaded by,Example\n\nSearch:,all rounds\n" + csv_of(ROW_1)),
        ("other_case.csv", csv_of(ROW_1).replace("Round ID", "ROUND_ID").replace("Amo", "amo")),
        ("crlf.csv", csv_of(ROW_1).replace("\n", "\r\n")),
    ],
)  # fmt: skip
def test_the_same_row_is_read_from_every_kind_of_text_file(drop, name, content):
    drop.put(name, content)
    drop.ingest()
    assert drop.reasons() == []
    fields = drop.fields()["r1"]
    assert (fields["company_name"], fields["amount"]) == ("Marlow Robotics", 12e6)
    assert fields["investors"] == ["Foxglove", "Harbour Lane"]


def test_windows_1252_keeps_its_letters(drop):
    drop.put("latin.csv", csv_of("R1,Müller & Söhne,2026-06-01,,Seed,").encode("cp1252"))
    drop.ingest()
    assert drop.fields()["r1"]["company_name"] == "Müller & Söhne"


def test_workbooks_json_and_json_lines_are_read(drop):
    book = openpyxl.Workbook()
    book.active.append(["Downloaded on", datetime(2026, 6, 1)])
    book.active.append([])
    book.active.append(HEADER.split(","))
    book.active.append(["X1", "Quillharrow", datetime(2026, 6, 3), 4_000_000, "A round", None])
    book.save(drop.folder / "rounds.xlsx")
    row = dict(zip(HEADER.split(","), ("J1", "Brightmoor", "2026-06-04", 5, "Seed", ["A", "B"]),
                   strict=True))  # fmt: skip
    drop.put("rounds.json", json.dumps([row]))
    drop.put("rounds.jsonl", json.dumps(row | {"Round ID": "L1"}) + "\n{broken\n")
    os.utime(drop.folder / "rounds.xlsx", (0, 0))
    drop.ingest()
    fields = drop.fields()
    assert fields["x1"]["announced_on"] == "2026-06-03"
    assert fields["x1"]["amount"] == 4e6
    assert fields["j1"]["investors"] == fields["l1"]["investors"] == ["A", "B"]
    [(rule, reason)] = drop.reasons()
    assert rule == "unreadable_row"
    assert reason.startswith("rounds.jsonl line 2: line is no JSON")


def test_dropped_again_renamed_or_in_another_order_nothing_changes(drop):
    drop.put("rounds.csv", csv_of(ROW_1, ROW_2))
    drop.ingest()
    before = drop.rows()
    assert drop.ingest().status == "unchanged"
    (drop.folder / "rounds.csv").rename(drop.folder / "copy of rounds.csv")
    drop.put("again.csv", csv_of(ROW_2, ROW_1))
    drop.put("half.csv", csv_of(ROW_2))
    assert drop.ingest().new_rows == {}
    drop.now += timedelta(days=1)
    drop.put("later.csv", csv_of(ROW_2, ROW_1), written=drop.now - timedelta(hours=1))
    assert drop.ingest(DAY + timedelta(days=1)).new_rows == {}
    delete_cursors(drop.services().state, "rounds")
    assert drop.ingest(DAY + timedelta(days=1)).new_rows == {}
    assert drop.rows() == before


def test_a_changed_file_is_read_anew_and_only_what_changed_is_stored(drop):
    drop.put("rounds.csv", csv_of(ROW_1, ROW_2))
    drop.ingest()
    drop.now += timedelta(days=1)
    drop.put("rounds.csv", csv_of(ROW_1.replace("$12M", "$14M"), ROW_2), written=drop.now)
    assert drop.ingest(DAY + timedelta(days=1)).new_rows == {"mapped_funding_rounds": 1}
    assert drop.fields()["r1"]["amount"] == 14e6
    assert len(drop.rows()) == 3


def test_a_column_that_says_only_when_it_was_downloaded_is_no_news(drop):
    header = HEADER + ",Downloaded\n"
    drop.put("a.csv", header + ROW_1 + ",2026-06-01\n")
    drop.ingest()
    drop.put("b.csv", header + ROW_1 + ",2026-06-09\n")
    assert drop.ingest().new_rows == {}


def test_of_several_files_the_newest_statement_counts_whatever_the_order(drop):
    old, new = csv_of(ROW_1), csv_of(ROW_1.replace("$12M", "$14M"))
    drop.put("rounds_2026-06-10.csv", new)
    drop.put("rounds_2026-05-10.csv", old)
    assert drop.ingest().new_rows == {"mapped_funding_rounds": 1}
    assert drop.fields()["r1"]["amount"] == 14e6
    # An older export that turns up later does not overrule what is known since.
    drop.now += timedelta(days=1)
    drop.put("rounds_2026-04-10.csv", csv_of(ROW_1.replace("$12M", "$9M")), written=drop.now)
    assert drop.ingest(DAY + timedelta(days=1)).new_rows == {}
    assert drop.fields()["r1"]["amount"] == 14e6


def test_a_record_that_goes_back_to_what_it_was_is_a_new_statement(drop):
    for day, amount in ((1, "$12M"), (2, "$14M"), (3, "$12M")):
        drop.now = datetime(2026, 6, 15 + day, 10, tzinfo=UTC)
        drop.put(f"rounds_2026-06-{15 + day}.csv", csv_of(ROW_1.replace("$12M", amount)))
        drop.ingest(DAY + timedelta(days=day))
    assert [json.loads(row["payload"])["fields"]["amount"] for row in drop.rows()] == [
        12e6, 14e6, 12e6,
    ]  # fmt: skip


def test_a_whole_list_is_kept_at_every_reading_and_a_part_only_where_it_changed(drop):
    mapping = {
        "name": "rounds", "pattern": "*.csv", "makes": "person", "whole": "*whole*",
        "fields": {"full_name": "Name", "company_domain": "Site", "updated_at": "Updated"},
    }  # fmt: skip
    drop.declare({**DROP, "files": [mapping]})
    rows = "Name,Site,Updated\nIda Plover,aldine.example,2026-01-05\n"
    kept = {}
    for day in (1, 2):
        drop.now = datetime(2026, 6, 15 + day, 10, tzinfo=UTC)
        drop.put(f"whole_2026-06-{15 + day}.csv", rows)
        drop.put(f"some_2026-06-{15 + day}.csv", rows.replace("Ida Plover", "Colin Reed"))
        drop.ingest(DAY + timedelta(days=day))
    for row in Lake(str(drop.home / "lake")).read("rounds", "mapped_people").to_pylist():
        fields = json.loads(row["payload"])["fields"]
        kept.setdefault(fields["full_name"], []).append(fields.get("listed_on"))
    assert {name: sorted(days, key=str) for name, days in kept.items()} == {
        "Ida Plover": ["2026-06-16", "2026-06-17"], "Colin Reed": [None],
    }  # fmt: skip


def test_the_rows_own_time_of_change_decides(drop):
    drop.put("a.csv", f"{HEADER},Updated\n{ROW_1},2026-06-09\n")
    drop.ingest()
    drop.put("b.csv", f"{HEADER},Updated\n{ROW_1.replace('$12M', '$9M')},2026-06-02\n")
    assert drop.ingest().new_rows == {}
    [row] = drop.rows()
    assert row["observed_at"] == datetime(2026, 6, 9, tzinfo=UTC)


def test_a_file_still_being_written_waits(drop):
    path = drop.put("rounds.csv", csv_of(ROW_1))
    os.utime(path)
    assert drop.ingest().new_rows == {}
    for name in ("rounds.csv.crdownload", "~$rounds.xlsx", ".rounds.csv", "rounds.csv.part"):
        drop.put(name, csv_of(ROW_2))
    assert drop.ingest().new_rows == {}
    os.utime(path, (drop.now.timestamp() - 60,) * 2)
    assert drop.ingest().new_rows == {"mapped_funding_rounds": 1}
    assert set(drop.fields()) == {"r1"}


def test_half_a_workbook_waits_while_young_and_is_named_when_old(drop):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.save(drop.folder / "whole.xlsx")
    half = (drop.folder / "whole.xlsx").read_bytes()[:2000]
    (drop.folder / "whole.xlsx").unlink()
    path = drop.put("half.xlsx", half)
    young = datetime.now(UTC).timestamp() - 60
    os.utime(path, (young, young))
    # The day fetched lies behind the clock of this machine here, so the file counts as of today.
    drop.now = datetime.now(UTC) + timedelta(minutes=1)
    assert drop.ingest(drop.now.date()).status == "unchanged"
    os.utime(path, (young - 3600, young - 3600))
    report = drop.ingest(drop.now.date())
    assert report.status == "failed"
    assert "half.xlsx" in report.error
    assert "no whole Excel workbook" in report.error


def test_what_was_dropped_later_is_not_known_to_a_past_day(drop):
    drop.put("rounds.csv", csv_of(ROW_1), written=datetime(2026, 6, 15, 9, tzinfo=UTC))
    assert drop.ingest(date(2026, 5, 1)).new_rows == {}
    assert drop.ingest().new_rows == {"mapped_funding_rounds": 1}


def test_a_missing_column_names_file_line_column_and_remedy(drop):
    drop.put("rounds.csv", csv_of(ROW_1).replace("Company,", "Firm,"))
    drop.put("good.csv", csv_of(ROW_2))
    report = drop.ingest()
    assert report.status == "partial"
    assert report.error == (
        "rounds.csv: rounds: line 1: column 'Company' or 'Organisation' is missing; the file has "
        "Round ID, Firm, Announced, Amount, Round, Investors. Export it with that column, or name "
        "the column it is called now in the mapping [rounds.csv]"
    )
    assert set(drop.fields()) == {"r2"}


def test_bad_rows_are_set_aside_with_line_column_and_reason_and_the_rest_goes_on(drop):
    drop.put(
        "rounds.csv",
        csv_of(
            ROW_1,
            "R3,,2026-06-01,1,Seed,",
            "R4,Marlow,06/31/2026,1,Seed,",
            ",Marlow,2026-06-01,1,Seed,",
            "R5,Marlow,2026-06-01,many,Seed,",
            "R6,Marlow,2026-06-01,1,Seed,A,B",
        ),
    )
    report = drop.ingest()
    assert (report.status, report.new_rows) == ("ok", {"mapped_funding_rounds": 2})
    assert drop.reasons() == [
        ("field_count", "rounds.csv line 7: row has 7 fields, the header 6; a field with the "
         "delimiter in it needs quotes"),
        ("missing_field", "rounds.csv line 3: column 'Company' or 'Organisation' (company_name) is "
         "empty"),
        ("missing_id", "rounds.csv line 5: row has no id: column 'Round ID' is empty"),
        ("unreadable_value", "rounds.csv line 4: column 'Announced' (announced_on) '06/31/2026' is "
         "no date"),
        ("unreadable_value", "rounds.csv line 6: column 'Amount' (amount) 'many' is no amount of "
         "money; the field is left empty"),
    ]  # fmt: skip
    # A field that is only left empty does not cost the row.
    assert set(drop.fields()) == {"r1", "r5"}


def test_the_same_id_twice_in_a_file_with_other_content_is_set_aside(drop):
    drop.put("rounds.csv", csv_of(ROW_1, ROW_1.replace("$12M", "$13M")))
    drop.ingest()
    assert drop.fields()["r1"]["amount"] == 12e6
    assert [rule for rule, _ in drop.reasons()] == ["duplicate_id"]


def test_an_html_page_saved_as_csv_is_named(drop):
    drop.put("rounds.csv", "<!DOCTYPE html><html><body>Please sign in</body></html>")
    report = drop.ingest()
    assert "file is an HTML page, not a table; download the export again" in report.error


def test_a_mended_mapping_reads_the_files_anew(drop):
    drop.put("rounds.csv", csv_of(ROW_1, ROW_2))
    drop.ingest()
    mended = json.loads(json.dumps(DROP))
    mended["files"][0]["fields"]["round_type"]["values"]["Seed"] = "seed"
    drop.declare(mended)
    assert drop.ingest().new_rows == {"mapped_funding_rounds": 1}
    assert drop.fields()["r2"]["round_type"] == "seed"


def test_without_a_folder_the_drop_is_not_configured_and_says_where_to_put_files(drop):
    drop.folder.rmdir()
    report = drop.ingest()
    assert report.status == "not_configured"
    assert report.error == f"drop exports into {drop.folder} (it does not exist yet)"
    services = drop.services()
    [health] = [
        row
        for row in source_health(services.state, services.declarations.sources.values(), drop.now)
        if row.source == "rounds"
    ]
    assert (health.status, health.last_error) == ("not_configured", report.error)


def test_a_folder_of_the_users_own_choice(drop, tmp_path):
    elsewhere = tmp_path / "exports"
    elsewhere.mkdir()
    drop.declare({**DROP, "folder": f"file://{elsewhere}"})
    drop.folder = elsewhere
    drop.put("rounds.csv", csv_of(ROW_1))
    assert drop.ingest().new_rows == {"mapped_funding_rounds": 1}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"makes": "funding"}, "'funding' is no record type; there are funding_round,"),
        ({"fields": {"company": "Company"}}, "funding_round has no field 'company'; it has"),
        ({"fields": {"company_name": "Company"}}, "funding_round needs announced_on or closed_on"),
        ({"whole": "*"}, "whole: only lists of people are compared, not of funding_round"),
        ({"required": ["valuation_usd"]}, "'valuation_usd' is required, but 'fields' does not say"),
        ({"fields": {**DROP["files"][0]["fields"], "status": {"value": "maybe"}}},
         "status: ['maybe'] not among done, planned"),
        ({"fields": {**DROP["files"][0]["fields"], "amount": {"column": "A", "value": 3}}},
         "give exactly one of 'column', 'join' and 'value'"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_meant_is_named_with_its_file(drop, change, told):
    drop.declare({**DROP, "files": [{**DROP["files"][0], "required": [], **change}]})
    with pytest.raises(ConfigurationError) as error:
        load_declarations(drop.config)
    assert "drops/rounds.yaml" in str(error.value)
    assert told in str(error.value)
