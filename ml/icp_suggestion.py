"""What sets won deals apart: traits of companies that win more often, as a suggested profile.

Each trait (an industry, a country, a band of head count, a tool in use before the deal began) is
judged by the difference between the share of deals won with it and without it, among companies that
had a deal which was closed. Intervals hold for all traits tried together (Bonferroni), so that
trying many does not find one by chance. Where too few deals are known nothing is suggested.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["industry", "country", "size", "technology"]
Verdict = Literal["wins more often", "wins less often", "no difference shown"]

#: Least won and least lost companies for a suggestion: with fewer, an interval on the difference of
#: two shares is wider than any difference seen in practice.
MINIMUM_WON = 20
MINIMUM_LOST = 20
#: Least companies with and without a trait for it to be tried.
MINIMUM_SUPPORT = 10
#: Confidence of all intervals together.
LEVEL = 0.90
#: Bands of head count, both ends included, as company registers and LinkedIn publish them.
SIZE_BANDS: tuple[tuple[int, int | None], ...] = (
    (1, 10), (11, 50), (51, 200), (201, 500), (501, 1000), (1001, 5000), (5001, 10000),
    (10001, None),
)  # fmt: skip


class NotEnoughDealsError(ValueError):
    """Too few closed deals to tell what sets wins apart; says how many there are and are needed."""


@dataclass(frozen=True)
class Account:
    """One company with a closed deal: whether any was won, and what was known of it before.

    ``technologies``: names in use before the first closed deal began; None where its site was never
    read, so that nothing is known of its tools.
    """

    company_id: str
    is_won: bool
    industry: str | None
    country: str | None
    employee_count: int | None
    technologies: frozenset[str] | None


@dataclass(frozen=True)
class Finding:
    """One trait: how many companies with and without it were won, and the difference of shares."""

    kind: Kind
    value: str
    won_with: int
    with_trait: int
    won_without: int
    without_trait: int
    difference: float
    lower: float
    upper: float

    @property
    def verdict(self) -> Verdict:
        """What the interval allows to be said."""
        if self.lower > 0:
            return "wins more often"
        return "wins less often" if self.upper < 0 else "no difference shown"


@dataclass(frozen=True)
class Suggestion:
    """What was found, the strongest first, and the profile that follows from it.

    ``level`` is the confidence of all intervals together; ``tried`` how many traits were compared.
    """

    findings: tuple[Finding, ...]
    won: int
    lost: int
    level: float
    tried: int

    def profile(self) -> dict[str, Any]:
        """Fields of an ICP file: traits that win more often, tools that win less often to avoid.

        A field is left out where no difference was shown, so that nothing is wanted by chance.
        """
        wins = [f for f in self.findings if f.verdict == "wins more often"]
        loses = [f for f in self.findings if f.verdict == "wins less often"]
        bands = [band for band in SIZE_BANDS if size_label(band) in _values(wins, "size")]
        profile: dict[str, Any] = {}
        if industries := _values(wins, "industry"):
            profile["industries"] = industries
        if bands:
            profile["company_size_min"] = bands[0][0]
            if bands[-1][1] is not None:
                profile["company_size_max"] = bands[-1][1]
        if countries := _values(wins, "country"):
            profile["geographies"] = countries
        tools = {"must_have": _values(wins, "technology"), "avoid": _values(loses, "technology")}
        if stack := {key: names for key, names in tools.items() if names}:
            profile["tech_stack"] = stack
        return profile


def suggest(accounts: Iterable[Account], level: float = LEVEL) -> Suggestion:
    """Compare won and lost companies trait by trait.

    Raises ``NotEnoughDealsError`` below ``MINIMUM_WON`` won or ``MINIMUM_LOST`` lost companies.
    """
    listed = list(accounts)
    won = sum(account.is_won for account in listed)
    lost = len(listed) - won
    if won < MINIMUM_WON or lost < MINIMUM_LOST:
        raise NotEnoughDealsError(
            f"{won} won and {lost} lost companies are known; a suggestion needs at least "
            f"{MINIMUM_WON} won and {MINIMUM_LOST} lost. Add closed deals to the CRM export, or "
            "write the profile by hand."
        )
    counted = [
        (kind, value, counts)
        for kind in ("industry", "country", "size", "technology")
        for value, counts in sorted(_counts(listed, kind).items())
        if counts[1] >= MINIMUM_SUPPORT and counts[3] >= MINIMUM_SUPPORT
    ]
    each = 1 - (1 - level) / max(1, len(counted))
    findings = [Finding(kind, value, *c, *difference(*c, level=each)) for kind, value, c in counted]
    findings.sort(key=lambda f: (-max(f.lower, -f.upper), f.kind, f.value))
    return Suggestion(tuple(findings), won, lost, level, len(counted))


def difference(
    won_with: int, with_trait: int, won_without: int, without_trait: int, level: float
) -> tuple[float, float, float]:
    """Difference of two shares with its hybrid score interval.

    Newcombe (1998), "Interval estimation for the difference between independent proportions",
    method 10: from the Wilson intervals of the two shares.
    """
    share, lower, upper = wilson(won_with, with_trait, level)
    other, other_lower, other_upper = wilson(won_without, without_trait, level)
    gap = share - other
    return (
        gap,
        gap - math.hypot(share - lower, other_upper - other),
        gap + math.hypot(upper - share, other - other_lower),
    )


def wilson(count: int, total: int, level: float) -> tuple[float, float, float]:
    """A share with its Wilson score interval."""
    from scipy import stats

    z = float(stats.norm.ppf(0.5 + level / 2))
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(
        share * (1 - share) / total + z * z / (4 * total * total)
    )  # fmt: skip
    return share, max(0.0, centre - half), min(1.0, centre + half)


def size_band(employees: int) -> tuple[int, int | None]:
    """The band of a head count."""
    return next(band for band in SIZE_BANDS if band[1] is None or employees <= band[1])


def size_label(band: tuple[int, int | None]) -> str:
    """A band in words: ``51-200``, ``10001+``."""
    low, high = band
    return f"{low}+" if high is None else f"{low}-{high}"


def _traits(account: Account, kind: str) -> frozenset[str] | None:
    """Values of one kind that a company has; None where it is not known."""
    if kind == "technology":
        return account.technologies
    if kind == "size":
        known = account.employee_count
        return None if not known or known < 1 else frozenset({size_label(size_band(known))})
    value = account.industry if kind == "industry" else account.country
    return None if value is None else frozenset({value})


def _counts(accounts: Sequence[Account], kind: str) -> Mapping[str, tuple[int, int, int, int]]:
    """Per value: won with it, with it, won without it, without it, where it is known."""
    known = [(traits, a.is_won) for a in accounts if (traits := _traits(a, kind)) is not None]
    total, won = len(known), sum(is_won for _, is_won in known)
    with_trait: dict[str, list[int]] = {}
    for traits, is_won in known:
        for value in traits:
            counts = with_trait.setdefault(value, [0, 0])
            counts[0] += is_won
            counts[1] += 1
    return {
        value: (hit, seen, won - hit, total - seen) for value, (hit, seen) in with_trait.items()
    }


def _values(findings: Iterable[Finding], kind: str) -> list[str]:
    return [finding.value for finding in findings if finding.kind == kind]
