"""What sets wins apart: planted differences are found, chance is not, too little is refused."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.icp_suggestion import (
    Account,
    NotEnoughDealsError,
    difference,
    size_band,
    size_label,
    suggest,
    wilson,
)

INDUSTRIES = ("Software", "Retail", "Energy", "Transport")


def accounts(count: int, seed: int, win_rate) -> list[Account]:
    """Invented companies of even traits; ``win_rate(account traits)`` is the chance of a win."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        industry = draw.choice(INDUSTRIES)
        employees = draw.choice((30, 120, 400, 3000))
        tools = frozenset(t for t in ("HubSpot", "Zendesk", "Oddware") if draw.random() < 0.5)
        rate = win_rate(industry, employees, tools)
        made.append(
            Account(
                company_id=f"c{number}",
                is_won=draw.random() < rate,
                industry=industry,
                country=draw.choice(("Germany", "France")),
                employee_count=employees,
                technologies=tools if number % 5 else None,
            )
        )
    return made


def test_planted_differences_are_found_and_become_a_profile():
    def rate(industry, employees, tools):
        chance = 0.35 + 0.3 * (industry == "Software") + 0.25 * (employees == 400)
        return chance - 0.25 * ("Oddware" in tools)

    found = suggest(accounts(1500, 1, rate))
    assert found.profile() == {
        "industries": ["Software"],
        "company_size_min": 201,
        "company_size_max": 500,
        "tech_stack": {"avoid": ["Oddware"]},
    }
    software = next(f for f in found.findings if f.value == "Software")
    assert 0.2 < software.lower < software.difference < software.upper < 0.5
    # Every company whose industry is known is on one side of the comparison or the other.
    assert software.with_trait + software.without_trait == found.won + found.lost == 1500
    oddware = next(f for f in found.findings if f.value == "Oddware")
    assert oddware.with_trait + oddware.without_trait == 1200


def test_where_chance_decides_hardly_anything_is_found():
    # 90 % confidence for all traits together: at most one run in ten may find any.
    false = sum(
        any(f.verdict != "no difference shown" for f in suggest(made).findings)
        for made in (accounts(300, seed, lambda *_: 0.4) for seed in range(60))
    )
    assert false <= 12


def test_too_few_deals_are_refused_with_what_is_needed():
    few = accounts(300, 3, lambda *_: 0.03)
    with pytest.raises(NotEnoughDealsError, match="needs at least 20 won and 20 lost"):
        suggest(few)


def test_a_rare_trait_is_not_tried():
    made = accounts(200, 4, lambda *_: 0.5)
    rare = [
        Account(f"r{n}", True, "Falconry", "Germany", 30, frozenset({"HubSpot"})) for n in range(9)
    ]
    assert "Falconry" not in {f.value for f in suggest(made + rare).findings}


def test_intervals_are_those_of_the_literature():
    # Newcombe (1998), table II, case (a): 56/70 - 48/80 by method 10 is 0.0524 to 0.3339.
    gap, lower, upper = difference(56, 70, 48, 80, level=0.95)
    assert (round(gap, 4), round(lower, 4), round(upper, 4)) == (0.2, 0.0524, 0.3339)
    # Newcombe (1998), "Two-sided confidence intervals": Wilson's for 81/263 is 0.2553 to 0.3662.
    share, lower, upper = wilson(81, 263, level=0.95)
    assert (round(lower, 4), round(upper, 4)) == (0.2553, 0.3662)
    assert lower < share < upper


counts = st.tuples(st.integers(0, 50), st.integers(1, 50)).filter(lambda c: c[0] <= c[1])


@given(counts, counts)
def test_an_interval_holds_its_difference_and_turns_with_it(one, other):
    gap, lower, upper = difference(*one, *other, level=0.9)
    assert -1 <= lower <= gap + 1e-12
    assert gap - 1e-12 <= upper <= 1
    turned = difference(*other, *one, level=0.9)
    assert turned == pytest.approx((-gap, -upper, -lower))


@given(st.integers(1, 10_000_000))
def test_every_head_count_has_one_band(employees):
    low, high = size_band(employees)
    assert low <= employees
    assert high is None or employees <= high
    assert size_label((low, high)).startswith(str(low))
