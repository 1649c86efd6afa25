"""Ordered patterns of signals before deals open, are won or are lost, and what comes next."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ml.associations.history import EVENTS, History, Occasions, last_before, observed_column
from ml.associations.statistics import contrast, corrected, excess_after, median_interval, wilson
from ml.config import AssociationConfig
from ml.features import days, require_columns, to_frame

if TYPE_CHECKING:
    import pandas as pd

OPPORTUNITIES = "opportunities"
ARROW = " > "
#: Deals are compared within quarters, so that a season common to signals and deals is no pattern.
QUARTER_DAYS = 91
#: What a pattern is called that is significant before the outcome.
ROLES = {"won": "accelerator", "lost": "inhibitor", "opened": "precursor", "signal": "leads_to"}

#: One row per outcome, pattern and (for ``signal``) the signal that follows.
PATTERNS_SCHEMA = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("pattern", pa.string(), nullable=False),
        pa.field("pattern_length", pa.int64(), nullable=False),
        pa.field("last_signal", pa.string(), nullable=False),
        pa.field("next_signal", pa.string()),
        pa.field("role", pa.string()),
        pa.field("support", pa.int64(), nullable=False),
        pa.field("cases", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
        pa.field("share_lower", pa.float64(), nullable=False),
        pa.field("share_upper", pa.float64(), nullable=False),
        pa.field("compared_with", pa.string(), nullable=False),
        pa.field("compared_cases", pa.int64(), nullable=False),
        pa.field("compared_share", pa.float64(), nullable=False),
        pa.field("lift", pa.float64(), nullable=False),
        pa.field("lift_lower", pa.float64(), nullable=False),
        pa.field("lift_upper", pa.float64(), nullable=False),
        pa.field("lag_days", pa.float64(), nullable=False),
        pa.field("lag_lower_days", pa.float64(), nullable=False),
        pa.field("lag_upper_days", pa.float64(), nullable=False),
        pa.field("within_days", pa.int64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
        pa.field("patterns_tried", pa.int64(), nullable=False),
        pa.field("is_significant", pa.bool_(), nullable=False),
        pa.field("minimum_support", pa.int64(), nullable=False),
    ]
)


def signal_patterns(
    events: pd.DataFrame | pa.Table,
    windows: pd.DataFrame | pa.Table,
    opportunities: pd.DataFrame | pa.Table,
    as_of: date,
    config: AssociationConfig | None = None,
) -> pa.Table:
    """Patterns before outcomes and the signals they lead to, as known at the end of ``as_of``.

    ``opportunities`` has ``company_id, created_on, closed_on, is_won``. Only signals that could be
    known before the outcome's day count. Each company gives its first deal only, so that rows are
    independent; a deal counts for a pattern only if all its kinds could be seen over the whole
    look-back. Outcomes:

    - ``won`` and ``lost``: share of deals so closed that the pattern precedes, against the other;
    - ``opened``: share of first opportunities, against companies without any, each looked at once,
      on the day of an opportunity drawn by a hash of its id;
    - ``signal``: the share of companies in which ``next_signal`` follows the pattern's first
      completion, against what companies show in the same days; its lift compares each company with
      itself (``excess_after``).
    """
    config = config or AssociationConfig()
    frame, window_frame = to_frame(events, EVENTS), to_frame(windows, "windows")
    history = History.of(frame, window_frame, as_of)
    deals = to_frame(opportunities, OPPORTUNITIES)
    require_columns(deals, ["company_id", "created_on", "closed_on", "is_won"], OPPORTUNITIES)
    known = _known_events(frame, history)
    rows = [
        *_closed(history, known, deals, config),
        *_opened(history, known, deals, config),
        *_next_signals(history, config),
    ]
    for row in rows:
        row["as_of"] = as_of
        row["minimum_support"] = config.minimum_support
    return pa.Table.from_pylist(rows, schema=PATTERNS_SCHEMA)


# --- Before deals -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """One company looked at on one day; ``group`` is what happened to it then."""

    company: int
    day: int
    group: str


#: Per company, its signals as (day it occurred, day it could be known, kind).
_Known = dict[int, list[tuple[int, int, str]]]


def _known_events(frame: pd.DataFrame, history: History) -> _Known:
    place = {company: index for index, company in enumerate(history.company_ids)}
    found: _Known = defaultdict(list)
    for company, kind, occurred, known in zip(
        frame["company_id"],
        frame["signal_kind"],
        days(frame, "occurred_on", EVENTS),
        days(frame, "known_on", EVENTS),
        strict=True,
    ):
        if company in place and known <= history.end and occurred <= history.end:
            found[place[company]].append((int(occurred), int(known), kind))
    return found


def _closed(
    history: History, known: _Known, deals: pd.DataFrame, config: AssociationConfig
) -> Iterator[dict[str, Any]]:
    closed = deals[deals["is_won"].notna() & deals["closed_on"].notna()]
    first = _first_deals(history, closed, "closed_on")
    cases = [_Case(c, day, "won" if row.is_won else "lost") for c, day, row in first]
    yield from _before(history, known, cases, (("won", "lost"), ("lost", "won")), config)


def _opened(
    history: History, known: _Known, deals: pd.DataFrame, config: AssociationConfig
) -> Iterator[dict[str, Any]]:
    first = _first_deals(history, deals, "created_on")
    cases = [_Case(company, day, "opened") for company, day, _ in first]
    if not cases:
        return
    having = set(deals["company_id"])
    for company, name in enumerate(history.company_ids):
        if name not in having:
            drawn = int.from_bytes(hashlib.blake2b(str(name).encode(), digest_size=8).digest())
            cases.append(_Case(company, cases[drawn % len(first)].day, "not_opened"))
    yield from _before(history, known, cases, (("opened", "not_opened"),), config)


def _first_deals(history: History, deals: pd.DataFrame, column: str) -> list[tuple[int, int, Any]]:
    """Each company's first deal by ``column``: (company, day, row), those of the past only."""
    place = {company: index for index, company in enumerate(history.company_ids)}
    found: dict[int, tuple[int, int, Any]] = {}
    for row, day in zip(deals.itertuples(), days(deals, column, OPPORTUNITIES), strict=True):
        company = place.get(row.company_id)
        if company is None or math.isnan(day) or day > history.end:
            continue
        if company not in found or day < found[company][1]:
            found[company] = (company, int(day), row)
    return [found[company] for company in sorted(found)]


