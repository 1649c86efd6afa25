"""Event histories: on which days each company showed which kind of signal, and since when it can.

A *kind* is a signal type, negative ones apart (``expansion``, ``expansion:negative``). Several
signals of a kind on one day count once: they are one occasion. Days are whole days since 1970-01-01
(UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ml.features import days, require_columns

if TYPE_CHECKING:
    import pandas as pd

EVENTS, WINDOWS = "signal_events", "observation_windows"
EPOCH = date(1970, 1, 1)

#: The column that says since when a kind can be seen, by the signal type it begins with; the rest
#: are told by press, filings and databases, which can be read back.
OBSERVED = {
    "job_posting": "postings_observed_from",
    "technology_adoption": "technologies_observed_from",
}
#: Days over which the rate of a kind among all companies is taken as one: a week evens out which
#: weekday news is printed on and still follows seasons and fetches.
RATE_DAYS = 7


def day_number(day: date) -> int:
    """Whole days since 1970-01-01."""
    return (day - EPOCH).days


def observed_column(kind: str) -> str:
    """The column of the observation windows that holds for a kind."""
    return OBSERVED.get(kind.partition(":")[0], "observed_from")


@dataclass(frozen=True)
class Occasions:
    """Occasions of one kind: company and day of each, by company and then day."""

    company: np.ndarray
    day: np.ndarray


@dataclass(frozen=True)
class History:
    """All that is known of all companies up to and including the day ``end``."""

    company_ids: np.ndarray
    kinds: dict[str, Occasions]
    #: Per column of the observation windows, the first day of each company; NaN where never.
    observed_from: dict[str, np.ndarray]
    start: int
    end: int

    @classmethod
    def of(cls, events: pd.DataFrame, windows: pd.DataFrame, as_of: date) -> History:
        """Histories as they were known at the end of ``as_of``.

        ``events`` has ``company_id, signal_kind, occurred_on, known_on``; ``windows`` has one row a
        company with ``observed_from, postings_observed_from, technologies_observed_from``. Raises
        ``FeatureError`` naming a column that is missing.
        """
        require_columns(events, ["company_id", "signal_kind", "occurred_on", "known_on"], EVENTS)
        columns = ["observed_from", *OBSERVED.values()]
        require_columns(windows, ["company_id", *columns], WINDOWS)
        windows = windows.sort_values("company_id")
        ids = windows["company_id"].to_numpy(dtype=object)
        observed = {column: days(windows, column, WINDOWS) for column in columns}
        end = day_number(as_of)
        firsts = observed["observed_from"][~np.isnan(observed["observed_from"])]
        start = int(firsts.min()) if len(firsts) else end
        occurred, known = days(events, "occurred_on", EVENTS), days(events, "known_on", EVENTS)
        place = {company: index for index, company in enumerate(ids)}
        company = events["company_id"].map(place).to_numpy(dtype=float)
        kept = (known <= end) & (occurred <= end) & ~np.isnan(company)
        kind = events["signal_kind"].to_numpy(dtype=object)
        kinds = {}
        for name in sorted(set(kind[kept])):
            mine = kept & (kind == name)
            pairs = np.unique(np.column_stack([company[mine], occurred[mine]]).astype(int), axis=0)
            seen = observed[observed_column(name)][pairs[:, 0]]
            pairs = pairs[pairs[:, 1] >= seen]
            if len(pairs):
                kinds[name] = Occasions(pairs[:, 0], pairs[:, 1])
        return cls(ids, kinds, observed, start, end)

    def seen_since(self, *kinds: str) -> np.ndarray:
        """Per company the first day from which all ``kinds`` can be seen; NaN where one cannot."""
        since = [self.observed_from[observed_column(kind)] for kind in kinds]
        return np.maximum.reduce(since)

    def cumulative_rate(self, kind: str) -> np.ndarray:
        """Occasions of ``kind`` that a company shows on average up to each day since ``start``.

        Element ``d`` is the sum of the daily rates over ``start`` to ``start + d``; a day's rate is
        that of its week among the companies that can be seen.
        """
        length = self.end - self.start + 1
        weeks = np.arange(length) // RATE_DAYS
        occasions = self.kinds[kind]
        counted = np.bincount(weeks[occasions.day - self.start], minlength=weeks[-1] + 1)
        since = self.seen_since(kind)
        since = np.maximum(since[~np.isnan(since)], self.start).astype(int) - self.start
        begun = np.bincount(since[since < length], minlength=length)
        watched = np.bincount(weeks, weights=np.cumsum(begun))
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(watched > 0, counted / watched, 0.0)
        return np.cumsum(rate[weeks])

    def completions(self, pattern: tuple[str, ...], within: int) -> Occasions:
        """Days on which ``pattern`` is complete: its last kind, each kind after the one before it.

        The one before must lie on an earlier day, at most ``within`` days back.
        """
        done = self.kinds[pattern[0]]
        for kind in pattern[1:]:
            after = self.kinds[kind]
            _, lag = last_before(done, after)
            done = Occasions(after.company[lag <= within], after.day[lag <= within])
        return done


def last_before(first: Occasions, then: Occasions) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``then``: where in ``first`` the company's last earlier day is, and the lag.

    Where there is none the position is -1 and the lag infinite.
    """
    if not len(first.day):
        return np.full(len(then.day), -1), np.full(len(then.day), np.inf)
    span = int(max(first.day.max(), then.day.max(initial=0))) + 2
    keys = first.company * span + first.day
    at = np.searchsorted(keys, then.company * span + then.day, side="left") - 1
    inside = at >= 0
    same = np.zeros(len(at), dtype=bool)
    same[inside] = first.company[at[inside]] == then.company[inside]
    lag = np.where(same, then.day - first.day[np.maximum(at, 0)], np.inf)
    return np.where(same, at, -1), lag
