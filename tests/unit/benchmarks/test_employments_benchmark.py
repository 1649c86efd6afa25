"""What is noticed of who comes and goes, counted on a few changes; and movers of the market."""

from datetime import date

from benchmarks.employments import noticed
from sandbox.market import Market, MarketConfig

DAYS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_changes_are_counted_with_the_fetches_that_they_took():
    visible = {
        ("a", "ann"): date(2025, 12, 20), ("a", "ben"): date(2026, 1, 10), ("b", "cy"): DAYS[2],
        ("b", "dee"): DAYS[0],
    }  # fmt: skip
    said = {("a", "ann"): DAYS[0], ("a", "ben"): DAYS[2], ("b", "dee"): DAYS[0],
            ("c", "eve"): DAYS[0], ("d", "fay"): DAYS[0]}  # fmt: skip
    # Eve truly left, though no source shows it; Fay did not.
    so = [*visible, ("c", "eve")]
    row = noticed("departure", visible, so, said, [("a", "ann"), ("d", "fay")], DAYS)
    assert (row.true, row.found, row.at_once, row.said, row.right) == (4, 3, 2, 5, 4)
    # Ben was visible by the second fetch and known by the third.
    assert row.mean_delay == 1 / 3
    assert (row.recall, row.precision) == (0.75, 0.8)
    assert (row.baseline_found, row.baseline_said, row.baseline_right) == (1, 2, 1)
    assert (row.missed, row.false) == (("b cy",), ("d fay",))


def test_movers_bear_the_name_of_who_left_and_nothing_else_changes():
    plain = Market(MarketConfig(seed=7, companies=300, days=400))
    moving = Market(MarketConfig(seed=7, companies=300, days=400, moves=0.9))
    left = {e.event_id: (c.name, e) for c in moving.companies for e in c.events}
    movers = [e for _, e in left.values() if "moved_from" in e.details]
    assert len(movers) >= 3
    for event in movers:
        name, departure = left[event.details["moved_from"]]
        assert event.details["person"] == departure.details["person"]
        assert event.details["previous"] == name
        assert 5 <= event.day - departure.day <= 200
    assert len({e.details["moved_from"] for e in movers}) == len(movers)
    departments = [left[e.details["moved_from"]][1].details["department"] for e in movers]
    alike = [one == e.details["department"] for one, e in zip(departments, movers, strict=True)]
    assert sum(alike) > 0.6 * len(movers)
    for one, other in zip(plain.companies, moving.companies, strict=True):
        assert [(e.event_id, e.day, e.subtype) for e in one.events] == [
            (e.event_id, e.day, e.subtype) for e in other.events
        ]
