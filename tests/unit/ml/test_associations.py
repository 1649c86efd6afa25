"""What comes together is found where it was planted, and nowhere in shuffled histories."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ml.associations import signal_correlations, signal_patterns
from ml.associations.history import History, Occasions, last_before
from ml.associations.statistics import contrast, corrected, median_interval, wilson
from ml.config import AssociationConfig
from ml.errors import FeatureError

AS_OF = date(2026, 6, 1)
START = AS_OF - timedelta(days=548)
COMPANIES = 500


def market(seed: int, planted: bool = False) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Companies of very unlike activity whose postings come in bursts.

    Planted: three in ten fundings are followed by an expansion within 40 days, and a deal is won
    far more often when a product launch came before a partnership in its last 180 days.
    """
    draw = np.random.default_rng(seed)
    ids = [f"c{number:04d}" for number in range(COMPANIES)]
    rows, deals = [], []
    for company in ids:
        activity = draw.gamma(1.0)
        events: list[tuple[str, int]] = []
        for kind, rate in (("funding_round", 0.8), ("expansion", 0.8), ("partnership", 1.0),
                           ("product_launch", 1.0), ("job_posting", 5.0)):  # fmt: skip
            for at in draw.integers(0, 549, draw.poisson(rate * activity)):
                days = [at] if kind != "job_posting" else at + draw.integers(0, 6, 3)
                events += [(kind, int(day)) for day in days if day < 549]
                if planted and kind == "funding_round" and draw.random() < 0.3:
                    events.append(("expansion", int(min(548, at + draw.integers(5, 40)))))
        opened = int(draw.integers(200, 460))
        chance = 0.5
        if planted and draw.random() < 0.3:
            events += [("product_launch", opened - 60), ("partnership", opened - 20)]
            chance = 0.9
        if draw.random() < 0.8:
            day = START + timedelta(days=opened)
            deals.append((company, day, day + timedelta(days=60), bool(draw.random() < chance)))
        rows += [(company, kind, START + timedelta(days=day)) for kind, day in events]
    columns = ["company_id", "signal_kind", "occurred_on"]
    history = pd.DataFrame(rows, columns=columns).drop_duplicates()
    history["known_on"] = history["occurred_on"]
    windows = pd.DataFrame(
        {"company_id": ids, "observed_from": START,
         "postings_observed_from": [START + timedelta(days=300)] * 400 + [None] * 100,
         "technologies_observed_from": None}
    )  # fmt: skip
    names = ["company_id", "created_on", "closed_on", "is_won"]
    return history, windows, pd.DataFrame(deals, columns=names)


def test_planted_pairs_are_found_with_their_lag_and_no_others() -> None:
    events, windows, _ = market(1, planted=True)
    found = signal_correlations(events, windows, AS_OF).to_pylist()
    significant = [row for row in found if row["is_significant"]]
    assert [(r["first_signal"], r["then_signal"]) for r in significant] == [
        ("funding_round", "expansion"), ("product_launch", "partnership"),
    ]  # fmt: skip
    pair = significant[0]
    assert pair["lift_lower"] > 1.2
    assert pair["lift_lower"] < pair["lift"] < pair["lift_upper"]
    # Planted at 5 to 40 days, mixed with what comes within 90 days by chance.
    assert 15 < pair["lag_lower_days"] <= pair["lag_days"] <= pair["lag_upper_days"] < 40
    assert pair["pairs_tried"] == 20
    assert all(row["support"] >= 10 for row in found)


def test_planted_patterns_are_found_before_wins_and_before_what_follows() -> None:
    events, windows, deals = market(2, planted=True)
    found = signal_patterns(events, windows, deals, AS_OF).to_pylist()
    roles = {(r["role"], r["pattern"], r["next_signal"]) for r in found if r["role"]}
    assert ("accelerator", "product_launch > partnership", None) in roles
    assert ("leads_to", "funding_round", "expansion") in roles
    assert not any(role == "inhibitor" for role, *_ in roles)
    [win] = [r for r in found if r["pattern"] == "product_launch > partnership"
             and r["outcome"] == "won"]  # fmt: skip
    assert win["share"] == win["support"] / win["cases"]
    assert win["share_lower"] < win["share"] < win["share_upper"]
    assert win["share"] > 1.5 * win["compared_share"]
    assert win["lift_lower"] > 1
    assert win["compared_with"] == "lost"


