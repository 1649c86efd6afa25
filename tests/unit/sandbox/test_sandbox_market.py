"""The market is the same each time, and its signals tell of needs without proving them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date

import pandas as pd
import pytest

from ml.associations import signal_patterns
from sandbox.answers import Request
from sandbox.market import Market, MarketConfig
from sandbox.market.buying import ACCELERATOR, INHIBITOR
from sandbox.market.companies import make_company
from sandbox.market.draws import Draws
from sandbox.market.press_text import render
from sandbox.market.words import OUTLETS
from sandbox.truth import TABLES, in_market_domains, tables
from sandbox.vendors import vendors

START = date(2025, 6, 1)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(MarketConfig(seed=3, companies=300, start=START, days=360))


@pytest.fixture(scope="module")
def full() -> Market:
    return Market(MarketConfig(seed=7, companies=2000, start=START, days=548))


def ask(market: Market, prefix: str, path: str, day: int, **query: str):
    _, vendor = vendors(market, 0.0)[prefix]
    headers = {"user-agent": "test@example.com", "x-cb-user-key": "k"}
    return vendor.answer(Request("GET", path.split("/"), query, headers, day))


def search(market: Market, day: int) -> dict[str, dict]:
    _, vendor = vendors(market, 0.0)["crunchbase"]
    body = json.dumps({"limit": 1000}).encode()
    parts = ["v4", "data", "searches", "funding_rounds"]
    answer = vendor.answer(Request("POST", parts, {}, {"x-cb-user-key": "k"}, day, body))
    return {e["uuid"]: e["properties"] for e in json.loads(answer.body)["entities"]}


def csv_rows(market: Market, name: str, day: int) -> list[dict[str, str]]:
    text = ask(market, "crm", f"export/{name}.csv", day).body.decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_same_configuration_gives_the_same_truth() -> None:
    config = MarketConfig(seed=3, companies=60, start=START, days=200)
    once, again = tables(Market(config)), tables(Market(config))
    assert all(once[name].equals(again[name]) for name in TABLES)


def test_another_seed_gives_another_market(market: Market) -> None:
    other = Market(MarketConfig(seed=4, companies=300, start=START, days=360))
    assert {c.name for c in other.companies} != {c.name for c in market.companies}


def test_a_company_does_not_depend_on_how_many_others_there_are(market: Market) -> None:
    small = Market(MarketConfig(seed=3, companies=40, start=START, days=360))
    for mine, theirs in zip(small.companies, market.companies, strict=False):
        assert mine.domain == theirs.domain
        assert mine.needs == theirs.needs
        assert [e.event_id for e in mine.events] == [e.event_id for e in theirs.events]
        assert [e.details for e in mine.events] == [e.details for e in theirs.events]
        assert mine.opportunities == theirs.opportunities


def test_companies_are_told_apart_by_domain_but_not_by_name(full: Market) -> None:
    names = Counter(c.name for c in full.companies)
    assert len(full.by_domain) == 2000
    assert len(full.by_board) == sum(c.board is not None for c in full.companies)
    assert sum(count > 1 for count in names.values()) >= 20
    assert all(c.domain.endswith(".example") for c in full.companies)


def test_volumes_of_the_demo_market(full: Market) -> None:
    today = full.config.today
    counts = Counter(e.type for e in full.events() if 0 <= e.day <= today)
    deals = [
        o for c in full.companies for o in c.opportunities if o.closed > -1 and o.opened <= today
    ]
    assert 600 <= counts["funding_round"] <= 950
    assert 800 <= counts["executive_change"] <= 1250
    assert 550 <= counts["expansion"] <= 850
    assert 2500 <= sum(len(shelf) for shelf in full.articles) <= 5000
    assert 380 <= len(deals) <= 560
    assert 160 <= sum(o.won and o.closed <= today for o in deals) <= 280
    assert 900 <= len(full.by_board) <= 1100
    open_now = sum(p.opened <= today < p.closed for c in full.companies for p in full.postings(c))
    assert 6000 <= open_now <= 11_000


def test_about_one_company_in_eleven_is_in_market(full: Market) -> None:
    for day in (100, 300, full.config.today):
        share = sum(full.is_in_market(c, day) for c in full.companies) / 2000
        assert 0.06 <= share <= 0.12


def _public_score(market: Market, company, day: int) -> float:
    """What an outsider could add up: fresh signals of several kinds, and fit."""

    def fresh(days) -> float:
        return max((0.5 ** ((day - d) / 60) for d in days if 0 <= day - d <= 150), default=0.0)

    events = company.events
    points = 30 * fresh(e.day for e in events if e.type == "funding_round" and e.tellings)
    points += 15 * fresh(e.day for e in events if e.type == "executive_change" and e.tellings)
    points += 10 * fresh(e.day for e in events if e.type == "expansion" and e.tellings)
    points += 20 * fresh(u.first for u in market.stack(company))
    points += 25 * fresh(p.opened for p in market.postings(company) if p.relevant)
    good = company.industry.fit > 1 and 50 <= company.employees <= 2000
    return 0.4 * points + (18 if good else 0)


@pytest.mark.parametrize("day", [250, 548])
def test_leads_by_public_signals_are_in_market_far_above_chance(full: Market, day: int) -> None:
    base = sum(full.is_in_market(c, day) for c in full.companies) / 2000
    ranked = sorted(full.companies, key=lambda c: -_public_score(full, c, day))[:50]
    lift = sum(full.is_in_market(c, day) for c in ranked) / 50 / base
    assert lift >= 3.0


def test_purchases_follow_signals_by_one_to_six_months(full: Market) -> None:
    told = total = 0
    for company in full.companies:
        for need in company.needs:
            if need.outcome != "won" or need.silent or not 180 <= need.closed <= 548:
                continue
            days = [e.day for e in company.events]
            days += [u.first for u in full.stack(company)]
            days += [p.opened for p in full.postings(company) if p.relevant]
            total += 1
            told += any(30 <= need.closed - d <= 180 for d in days)
    assert total >= 80
    assert told / total >= 0.75


def test_the_market_is_not_kind(full: Market) -> None:
    needs = [n for c in full.companies for n in c.needs]
    articles = [a for shelf in full.articles for a in shelf]
    assert sum(n.silent for n in needs) > 50  # buy unannounced
    assert sum(c.decoy is not None for c in full.companies) > 40  # signal and never buy
    assert sum(a.event is None for a in articles) > 150  # noise
    assert sum(bool(a.wrong) for a in articles) > 40
    assert sum(a.corrected is not None for a in articles) > 25
    assert sum(a.copy_of is not None for a in articles) > 150
    late = [a for a in articles if a.event and a.kind == "release" and a.day - a.event.day >= 5]
    assert len(late) > 100


def test_rounds_are_told_by_several_sources(full: Market) -> None:
    for company in full.companies:
        full.filings(company)
    rounds = [e for e in full.events() if e.type == "funding_round" and 0 <= e.day < 548]
    sources = Counter(len({t[0] for t in e.tellings}) for e in rounds)
    assert sources[2] + sources[3] > 300
    assert sources[3] > 30


def test_what_is_visible_stays_visible(market: Market) -> None:
    filers = [c for c in market.companies if c.cik is not None]
    earlier: dict[str, set] = {}
    for day in (0, 90, 91, 200, 360, 400):
        now = {
            "rounds": set(search(market, day)),
            "opportunities": {r["Opportunity ID"] for r in csv_rows(market, "opportunities", day)},
            "accounts": {r["Account ID"] for r in csv_rows(market, "accounts", day)},
            "contacts": {r["Contact ID"] for r in csv_rows(market, "contacts", day)},
            "filings": set(),
            "articles": set(),
        }
        for company in filers:
            path = f"submissions/CIK{company.cik10}.json"
            recent = json.loads(ask(market, "sec-data", path, day).body)["filings"]["recent"]
            assert all(d <= market.date(day).isoformat() for d in recent["filingDate"])
            now["filings"] |= {f.accession for f in market.filings(company) if f.day <= day}
            assert set(recent["accessionNumber"]) <= now["filings"]
        for outlet in OUTLETS:
            page = 1
            while (
                got := ask(market, "feeds", f"{outlet.slug}/feed", day, paged=str(page))
            ).status == 200:
                now["articles"] |= set(re.findall(rb"https://[^<]*\?p=[^<]*", got.body))
                page += 1
        for what, ids in earlier.items():
            assert ids <= now[what], f"{what} vanished by day {day}"
        earlier = now
    assert earlier["articles"]
    assert earlier["rounds"]


def test_postings_leave_a_board_only_by_closing(market: Market) -> None:
    company = next(c for c in market.companies if c.board and len(market.postings(c)) > 40)
    shown = set()
    for day in range(0, 200, 7):
        shown = {p.key for p in market.postings(company) if p.opened <= day < p.closed}
        later = {p.key for p in market.postings(company) if p.opened <= day + 1 < p.closed}
        gone = {p.key for p in market.postings(company) if p.closed == day + 1}
        assert shown - later == shown & gone
    assert shown


def test_wrong_news_is_corrected_under_the_same_id(market: Market) -> None:
    article = next(
        a
        for shelf in market.articles
        for a in shelf
        if a.corrected is not None and "amount" in a.wrong and a.event.type == "funding_round"
    )
    company = market.companies[article.company]
    before, after = (
        render(article, company, article.day),
        render(article, company, article.corrected),
    )
    assert not before.title.startswith("CORRECTED")
    assert after.title.startswith("CORRECTED")
    assert before.content != after.content


def test_no_template_leaves_a_slot_open(market: Market) -> None:
    for shelf in market.articles:
        for article in shelf:
            story = render(article, market.companies[article.company], article.day)
            text = f"{story.title} {story.summary} {story.content}"
            assert not re.search(r"[{}]|\.\.|\s,|None", text), text


def test_dirty_rows_are_few_and_there(full: Market) -> None:
    rows = csv_rows(full, "opportunities", 548)
    dirty = [r for r in rows if r["Close Date"] > "2100" or "," in r["Amount"]]
    assert dirty
    assert len(dirty) / len(rows) < 0.015
    accounts = csv_rows(full, "accounts", 548)
    ids = Counter(r["Account ID"] for r in accounts)
    assert sum(count > 1 for count in ids.values()) >= 1
    assert any(not r["Website"] for r in accounts)


def test_a_closed_opportunity_does_not_change_again(market: Market) -> None:
    closed = {
        r["Opportunity ID"]: r
        for r in csv_rows(market, "opportunities", 200)
        if r["Is Closed"] == "true"
    }
    later = {r["Opportunity ID"]: r for r in csv_rows(market, "opportunities", 360)}
    assert closed
    assert all(later[key] == row for key, row in closed.items())
    assert all(r["Close Date"] <= market.date(200).isoformat() for r in closed.values()
               if r["Close Date"] < "3000")  # fmt: skip


def test_open_opportunities_do_not_tell_their_end(market: Market) -> None:
    for row in csv_rows(market, "opportunities", 200):
        if row["Is Closed"] == "false":
            assert row["Is Won"] == "false"
            assert row["Stage"] in ("Prospecting", "Qualification", "Proposal", "Negotiation")
            assert row["Close Date"] > market.date(200).isoformat()


def test_truth_tables_agree_with_each_other(market: Market) -> None:
    truth = tables(market)
    assert set(truth) == set(TABLES)
    domains = set(truth["companies"]["domain"].to_pylist())
    assert len(domains) == truth["companies"].num_rows == 300
    for name in ("in_market", "events", "event_sources", "articles", "deals"):
        assert set(truth[name]["domain"].to_pylist()) <= domains
    events = set(truth["events"]["event_id"].to_pylist())
    assert set(truth["event_sources"]["event_id"].to_pylist()) <= events
    day = market.date(200)
    intervals = {
        row["domain"]
        for row in truth["in_market"].to_pylist()
        if row["in_market_from"] <= day < row["in_market_to"]
    }
    assert in_market_domains(market, day) == intervals


def test_a_market_needs_companies_and_days() -> None:
    with pytest.raises(ValueError, match="at least one company"):
        MarketConfig(companies=0)


def test_companies_hold_their_draws() -> None:
    # Guards the streams: a change here changes every market that anyone has kept.
    assert Draws(1, 2).u() == pytest.approx(0.290156365651588, abs=1e-12)
    assert [make_company(7, i).domain for i in (0, 1, 32)] == [
        "corabridge.example",
        "lumarraneapp.example",
        "norafina-calgary32.example",
    ]


HARD = {
    "outlets": 40, "syndication": 0.3, "siblings": 0.6, "late_news": 0.2, "retractions": 0.3,
}  # fmt: skip


@pytest.fixture(scope="module")
def hard() -> Market:
    return Market(MarketConfig(seed=3, companies=300, start=START, days=360, **HARD))


def test_harder_press_changes_no_event_and_no_other_article(market: Market, hard: Market) -> None:
    def told(of: Market) -> dict[str, tuple]:
        return {
            a.article_id: (a.day, a.outlet, render(a, of.companies[a.company], a.day))
            for shelf in of.articles
            for a in shelf
        }

    plain, more = told(market), told(hard)
    assert [(e.event_id, e.day, e.details) for e in market.events()] == [
        (e.event_id, e.day, e.details) for e in hard.events()
    ]
    assert plain.items() <= more.items()
    assert len(more) > 3 * len(plain)


def test_harder_press_has_what_was_asked_for(hard: Market) -> None:
    articles = [a for shelf in hard.articles for a in shelf]
    outlets = Counter(a.event.event_id for a in articles if a.copy_of)
    assert len({a.outlet for a in articles}) == 40
    assert max(outlets.values()) >= 25
    kinds = Counter(a.kind for a in articles)
    assert min(kinds["investor"], kinds["target"], kinds["mistaken"]) >= 3
    late = [a for a in articles if "-story-" in a.article_id]
    first = {a.event.event_id: a.day for a in articles if a.article_id.endswith("-0") and a.event}
    assert late
    lags = {a.day - first[a.event.event_id] for a in late if a.event.event_id in first}
    assert lags
    assert 15 <= min(lags) < max(lags) <= 40


def test_a_mistaken_report_is_withdrawn_under_its_own_id(hard: Market) -> None:
    mistaken = [a for shelf in hard.articles for a in shelf if a.kind == "mistaken"]
    for article in mistaken:
        assert article.event is None
        company = hard.companies[article.company]
        before, after = (render(article, company, day) for day in (article.day, article.retracted))
        assert before.content != after.content
        assert re.match("RETRACTED|Retraction|Withdrawn", after.title)
        assert not re.search(r"[{}]|None", after.title + after.content)


@pytest.mark.parametrize("outlets", [3, 41])
def test_a_market_has_twelve_to_forty_outlets(outlets: int) -> None:
    with pytest.raises(ValueError, match="12 to 40 outlets"):
        MarketConfig(outlets=outlets)


def test_what_comes_seldom_is_there_and_moves_nothing_else(full: Market) -> None:
    kinds = Counter(e.details.get("kind") for e in full.events() if 0 <= e.day <= 548)
    changes = Counter((e.subtype, e.details.get("level")) for e in full.events())
    assert min(kinds[k] for k in ("grant", "ipo", "extension", "bridge")) >= 15
    assert changes["reorganization", "vp"] + changes["reorganization", "c_suite"] >= 40
    assert changes["new_hire", "manager"] >= 40
    often = Market(MarketConfig(seed=7, companies=60, start=START, days=548, seldom=8.0))
    for mine, theirs in zip(often.companies, full.companies, strict=False):
        usual = [e.event_id for e in theirs.events if "-s" not in e.event_id]
        assert [e.event_id for e in mine.events if "-s" not in e.event_id] == usual
        assert mine.needs == theirs.needs
    planned = [e for e in full.events() if e.status == "planned" and "effect" in e.details]
    assert {e.details["effect_precision"] for e in planned} == {"day", "month", "quarter"}
    assert all(e.details["effect"] > full.date(e.day) for e in planned)


def test_boards_have_surges_repeats_and_agencies(full: Market) -> None:
    shown = [p for c in full.companies[:600] for p in full.postings(c)]
    assert len({p.number for p in shown}) == len(shown)
    by_key = {p.key: p for p in shown}
    kinds = Counter(p.repeats_as for p in shown)
    assert min(kinds["several_places"], kinds["repost"]) > 50
    for posting in shown:
        if posting.repeats:
            first = by_key[posting.repeats]
            assert posting.text_key == first.text_key
            assert (posting.city != first.city) == (posting.repeats_as == "several_places")
            assert posting.repeats_as == "several_places" or posting.opened > first.closed
    assert sum(p.for_client for p in shown) > 30
    assert 0.5 < sum(p.years is not None for p in shown) / len(shown) < 0.6
    surges = Counter(p.key.split("-")[0] for p in shown if p.cause == "surge")
    assert len(surges) > 20
    assert min(surges.values()) >= 3


def test_versions_of_sites_rise(full: Market) -> None:
    rises = [u for c in full.companies[:400] for u in full.stack(c) if u.upgrades]
    assert sum(is_main for u in rises for _, is_main in u.upgrades) > 40
    for usage in rises:
        days = [day for day, _ in usage.upgrades]
        assert days == sorted(days)
        assert max(usage.first, 0) < days[0]
        assert usage.last is None or days[-1] < usage.last


def test_deals_depend_on_patterns_of_signals_that_are_found_again(full: Market) -> None:
    """Simulated: fresh money and then a new executive before deals won, a departure before lost.

    What public tellings show of the events goes into the platform's own search for patterns. Of
    the accelerators the planted one stands first and is the strongest; its parts and what needs
    give off with it follow. The inhibitor is the only one.
    """
    today = full.config.today
    events, deals = [], []
    for company in full.companies:
        for event in company.events:
            if event.tellings and 0 <= event.day <= today:
                bad = event.polarity == "negative" or event.subtype == "departure"
                known = max(event.day, min(day for *_, day in event.tellings))
                kind = f"{event.type}:negative" if bad else event.type
                events.append((company.domain, kind, full.date(event.day), full.date(known)))
        for deal in company.opportunities:
            closed = deal.closed <= today
            if deal.opened <= today:
                deals.append((company.domain, full.date(deal.opened),
                              full.date(deal.closed) if closed else None,
                              deal.won if closed else None))  # fmt: skip
    windows = pd.DataFrame({"company_id": [c.domain for c in full.companies],
                            "observed_from": full.date(0), "postings_observed_from": None,
                            "technologies_observed_from": None})  # fmt: skip
    found = signal_patterns(
        pd.DataFrame(events, columns=["company_id", "signal_kind", "occurred_on", "known_on"]),
        windows,
        pd.DataFrame(deals, columns=["company_id", "created_on", "closed_on", "is_won"]),
        full.date(today),
    ).to_pandas()
    closed = found[found["outcome"].isin(["won", "lost"])].sort_values("p_value")
    speeding = closed[closed["role"] == "accelerator"]
    first = speeding.iloc[0]
    assert first["pattern"] == " > ".join(ACCELERATOR)
    assert first["q_value"] < 0.01
    assert first["lift"] == speeding["lift"].max()
    assert all(set(pattern.split(" > ")) & set(ACCELERATOR) for pattern in speeding["pattern"])
    ending = closed[closed["role"] == "inhibitor"]
    assert list(ending["pattern"]) == [INHIBITOR]
    assert ending.iloc[0]["q_value"] < 0.02
    assert ending.iloc[0]["lift_lower"] > 1.5
