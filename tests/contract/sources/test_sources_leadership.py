"""Leadership pages: found from the home page, read politely, read again, remembered."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from resources.sources.connectors.leadership_pages import leadership_links, presents_leaders
from tests.contract.sources.conftest import DAY, Market
from tests.contract.sources.vendor import Reply

HTML = {"Content-Type": "text/html"}
HOME = b'<html><a href="/jobs/team">Careers</a><a href="/company/our-team">Our team</a></html>'
TEAM = (
    b"<html><h3>Ida Plover</h3><p>Chief Executive Officer</p><h3>Colin Reed</h3><p>CFO</p></html>"
)
SITE = "/sites/borealis.com"
PAGE = f"{SITE}/company/our-team"


@pytest.fixture
def site(listed: Market) -> Market:
    """One company with a home page and a leadership page; the others have no site."""
    listed.changes["leadership_pages"] = {
        "options": {"refresh_days": 6, "search_again_days": 45, "guesses": ["/leadership"]}
    }
    listed.vendor.on(f"{SITE}/robots.txt", b"User-agent: *\nDisallow: /admin\n")
    listed.vendor.on(f"{SITE}/", Reply(HOME, headers=HTML))
    listed.vendor.on(PAGE, Reply(TEAM, headers=HTML))
    return listed


def readings(market: Market) -> list[tuple[str, int, bytes]]:
    rows = market.rows("leadership_pages", "pages")
    return [(r["record_id"], json.loads(r["payload"])["status"], r["body"]) for r in rows]


def test_the_page_is_found_from_the_home_page_of_the_day(site):
    site.ingest("company_site")
    site.vendor.asked.clear()
    report = site.ingest("leadership_pages")
    assert report.status == "ok"
    assert readings(site) == [("borealis.com", 200, TEAM)]
    [row] = site.rows("leadership_pages", "pages")
    assert json.loads(row["payload"])["url"] == "https://borealis.com/company/our-team"
    # The home page is in the lake already: nobody is asked for it again.
    assert site.vendor.count(f"{SITE}/") == 0
    assert site.vendor.count(PAGE) == 1


def test_without_a_home_page_in_the_lake_it_is_asked_for(site):
    site.ingest("leadership_pages")
    assert site.vendor.count(f"{SITE}/") == 1
    assert readings(site) == [("borealis.com", 200, TEAM)]


def test_a_second_run_asks_nobody_and_a_week_later_only_the_page(site):
    site.ingest("leadership_pages")
    again = site.ingest("leadership_pages")
    assert (again.status, again.requests) == ("unchanged", 0)
    site.vendor.asked.clear()
    site.now += timedelta(days=7)
    site.ingest("leadership_pages", DAY + timedelta(days=7))
    # Sites without such a page are not searched again so soon.
    assert [a.path for a in site.vendor.asked] == [f"{SITE}/robots.txt", PAGE]
    assert len(readings(site)) == 2


def test_robots_forbid_the_page(site):
    site.vendor.on(f"{SITE}/robots.txt", b"User-agent: buying-signals\nDisallow: /company\n")
    report = site.ingest("leadership_pages")
    assert (readings(site), report.skipped_targets) == ([], 1)
    assert site.vendor.count(PAGE) == 0


def test_a_page_that_is_gone_is_kept_as_gone_and_looked_for_anew(site):
    site.ingest("leadership_pages")
    site.vendor.on(PAGE, Reply(b"gone", 404, headers=HTML))
    site.vendor.on(f"{SITE}/", Reply(b'<a href="/leadership">x</a>', headers=HTML))
    site.vendor.on(f"{SITE}/leadership", Reply(TEAM, headers=HTML))
    for week in (1, 2):
        site.now += timedelta(days=7)
        site.ingest("leadership_pages", DAY + timedelta(days=7 * week))
    assert [status for _, status, _ in readings(site)] == [200, 404, 200]


def test_a_site_that_fails_is_named_and_asked_again(site):
    site.vendor.on(PAGE, [Reply(b"", 503), Reply(b"", 503), Reply(TEAM, headers=HTML)])
    report = site.ingest("leadership_pages")
    assert (report.status, report.failed_targets) == ("partial", 1)
    assert readings(site) == []
    assert site.ingest("leadership_pages").status == "ok"
    assert readings(site) == [("borealis.com", 200, TEAM)]


def test_a_page_that_presents_nobody_is_none(site):
    site.vendor.on(PAGE, Reply(b"<p>We are a great team.</p>", headers=HTML))
    site.ingest("leadership_pages")
    assert readings(site) == []
    assert not presents_leaders(b"<p>We are a great team.</p>")


def test_links_are_ranked_and_strangers_left_out():
    page = (
        b'<a href="https://other.com/leadership">Leadership</a><a href="/about">About us</a>'
        b'<a href="/people"><span>People</span></a><a href="/blog/leadership-tips.pdf">Tips</a>'
        b'<a href="https://www.acme.com/about/x1">Executive <b>Team</b></a>'
        b'<a href="/team/jobs">T</a>'
        b'<a href="/">Home</a><a href="mailto:team@acme.com">Team</a>'
        b"<a href=/de/geschaeftsfuehrung>Firma</a>"
    )
    assert leadership_links(page, "acme.com") == [
        "/about/x1",
        "/de/geschaeftsfuehrung",
        "/people",
        "/about",
    ]
    assert leadership_links(page, "acme.com", least=2)[-1] == "/people"