def test_shuffled_histories_give_none_after_correction() -> None:
    """At a rate of 0.10 at most a tenth of 12 data sets may show anything, for both tables."""
    pairs, patterns = 0, 0
    for seed in range(12):
        events, windows, deals = market(100 + seed, planted=True)
        draw = np.random.default_rng(seed)
        days = draw.integers(0, 549, len(events))
        events["occurred_on"] = [START + timedelta(days=int(day)) for day in days]
        events["known_on"] = events["occurred_on"]
        deals["is_won"] = draw.permutation(deals["is_won"].to_numpy())
        found = signal_correlations(events, windows, AS_OF).to_pylist()
        assert found
        pairs += any(row["is_significant"] for row in found)
        found = signal_patterns(events, windows, deals, AS_OF).to_pylist()
        assert {row["outcome"] for row in found} >= {"won", "lost", "opened"}
        patterns += any(row["is_significant"] for row in found)
    assert (pairs <= 2, patterns <= 2) == (True, True), (pairs, patterns)


def test_only_what_was_known_before_counts() -> None:
    """What became known, or happened, after a day changes nothing of what was found on it."""
    events, windows, deals = market(3, planted=True)
    earlier = AS_OF - timedelta(days=100)
    known = events[events["known_on"] <= earlier]
    over = deals["closed_on"] <= earlier
    then = deals.assign(
        closed_on=deals["closed_on"].where(over), is_won=deals["is_won"].where(over)
    )
    then = then[deals["created_on"] <= earlier]
    for table, now, past in (
        (signal_correlations, (events, windows), (known, windows)),
        (signal_patterns, (events, windows, then), (known, windows, then)),
    ):
        assert table(*now, earlier).equals(table(*past, earlier))
    # A signal that became known on the day of the outcome or later is part of no pattern.
    late = events.assign(known_on=AS_OF)
    rows = signal_patterns(late, windows, deals, AS_OF).to_pylist()
    assert [row for row in rows if row["outcome"] != "signal"] == []


def test_nothing_is_shown_below_the_stated_support() -> None:
    events, windows, deals = market(4)
    asked = AssociationConfig(minimum_support=60)
    pairs = signal_correlations(events, windows, AS_OF, asked).to_pylist()
    patterns = signal_patterns(events, windows, deals, AS_OF, asked).to_pylist()
    assert min(row["support"] for row in pairs + patterns) >= 60
    few = events[events["company_id"] < "c0008"]
    assert signal_correlations(few, windows, AS_OF).num_rows == 0
    assert signal_patterns(few, windows, deals.head(5), AS_OF).num_rows == 0


def test_nothing_known_gives_empty_tables() -> None:
    events, windows, deals = market(5)
    assert signal_correlations(events.head(0), windows, AS_OF).num_rows == 0
    assert signal_patterns(events.head(0), windows.head(0), deals.head(0), AS_OF).num_rows == 0


def test_a_missing_column_is_named() -> None:
    events, windows, _ = market(6)
    with pytest.raises(FeatureError, match="observation_windows lacks column observed_from"):
        signal_correlations(events, windows.drop(columns="observed_from"), AS_OF)


def test_days_without_a_look_count_for_nothing() -> None:
    """A company seen only late shows nothing early, and that is no sign of absence."""
    events, windows, _ = market(7)
    history = History.of(events, windows, AS_OF)
    assert history.kinds["job_posting"].company.max() < 400
    assert history.kinds["job_posting"].day.min() >= history.start + 300
    rate = history.cumulative_rate("job_posting")
    assert rate[299 // 7 * 7 - 1] == 0
    total = len(history.kinds["job_posting"].day)
    # 249 days of 400 companies that can be seen.
    assert rate[-1] == pytest.approx(total / 400, rel=0.02)


def test_the_last_earlier_day_is_found_per_company() -> None:
    first = Occasions(np.array([0, 0, 2]), np.array([5, 9, 7]))
    then = Occasions(np.array([0, 0, 1, 2]), np.array([9, 12, 8, 7]))
    at, lag = last_before(first, then)
    assert at.tolist() == [0, 1, -1, -1]
    assert lag.tolist() == [4.0, 3.0, np.inf, np.inf]


def test_intervals_and_correction_by_hand() -> None:
    # Wilson (1927) at 95 %: 5 of 10 give 0.2366 to 0.7634.
    assert wilson(5, 10, 0.95) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert corrected([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    # Order statistics: of 11 values the 2nd and the 10th bound the median at 95 %.
    assert median_interval(np.arange(11.0), 0.95) == (5.0, 1.0, 9.0)
    # One stratum: 30 of 100 against 10 of 100 is a ratio of 3.
    has = np.repeat([1, 0, 1, 0], [30, 70, 10, 90]).astype(bool)
    case = np.repeat([True, False], 100)
    result = contrast(has, case, np.zeros(200), 0.9)
    assert result.lift == pytest.approx(3.0)
    assert result.lower == pytest.approx(
        3.0 * np.exp(-1.6449 * np.sqrt(7 / 300 + 9 / 100)), rel=1e-3
    )
    assert result.p_value < 0.001
