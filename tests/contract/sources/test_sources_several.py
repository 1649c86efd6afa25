"""Several sources in a declared order: who is asked, who spoke."""

from __future__ import annotations

import pytest

from resources.config_errors import ConfigurationError
from resources.sources.declaration import Route, load_declarations
from resources.sources.several import fetch_from_several
from tests.contract.sources.conftest import CONFIG, DAY, Market
from tests.contract.sources.vendor import Reply, fixture

LIST, EXPORT = "/crm/export/company_list.csv", "/crm/export/accounts.csv"


@pytest.fixture
def routed(market: Market):
    """Services with a route from the company list to the CRM."""
    for name in ("accounts", "contacts", "opportunities"):
        market.vendor.on(f"/crm/export/{name}.csv", fixture(f"{name}.csv"))

    def ask(until: str = "answered"):
        services = market.services()
        route = Route(description="x", sources=("crunchbase", "company_list", "crm"), until=until)
        declared = services.declarations.model_copy(update={"routes": {"accounts": route}})
        object.__setattr__(services, "declarations", declared)
        return fetch_from_several("accounts", DAY, services)

    return ask


def test_the_next_is_asked_only_when_those_before_did_not_answer(market, routed):
    market.vendor.on("/crunchbase/v4/data/searches/funding_rounds", Reply(b"", 500))
    market.vendor.on(LIST, fixture("companies.csv"))
    report = routed()
    assert [(r.source, r.status) for r in report.reports] == [
        ("crunchbase", "failed"), ("company_list", "ok"),
    ]  # fmt: skip
    assert (report.spoke, report.not_asked) == (("company_list",), ("crm",))
    assert market.vendor.count(EXPORT) == 0
    # What is stored says whose word it is.
    assert {row["source"] for row in market.rows("company_list", "companies")} == {"company_list"}


def test_all_are_asked_where_declared_so(market, routed):
    market.vendor.on(LIST, fixture("companies.csv"))
    report = routed("all")
    assert report.spoke == ("company_list", "crm")
    assert (report.not_asked, market.vendor.count(EXPORT)) == ((), 1)


def test_when_nobody_answers_every_source_says_why(market, routed):
    market.vendor.on("/crunchbase/v4/data/searches/funding_rounds", Reply(b"", 500))
    for path in (LIST, EXPORT, "/crm/export/contacts.csv", "/crm/export/opportunities.csv"):
        market.vendor.on(path, Reply(b"", 503))
    report = routed()
    assert (report.is_answered, report.spoke) == (False, ())
    assert [r.source for r in report.reports if r.error] == ["crunchbase", "company_list", "crm"]


def test_a_route_must_be_declared_and_name_declared_sources(market, tmp_path):
    with pytest.raises(ConfigurationError, match="no route 'x' is declared; declared are funding"):
        fetch_from_several("x", DAY, market.services())
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "sources.yaml").write_text((CONFIG / "sources.yaml").read_text("utf-8"), "utf-8")
    (folder / "routes.yaml").write_text(
        "routes: {f: {description: x, sources: [press, nobody]}}", "utf-8"
    )
    with pytest.raises(ConfigurationError, match=r"sources \['nobody'\] are not declared"):
        load_declarations(folder).route("f")