def _before(
    history: History,
    known: _Known,
    cases: Sequence[_Case],
    questions: Iterable[tuple[str, str]],
    config: AssociationConfig,
) -> list[dict[str, Any]]:
    """A row per question (outcome, compared with) and pattern with enough support."""
    cases = [case for case in cases if case.day - config.lookback_days >= history.start]
    if not cases:
        return []
    # Lag of each pattern by the case it precedes.
    holders: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for number, case in enumerate(cases):
        for pattern, done in _patterns_of(known.get(case.company, []), case.day, config).items():
            holders[pattern][number] = case.day - done
    company = np.array([case.company for case in cases])
    day = np.array([case.day for case in cases])
    group = np.array([case.group for case in cases], dtype=object)
    stratum = (day - history.start) // QUARTER_DAYS
    seen = {
        column: since[company] <= day - config.lookback_days
        for column, since in history.observed_from.items()
    }
    tried = []
    for pattern in sorted(holders):
        whole = np.logical_and.reduce([seen[observed_column(kind)] for kind in pattern])
        has = np.zeros(len(cases), dtype=bool)
        has[list(holders[pattern])] = True
        has &= whole
        # What is tried depends on how frequent a pattern is, not on where.
        if has.sum() < config.minimum_support:
            continue
        for outcome, other in questions:
            is_case, is_other = whole & (group == outcome), whole & (group == other)
            if not is_case.any() or not is_other.any():
                continue
            among = is_case | is_other
            result = contrast(has[among], is_case[among], stratum[among], config.confidence)
            tried.append((outcome, other, pattern, is_case, is_other, has, result))
    q_values = corrected([result.p_value for *_, result in tried])
    rows = []
    for (outcome, other, pattern, is_case, is_other, has, result), q_value in zip(
        tried, q_values, strict=True
    ):
        support = int((has & is_case).sum())
        if support < config.minimum_support:
            continue
        lags = [lag for n, lag in holders[pattern].items() if is_case[n] and has[n]]
        rows.append(
            _row(
                config, outcome, pattern, None, support, int(is_case.sum()), other,
                int(is_other.sum()), float(has[is_other].mean()), result.lift, result.lower,
                result.upper, np.array(lags), config.lookback_days, result.p_value, q_value,
                len(tried),
            )
        )  # fmt: skip
    return rows


