"""Feature tables with a known truth, invented here: who buys when, for how much, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

START = pd.Timestamp("2025-05-01")
INDUSTRIES = np.array(["software", "finance", "retail", "health"], dtype=object)
SIZE_OF = {"software": 0.6, "finance": 0.9, "retail": -0.4, "health": 0.0}


@dataclass(frozen=True)
class Market:
    """Feature tables, and the hazard behind every company-month row."""

    frames: dict[str, pd.DataFrame]
    hazard: pd.DataFrame
    as_of: pd.Timestamp


def market(
    companies: int = 600,
    months: int = 19,
    seed: int = 1,
    strength: float = 1.0,
    base: float = -5.2,
    extra: int = 0,
) -> Market:
    """Companies that fund, hire and buy; ``strength`` 0 makes every feature worthless."""
    random = np.random.default_rng(seed)
    ids = np.array([f"c{number:05d}" for number in range(companies)], dtype=object)
    starts = pd.date_range(START, periods=months, freq="MS")
    as_of = starts[-1] + pd.Timedelta(days=20)
    industry = INDUSTRIES[random.integers(0, 4, companies)]
    employees = np.round(np.exp(random.normal(5, 1.2, companies)))
    funded = random.random((companies, months + 1)) < 0.06
    hiring = random.poisson(np.exp(random.normal(0, 0.6, (companies, months + 1))))
    known_size = random.random(companies) > 0.15
    noise = random.normal(size=(companies, months + 1, max(extra, 1)))

    def since(column: int) -> np.ndarray:
        result = np.full(companies, np.nan)
        for age in range(min(column, 9)):
            hit = funded[:, column - 1 - age] & np.isnan(result)
            result[hit] = 15 + 30 * age
        return result

    rows, periods, truth = [], [], []
    at_risk = np.ones(companies, dtype=bool)
    for column, start in enumerate([*starts, as_of]):
        current = column == months
        age = since(column)
        fresh = np.where(np.isnan(age), 0.0, np.exp(-np.nan_to_num(age) / 120))
        log_odds = base + strength * (
            2.2 * fresh
            + 0.8 * np.log1p(hiring[:, column])
            + np.where(industry == "software", 0.7, np.where(industry == "retail", -0.7, 0.0))
        )
        hazard = 1 / (1 + np.exp(-log_odds))
        frame = pd.DataFrame(
            {
                "company_id": ids,
                "as_of": start,
                "is_current": current,
                "num_days_since_funding": age,
                "num_job_postings_30d": hiring[:, column].astype(float),
                "num_employee_count": np.where(known_size, employees, np.nan),
                "num_noise": random.normal(size=companies),
                "cat_industry": industry,
                **{f"num_extra_{n:02d}": noise[:, column, n] for n in range(extra)},
            }
        )
        rows.append(frame)
        truth.append(pd.DataFrame({"company_id": ids, "as_of": start, "hazard": hazard}))
        if current:
            continue
        weight = 1.0 if column < months - 1 else 0.5
        chance = hazard if column < months - 1 else hazard * 20 / 30
        bought = at_risk & (random.random(companies) < chance)
        periods.append(
            pd.DataFrame(
                {
                    "company_id": ids[at_risk],
                    "as_of": start,
                    "purchased": bought[at_risk].astype(int),
                    "exposure_weight": weight,
                }
            )
        )
        at_risk = at_risk & ~bought
    snapshots = pd.concat(rows, ignore_index=True)
    return Market(
        {
            "company_snapshots": snapshots,
            "purchase_periods": pd.concat(periods, ignore_index=True),
        },
        pd.concat(truth, ignore_index=True),
        as_of,
    )


def deals(
    count: int = 400,
    seed: int = 2,
    strength: float = 1.0,
    spread: float = 0.45,
    extra: int = 0,
) -> pd.DataFrame:
    """Opportunities whose log amount grows with employees and industry, 60 % of them won."""
    random = np.random.default_rng(seed)
    industry = INDUSTRIES[random.integers(0, 4, count)]
    employees = np.round(np.exp(random.normal(5, 1.2, count)))
    created = START + pd.to_timedelta(np.sort(random.integers(0, 480, count)), unit="D")
    closed = created + pd.to_timedelta(random.integers(20, 90, count), unit="D")
    mean = 10 + strength * (
        0.6 * (np.log(employees) - 5) + np.array([SIZE_OF[name] for name in industry])
    )
    won = random.random(count) < 0.6
    return pd.DataFrame(
        {
            "opportunity_id": [f"o{number:05d}" for number in range(count)],
            "company_id": [f"c{number % 250:05d}" for number in range(count)],
            "as_of": created,
            "amount_usd": np.exp(mean + random.normal(0, spread, count)),
            "is_won": won,
            "closed_on": closed,
            "num_employee_count": employees,
            "num_job_postings_30d": random.poisson(1.2, count).astype(float),
            "cat_industry": industry,
            **{f"num_extra_{n:02d}": random.normal(size=count) for n in range(extra)},
        }
    )


def signals(
    count: int = 6000,
    seed: int = 3,
    strength: float = 1.0,
    base: float = -2.6,
    span: int = 548,
    extra: int = 0,
) -> pd.DataFrame:
    """Signals whose type and strength drive whether an opportunity follows."""
    random = np.random.default_rng(seed)
    kinds = np.array(["funding_round", "job_posting", "expansion", "news_mention"], dtype=object)
    kind = kinds[random.integers(0, 4, count)]
    worth = {"funding_round": 1.2, "job_posting": 0.2, "expansion": 0.6, "news_mention": -0.8}
    confidence = random.random(count)
    day = np.sort(random.integers(0, span, count))
    log_odds = base + strength * (
        np.array([worth[name] for name in kind]) + 2.0 * (confidence - 0.5)
    )
    converted = (random.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float)
    observed = day + 180 <= span
    return pd.DataFrame(
        {
            "signal_id": [f"s{number:06d}" for number in range(count)],
            "company_id": [f"c{number:05d}" for number in random.integers(0, 900, count)],
            "as_of": START + pd.to_timedelta(day, unit="D"),
            "num_confidence": confidence,
            "num_noise": random.normal(size=count),
            "cat_signal_type": kind,
            "converted": pd.array(np.where(observed, converted, np.nan), dtype="Float64"),
            "is_label_observed": observed,
            **{f"num_extra_{n:02d}": random.normal(size=count) for n in range(extra)},
        }
    )
