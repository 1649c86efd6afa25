"""Workday, Adzuna and USAJobs of the market: their shapes, their pages, only what was known."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox.vendors.adzuna import SHARE

TODAY = date(2026, 7, 20)
#: Written down from the services' public answers.
LISTED = {"title", "externalPath", "locationsText", "postedOn", "bulletFields"}
INFO = {
    "id", "title", "jobDescription", "location", "postedOn", "startDate", "timeType", "jobReqId",
    "jobPostingId", "jobPostingSiteId", "country", "canApply", "posted", "includeResumeParsing",
    "jobRequisitionLocation", "externalUrl", "questionnaireId",
}  # fmt: skip
RESULT = {
    "category", "title", "company", "__CLASS__", "description", "adref", "id", "contract_time",
    "redirect_url", "created", "location",
}  # fmt: skip


@pytest.fixture
def site(market):
    """The Workday site with most open jobs, and how many it has."""
    day = market.day_of(TODAY)
    return max(
        (
            (c, sum(p.opened <= day < p.closed for p in market.postings(c)))
            for (vendor, _), c in market.by_board.items()
            if vendor == "workday"
        ),
        key=lambda pair: pair[1],
    )


def address(company) -> str:
    tenant, centre, name = company.board[1].split(".")
    return f"/workday/{tenant}.{centre}/wday/cxs/{tenant}/{name}"


def test_workday_pages_add_up_and_each_job_has_its_page(client, site) -> None:
    company, count = site
    assert count > 3
    url = client.url + address(company) + "/jobs"
    found = []
    for offset in range(0, count, 3):
        body = client.post(url, json={"limit": 3, "offset": offset}, timeout=20).json()
        # The total stands on the first page only.
        assert body["total"] == (count if offset == 0 else 0)
        found += body["jobPostings"]
    assert len({job["externalPath"] for job in found}) == len(found) == count
    assert all(set(job) == LISTED for job in found)
    page = client.ask(address(company) + found[0]["externalPath"]).json()
    assert set(page) == {
        "jobPostingInfo", "hiringOrganization", "similarJobs", "userAuthenticated",
    }  # fmt: skip
    assert set(page["jobPostingInfo"]) - {"remoteType"} == INFO
    assert page["jobPostingInfo"]["title"] == found[0]["title"]
    assert page["jobPostingInfo"]["startDate"] <= TODAY.isoformat()


def test_workday_refuses_as_the_service_does(client, site) -> None:
    url = client.url + address(site[0]) + "/jobs"
    assert client.post(url, json={"limit": 100}, timeout=20).status_code == 400
    assert client.post(url, data=b"?", timeout=20).status_code == 422
    assert client.ask("/workday/nobody.wd1/wday/cxs/nobody/Careers/job/x/y").status_code == 404


def test_workday_robots_allows_the_site(client, site) -> None:
    tenant, centre, name = site[0].board[1].split(".")
    text = client.ask(f"/workday/{tenant}.{centre}/robots.txt").text
    assert f"Allow: /{name}/" in text


def test_adzuna_tells_a_share_of_the_boards_again(client, market) -> None:
    day = market.day_of(TODAY)
    key = {"app_id": "a", "app_key": "b", "results_per_page": 50}
    total = told = 0
    for company in market.companies:
        titles = [p.title for p in market.postings(company) if p.opened <= day < p.closed]
        if len(titles) < 8:
            continue
        body = client.ask(
            "/adzuna/v1/api/jobs/us/search/1", params=key | {"company": company.name}
        ).json()
        assert body["count"] == len(body["results"])
        for result in body["results"]:
            assert set(result) - {"salary_min", "salary_max", "salary_is_predicted"} == RESULT
            assert result["company"]["display_name"] == company.name
            assert result["created"] < "2026-07-21"
        total += len(titles)
        told += body["count"]
    assert total > 40
    assert told == pytest.approx(total / SHARE, rel=0.5)


def test_adzuna_wants_id_and_key(client) -> None:
    refused = client.ask("/adzuna/v1/api/jobs/us/search/1", params={"app_id": "a"})
    assert (refused.status_code, refused.json()["exception"]) == (401, "AUTH_FAIL")
    assert client.ask("/adzuna/v1/api/jobs/us").status_code == 404


def test_usajobs_pages_and_days_add_up(client) -> None:
    headers = {"Authorization-Key": "k"}

    def ask(**query):
        answer = client.ask("/usajobs/api/search", params=query, headers=headers)
        return answer.json()["SearchResult"]

    every = ask(DatePosted=60, ResultsPerPage=500)
    assert every["SearchResultCountAll"] == every["SearchResultCount"] == 7
    pages = [ask(DatePosted=60, ResultsPerPage=3, Page=n)["SearchResultItems"] for n in (1, 2, 3)]
    assert [item for page in pages for item in page] == every["SearchResultItems"]
    item = every["SearchResultItems"][0]["MatchedObjectDescriptor"]
    assert {"PositionTitle", "PositionURI", "OrganizationName", "PositionRemuneration"} < set(item)
    assert len(ask(DatePosted=5)["SearchResultItems"]) < 7
    assert client.ask("/usajobs/api/search").status_code == 401
