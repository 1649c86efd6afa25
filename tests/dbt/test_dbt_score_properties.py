"""What holds for every score, whatever the market: the models' own SQL on drawn companies.

The compiled SQL of the scoring models runs on an empty copy of the warehouse that is filled with
drawn signals, matches, contacts and profiles.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from assets.icp_terms import icp_term_table
from resources.icp import SCORE_RULES, IcpProfile, icp_table
from tests.dbt.conftest import Dbt

pytestmark = pytest.mark.slow

TODAY = date(2026, 6, 30)
COMPANIES = [f"c{number}" for number in range(150)]
#: Models that are run, in order; tables that they read are drawn, seeds are the shipped ones.
RUN = (
    "staging.stg_reference__icp_profiles",
    "staging.stg_reference__icp_terms",
    "intermediate.int_icp_terms",
    "intermediate.int_score_rules",
    "intermediate.int_intent_points",
    "leads.lead_score_points",
    "leads.lead_scores",
)
DRAWN = (
    "reference.icp_profiles", "reference.icp_terms", "intermediate.int_icp_roles",
    "intermediate.int_signals", "intermediate.int_icp_matches", "intermediate.int_access_points",
    "intermediate.int_industry_growth", "intermediate.int_growth_trends",
    "intermediate.int_contract_renewals",
)  # fmt: skip
SEEDS = ("lead_score_rules", "lead_score_tiers", "role_relevance", "countries")
TITLES = ("Head of Data", "Data Analyst", "Cook")
MATCHES = ("industry", "size", "technology", "geography", "complementary", "competitor")

Scores = dict[tuple[str, str], Decimal]


class Market:
    """Drawn inputs of the score, and the score's own SQL."""

    def __init__(self, built: Path, compiled: Path, seed: int) -> None:
        self.draw = random.Random(seed)
        self.db = duckdb.connect()
        self.db.execute("set timezone = 'UTC'")
        self.db.execute(f"attach '{built}' as built (read_only)")
        self.db.execute("attach ':memory:' as warehouse")
        for schema in ("reference", "staging", "intermediate", "leads", "seeds"):
            self.db.execute(f"create schema warehouse.{schema}")
        for name in (*DRAWN, *(f"seeds.{seed}" for seed in SEEDS)):
            rows = "" if name.startswith("seeds.") else "limit 0"
            self.db.execute(f"create table warehouse.{name} as from built.{name} {rows}")
        self.models = {
            name: next(
                path.read_text("utf-8")
                for path in compiled.rglob(f"{name.split('.')[1]}.sql")
                if path.parent.suffix != ".yml"
            )
            for name in RUN
        }
        self.signals = 0
        self._profiles()
        self._companies()
        self.tell([self.draw.choice(COMPANIES) for _ in range(3 * len(COMPANIES))])

    def close(self) -> None:
        """Give the databases back."""
        self.db.close()

    def insert(self, table: str, *rows: dict[str, object]) -> None:
        """Rows more, all of the same columns."""
        self.db.register("told", pa.Table.from_pylist(list(rows)))
        self.db.execute(f"insert into warehouse.{table} by name from told")
        self.db.unregister("told")

    def _profiles(self) -> None:
        wishes = {
            "industries": ["Software"],
            "funding_stages": ["series_a"],
            "tech_stack": {"must_have": ["HubSpot"]},
            "decision_makers": {"titles": ["Head of Data"], "departments": ["data"]},
        }
        profiles = [IcpProfile(icp_profile_id="plain", name="plain", is_default=True, **wishes)]
        for number in range(3):
            intent = self.draw.randint(0, 100)
            fit = self.draw.randint(0, 100 - intent)
            weights = {
                "intent": intent / 100,
                "fit": fit / 100,
                "accessibility": (100 - intent - fit) / 100,
            }
            points = {}
            for rules in SCORE_RULES.values():
                left = 100
                for rule in self.draw.sample(sorted(rules), len(rules)):
                    points[rule] = self.draw.randint(0, left)
                    left -= points[rule]
            profiles.append(
                IcpProfile(
                    icp_profile_id=f"own_{number}",
                    name="own",
                    scoring={"weights": weights, "points": points},
                    **wishes,
                )
            )
        table = icp_table(profiles)
        self.db.register("profiles", table)
        self.db.execute("insert into warehouse.reference.icp_profiles by name from profiles")
        self.db.register("terms", icp_term_table(profiles))
        self.db.execute("insert into warehouse.reference.icp_terms by name from terms")
        self.profiles = [profile.icp_profile_id for profile in profiles]
        self.insert("intermediate.int_icp_roles", *(
            {"organisation_id": "default", "icp_profile_id": profile, "title": title,
             "stated_department": "data", "share": share}
            for profile in self.profiles for title, share in zip(TITLES, (1.0, 0.6), strict=False)
        ))  # fmt: skip

    def _companies(self) -> None:
        self.insert("intermediate.int_industry_growth", {
            "industry": "Software", "companies_now": 9, "companies_before": 5, "is_growing": True,
            "window_days": 90,
        })  # fmt: skip
        matches = []
        for company in COMPANIES:
            held = {f"is_{name}_match": self.draw.random() < 0.5 for name in MATCHES}
            industry = self.draw.choice(("Software", "Energy"))
            matches += [
                {"organisation_id": "default", "icp_profile_id": profile, "company_id": company,
                 "industry": industry, "country": "France", "employee_count": 90,
                 "must_have_technologies": "HubSpot", "nice_to_have_technologies": "Segment",
                 "competing_technologies": "Marketo", **held}
                for profile in self.profiles
            ]  # fmt: skip
        self.insert("intermediate.int_icp_matches", *matches)
        for rule in SCORE_RULES["accessibility"]:
            self.reach(rule, self.draw.sample(COMPANIES, len(COMPANIES) // 3))
        self.grow(self.draw.sample(COMPANIES, len(COMPANIES) // 5))

    def grow(self, companies: list[str]) -> None:
        """Companies that grow in several ways."""
        rows = [{"company_id": company, "evidence": "grows"} for company in companies]
        self.insert("intermediate.int_growth_trends", *rows)

    def reach(self, rule: str, companies: list[str]) -> None:
        """A way to reach companies."""
        self.insert("intermediate.int_access_points", *(
            {"company_id": company, "rule_id": rule, "evidence": rule} for company in companies
        ))  # fmt: skip

    def tell(self, companies: list[str], **known: object) -> None:
        """A drawn signal of each company, known by today unless ``known`` says otherwise."""
        self.insert("intermediate.int_signals", *(self._signal(c) | known for c in companies))

    def _signal(self, company: str) -> dict[str, object]:
        self.signals += 1
        happened = TODAY - timedelta(days=self.draw.randint(0, 420))
        kind = self.draw.choice(
            ("funding_round", "job_posting", "technology_adoption", "executive_change", "expansion")
        )
        return {
            "signal_id": f"s{self.signals}", "company_id": company, "signal_type": kind,
            "polarity": self.draw.choice(("positive", "positive", "positive", "negative")),
            "status": "done", "occurred_on": happened, "title": kind, "source_names": "press",
            "detected_at": datetime.combine(happened, datetime.min.time()),
            "impact_score": self.draw.randint(0, 100), "confidence_score": 80,
            "round_type": self.draw.choice((None, "series_a", "series_d")),
            "job_title": self.draw.choice(TITLES), "stated_department": "data",
            "technology": self.draw.choice(("HubSpot", "Segment")),
            "level": self.draw.choice((None, "c_suite", "vp", "director", "manager")),
            "department": self.draw.choice((None, "data", "legal")),
        }  # fmt: skip

    def score(self, day: date = TODAY) -> Scores:
        """Run the models as of a day; scores by profile and company."""
        for name, sql in self.models.items():
            dated = re.sub(
                r"cast\('\d{4}-\d\d-\d\d' as (date|timestamp)\)", rf"cast('{day}' as \1)", sql
            )
            self.db.execute(f"create or replace table warehouse.{name} as {dated}")
        rows = self.db.execute(
            "select icp_profile_id, company_id, lead_score from warehouse.leads.lead_scores"
        ).fetchall()
        assert len(rows) == len(COMPANIES) * len(self.profiles)
        return {(profile, company): score for profile, company, score in rows}

    def rows(self, sql: str) -> list[tuple]:
        """Rows of a query over the last run."""
        return self.db.execute(sql).fetchall()

    def points(self) -> dict[tuple[str, str, str], Decimal]:
        """Points of the last run by profile, company and rule."""
        return {
            tuple(row[:3]): row[3]
            for row in self.rows("""
                select icp_profile_id, company_id, rule_id, weighted_points
                from warehouse.leads.lead_score_points""")
        }


@pytest.fixture(params=(1, 2))
def market(request: pytest.FixtureRequest, in_one_go: Path, dbt: Dbt) -> Iterator[Market]:
    target = Path(dbt.options[dbt.options.index("--target-path") + 1])
    made = Market(
        in_one_go / "warehouse" / "warehouse.duckdb", target / "compiled", seed=request.param
    )
    yield made
    made.close()


def test_a_score_is_the_sum_of_its_points_within_bounds(market: Market) -> None:
    scores = market.score()
    sums = dict.fromkeys(scores, Decimal(0))
    for (profile, company, _), points in market.points().items():
        sums[profile, company] += points
    assert scores == sums
    assert all(0 <= score <= 100 for score in scores.values())
    assert len(set(scores.values())) > 100
    assert market.rows("""
        select * from warehouse.leads.lead_score_points
        where points <= 0 or points > max_points or evidence is null
            or weighted_points <> points * weight""") == []  # fmt: skip
    assert market.rows("""
        select * from warehouse.leads.lead_scores
        where greatest(intent_score, fit_score, accessibility_score) > 100
            or tier <> case when lead_score >= 80 then 'hot' when lead_score >= 60 then 'warm'
                when lead_score >= 40 then 'nurture' else 'cold' end""") == []  # fmt: skip
    # Every rule is met somewhere, so that what is said above is said of each.
    awarded = {rule for _, _, rule in market.points()}
    assert awarded >= {r for rules in SCORE_RULES.values() for r in rules} - {"contract_renewal"}
    # A rule awards once.
    assert market.rows("""
        select icp_profile_id, company_id, rule_id from warehouse.leads.lead_score_points
        group by all having count(*) > 1""") == []  # fmt: skip


def test_more_evidence_never_lowers_a_score(market: Market) -> None:
    before = market.score()
    market.tell(COMPANIES, polarity="positive")
    told = market.score()
    assert all(told[lead] >= score for lead, score in before.items())
    assert sum(told[lead] > score for lead, score in before.items()) > 50


def test_a_score_rises_with_each_point_by_what_the_point_is_worth(market: Market) -> None:
    before, points = market.score(), market.points()
    free, chosen = set(COMPANIES), {}
    for rule in (r for rules in SCORE_RULES.values() for r in rules):
        holds = {company for _, company, held in points if held == rule}
        chosen[rule] = sorted(free - holds)[:5]
        free -= set(chosen[rule])
        assert chosen[rule], rule
        _award(market, rule, chosen[rule])
    after, gained = market.score(), market.points()
    for rule, companies in chosen.items():
        component = next(c for c, rules in SCORE_RULES.items() if rule in rules)
        weight = {"intent": "0.40", "fit": "0.35", "accessibility": "0.25"}[component]
        # All is fresh: under the default formula a rule awards its most, 0 where it is off.
        most = Decimal(SCORE_RULES[component][rule]) * Decimal(weight)
        for company in companies:
            assert gained.get(("plain", company, rule), Decimal(0)) == most
            for profile in market.profiles:
                gain = gained.get((profile, company, rule), Decimal(0))
                assert after[profile, company] - before[profile, company] == gain >= 0


def _award(market: Market, rule: str, companies: list[str]) -> None:
    """Make a rule hold, with fresh evidence, for companies for which it does not."""
    kinds = {
        "recent_funding": {"signal_type": "funding_round", "round_type": "series_a"},
        "relevant_hiring": {"signal_type": "job_posting", "job_title": "Head of Data"},
        "technology_change": {"signal_type": "technology_adoption", "technology": "HubSpot"},
        "leadership_change": {"signal_type": "executive_change", "level": "c_suite"},
    }
    if rule in kinds:
        fresh = {"occurred_on": TODAY, "detected_at": datetime(2026, 6, 30, 9)}
        market.tell(companies, polarity="positive", **fresh, **kinds[rule])
    elif rule in SCORE_RULES["accessibility"]:
        market.reach(rule, companies)
    elif rule == "growth_trend":
        market.grow(companies)
    elif rule == "contract_renewal":
        market.insert("intermediate.int_contract_renewals", *(
            {"organisation_id": "default", "icp_profile_id": profile, "company_id": company,
             "technology": "Marketo", "renews_on": TODAY, "in_use_since": TODAY,
             "evidence": "renews"}
            for profile in market.profiles for company in companies
        ))  # fmt: skip
    else:
        column = {
            "industry_growth": "industry = 'Software'",
            "complementary_tools": "is_complementary_match = true",
            "competitor_in_use": "is_competitor_match = true",
        }.get(rule, f"is_{rule} = true")
        listed = ", ".join(f"'{company}'" for company in companies)
        market.db.execute(
            f"update warehouse.intermediate.int_icp_matches set {column} "
            f"where company_id in ({listed})"
        )


def test_time_alone_never_raises_a_score(market: Market) -> None:
    before = market.score()
    fell = 0
    for days in (1, 6, 30, 90, 365):
        now = market.score(TODAY + timedelta(days=days))
        assert all(now[lead] <= score for lead, score in before.items())
        fell += sum(now[lead] < score for lead, score in before.items())
        before = now
    assert fell > 100
    # In the end no signal counts.
    left = "select * from warehouse.leads.lead_score_points where signal_id is not null"
    assert market.rows(left) == []


def test_bad_ended_and_later_news_add_nothing(market: Market) -> None:
    before = market.score()
    fresh = {"occurred_on": TODAY, "detected_at": datetime(2026, 6, 30, 9)}
    later = fresh | {"detected_at": datetime(2026, 7, 1)}
    market.tell(COMPANIES, **fresh, polarity="negative")
    market.tell(COMPANIES, **fresh, polarity="positive", known_to=datetime(2026, 6, 30, 12))
    market.tell(COMPANIES, **later, polarity="positive")
    assert market.score() == before