def _patterns_of(
    events: list[tuple[int, int, str]], day: int, config: AssociationConfig
) -> dict[tuple[str, ...], int]:
    """The ordered patterns of distinct kinds before ``day``, and when each was first complete."""
    at: dict[str, list[int]] = defaultdict(list)
    for occurred, known, kind in events:
        if known < day and day - config.lookback_days <= occurred < day:
            at[kind].append(occurred)
    for occasions in at.values():
        occasions.sort()
    found: dict[tuple[str, ...], int] = {}
    # The earliest day after the one before, kind by kind, finds a pattern if there is any.
    for length in range(1, min(config.max_length, len(at)) + 1):
        for pattern in permutations(sorted(at), length):
            done: int | None = -1
            for kind in pattern:
                done = next((d for d in at[kind] if d > done), None)
                if done is None:
                    break
            if done is not None:
                found[pattern] = done
    return found


# --- What comes next ----------------------------------------------------------------------------


def _next_signals(history: History, config: AssociationConfig) -> list[dict[str, Any]]:
    rates = {kind: history.cumulative_rate(kind) for kind in history.kinds}
    within = config.window_days
    tried = []
    kinds = sorted(history.kinds)
    prefixes = [(kind,) for kind in kinds] + list(permutations(kinds, 2))
    for prefix in prefixes:
        done = history.completions(prefix, within)
        if len(np.unique(done.company)) < config.minimum_support:
            continue
        for kind in kinds:
            if kind in prefix:
                continue
            seen_since = history.seen_since(*prefix, kind)
            both = np.intersect1d(done.company, history.kinds[kind].company)
            if len(both) < config.minimum_support:
                continue
            excess = excess_after(
                history, done, seen_since, kind, rates[kind], within, config.confidence
            )
            if excess.companies >= config.minimum_support and excess.expected > 0:
                tried.append((prefix, kind, excess, _follow(history, done, seen_since, kind,
                                                            rates[kind], within)))  # fmt: skip
    q_values = corrected([excess.p_value for _, _, excess, _ in tried])
    rows = []
    for (prefix, kind, excess, (lags, cases, base)), q_value in zip(tried, q_values, strict=True):
        if len(lags) < config.minimum_support:
            continue
        rows.append(
            _row(
                config, "signal", prefix, kind, len(lags), cases, "all_companies",
                int((~np.isnan(history.seen_since(kind))).sum()), base, excess.lift, excess.lower,
                excess.upper, lags, within, excess.p_value, q_value, len(tried),
            )
        )  # fmt: skip
    return rows


def _follow(
    history: History, done: Occasions, seen_since: np.ndarray, kind: str, rate: np.ndarray,
    within: int,
) -> tuple[np.ndarray, int, float]:  # fmt: skip
    """First completions with their whole follow-up: lags of those followed, number, chance of any.

    The chance is that of a company picked at random to show ``kind`` in the same days.
    """
    fit = (done.day >= seen_since[done.company]) & (done.day + within <= history.end)
    company, first = np.unique(done.company[fit], return_index=True)
    start = Occasions(company, done.day[fit][first])
    then = history.kinds[kind]
    # Look from the completion forward: the first later occasion of the company.
    mirrored = Occasions(-then.company[::-1], -then.day[::-1])
    _, lag = last_before(
        Occasions(mirrored.company + len(history.company_ids), mirrored.day + history.end + 1),
        Occasions(-start.company + len(history.company_ids), -start.day + history.end + 1),
    )
    followed = lag <= within
    if not len(company):
        return np.array([]), 0, 0.0
    shown = rate[start.day + within - history.start] - rate[start.day - history.start]
    return lag[followed], len(company), float((1 - np.exp(-shown)).mean())


def _row(
    config: AssociationConfig, outcome: str, pattern: tuple[str, ...], then: str | None,
    support: int, cases: int, compared_with: str, compared_cases: int, compared_share: float,
    lift: float, lower: float, upper: float, lags: np.ndarray, within: int, p_value: float,
    q_value: float, tried: int,
) -> dict[str, Any]:  # fmt: skip
    share_lower, share_upper = wilson(support, cases, config.confidence)
    lag, lag_lower, lag_upper = median_interval(lags, config.confidence)
    significant = q_value <= config.false_discovery_rate and lift > 1
    return {
        "outcome": outcome, "pattern": ARROW.join(pattern), "pattern_length": len(pattern),
        "last_signal": pattern[-1], "next_signal": then,
        "role": ROLES[outcome] if significant else None, "support": support, "cases": cases,
        "share": support / cases, "share_lower": share_lower, "share_upper": share_upper,
        "compared_with": compared_with, "compared_cases": compared_cases,
        "compared_share": compared_share, "lift": lift, "lift_lower": lower, "lift_upper": upper,
        "lag_days": lag, "lag_lower_days": lag_lower, "lag_upper_days": lag_upper,
        "within_days": within, "p_value": p_value, "q_value": q_value, "patterns_tried": tried,
        "is_significant": bool(significant),
    }  # fmt: skip
