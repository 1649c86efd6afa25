"""Why a score is what it is: changes add up exactly, and are said in words a seller understands."""

import io
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from activation.score_story import ScoreStory, as_json, changes, choose_days, render

WEIGHT = Decimal("0.40")


def point(rule_id: str, points: str, evidence: str = "seen") -> dict:
    return {
        "rule_id": rule_id,
        "label": rule_id.title(),
        "component": "intent",
        "points": Decimal(points),
        "max_points": Decimal(30),
        "weight": WEIGHT,
        "weighted_points": Decimal(points) * WEIGHT,
        "evidence": evidence,
    }


def scored(day: date, lead_score: str, tier: str = "warm", version: int = 1) -> dict:
    return {
        "company_id": "c1",
        "icp_profile_id": "default",
        "as_of": day,
        "lead_score": Decimal(lead_score),
        "tier": tier,
        "icp_version": version,
    }


MONDAY, TUESDAY, FRIDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 5)
BEFORE = [point("funding", "30", "Series A"), point("hiring", "25", "CTO"), point("phone", "20")]
AFTER = [
    point("funding", "15", "Series A"),
    point("phone", "20"),
    point("launch", "10", "Orb 2 [press]"),
]


def test_each_rule_that_moved_is_told_with_what_came_or_went():
    found = [(c.rule_id, c.kind, c.difference, c.reason) for c in changes(BEFORE, AFTER)]
    assert found == [
        ("hiring", "lost", Decimal("-10.00"), "no longer: CTO"),
        ("funding", "fell", Decimal("-6.00"), "Series A"),
        ("launch", "gained", Decimal("4.00"), "Orb 2 [press]"),
    ]
    [rose] = changes([point("funding", "10", "Seed")], [point("funding", "30", "Series A")])
    assert (rose.kind, rose.reason) == ("rose", "Series A; before: Seed")


points = st.dictionaries(
    st.sampled_from("abcdefgh"), st.decimals(0, 30, places=4).filter(bool), max_size=8
)


@given(points, points)
def test_changes_add_up_to_the_difference_of_the_scores(before, after):
    rows = [[point(rule, str(value)) for rule, value in day.items()] for day in (before, after)]
    scores = [sum((row["weighted_points"] for row in day), Decimal(0)) for day in rows]
    told = changes(*rows)
    assert sum((change.difference for change in told), Decimal(0)) == scores[1] - scores[0]
    assert [c for c in told if not c.difference] == []


def test_days_are_the_newest_up_to_those_asked_for():
    days = [scored(day, "50") for day in (MONDAY, TUESDAY, FRIDAY)]
    chosen = {
        (None, None): (TUESDAY, FRIDAY),
        (MONDAY, None): (MONDAY, FRIDAY),
        (None, date(2026, 6, 4)): (MONDAY, TUESDAY),
        (date(2026, 6, 3), FRIDAY): (TUESDAY, FRIDAY),
        (date(2026, 5, 1), None): (None, FRIDAY),
    }
    for asked, expected in chosen.items():
        before, now = choose_days(days, *asked)
        assert (before and before["as_of"], now["as_of"]) == expected
    assert choose_days(days, None, date(2026, 5, 1)) == (None, None)


def told() -> ScoreStory:
    gap = {
        "component": "intent", "rule_id": "hiring", "label": "Hiring",
        "missing_points": Decimal(25), "missing_weighted_points": Decimal(10),
        "reason": "No recent opening", "next_tier": "hot", "points_to_next_tier": Decimal("8.5"),
        "reaches_next_tier": True,
    }  # fmt: skip
    return ScoreStory(
        company="Acme [bold]Robotics",
        profile="Default",
        now=scored(FRIDAY, "71.5", version=2),
        points=tuple(AFTER),
        before=scored(MONDAY, "83.5", "hot"),
        changes=changes(BEFORE, AFTER),
        gaps=(gap,),
    )


def test_a_terminal_shows_sum_changes_and_what_is_missing():
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(render(told()))
    lines = console.export_text().splitlines()
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 100
    assert "Acme [bold]Robotics: 71 of 100, warm, on 2026-06-05" in text
    assert "15.00 0.40 6.00 Funding Series A" in text
    assert "Since 2026-06-01: 83.50 (hot) -12.00 = 71.50 (warm)" in text
    assert "the profile changed from version 1 to 2" in text
    assert "+4.00 gained Launch Orb 2 [press]" in text
    assert "-10.00 lost Hiring no longer: CTO" in text
    assert "Missing for hot: 8.50 points" in text
    assert "+10.00 Hiring No recent opening <- enough alone" in text


def test_a_program_gets_the_same_as_numbers():
    plain = as_json(told())
    assert (plain["lead_score"], plain["as_of"]) == (71.5, "2026-06-05")
    assert plain["compared_with"]["tier"] == "hot"
    assert [c["difference"] for c in plain["changes"]] == [-10.0, -6.0, 4.0]
    assert plain["missing"][0]["missing_weighted_points"] == 10.0
