"""How much each rule of a buying role weighs, learned from people whose part is known.

The rules of thumb (seeds ``buying_roles`` and ``buying_role_rules``) say what may speak for or
against which role; learning says how much. It is a multinomial logistic regression whose only
inputs are the rules that hold: weights start at the rules of thumb, are drawn to them by a penalty,
and never change their sign, so that every reason stays one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Pull to the rules of thumb, per squared log-odds. Chosen on one simulated market and tried on
#: another: from 0.3 to 3 the likelihood is the same, above that it falls.
PULL = 3.0
#: Pull of the roles' beginnings, which say how often a role is taken at all.
BASE_PULL = 0.05
#: Role of who takes no part.
OUTSIDER = "outsider"

Cell = tuple[str, str]


@dataclass(frozen=True)
class Person:
    """One person at one company: the rules that hold, the roles that are possible, the true role.

    ``part`` is ``outsider`` for who takes none.
    """

    rules: frozenset[str]
    possible: frozenset[str]
    part: str


@dataclass(frozen=True)
class Weights:
    """Log-odds at which each role begins, and what each rule adds to a role."""

    base: Mapping[str, float]
    rules: Mapping[Cell, float]


def learn(people: Sequence[Person], thumb: Weights, pull: float = PULL) -> Weights:
    """Weights that make the known parts likeliest, given how far the rules of thumb are trusted.

    Who took a part that the rules call impossible (a champion without behaviour) teaches nothing. A
    role that nobody took was perhaps never asked about: it keeps its rules of thumb.
    Raises ``ValueError`` where nobody is left to learn from.
    """
    from scipy.optimize import minimize

    known = [person for person in people if person.part in person.possible]
    if not known:
        raise ValueError("nobody whose part is known and possible: run a simulated market first")
    roles = sorted({person.part for person in known})
    cells = sorted(cell for cell in thumb.rules if cell[1] in roles)
    names = sorted({rule for rule, _ in cells})
    held = np.array([[float(name in person.rules) for name in names] for person in known])
    open_to = np.array([[role in person.possible for role in roles] for person in known])
    truth = np.array([roles.index(person.part) for person in known])
    at = (
        np.array([names.index(rule) for rule, _ in cells], dtype=int),
        np.array([roles.index(role) for _, role in cells], dtype=int),
    )
    start = np.array([thumb.rules[cell] for cell in cells] + [thumb.base[role] for role in roles])
    strength = np.array([pull] * len(cells) + [BASE_PULL] * len(roles))
    rows = np.arange(len(known))

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = np.zeros((len(names), len(roles)))
        matrix[at] = point[: len(cells)]
        odds = np.where(open_to, held @ matrix + point[len(cells) :], -np.inf)
        odds -= odds.max(axis=1, keepdims=True)
        shares = np.exp(odds)
        shares /= shares.sum(axis=1, keepdims=True)
        away = point - start
        value = -np.log(np.maximum(shares[rows, truth], 1e-12)).sum() + strength @ away**2
        shares[rows, truth] -= 1
        slope = np.concatenate([(held.T @ shares)[at], shares.sum(axis=0)])
        return float(value), slope + 2 * strength * away

    bounds = [(0, None) if value > 0 else (None, 0) for value in start[: len(cells)]]
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B",
        bounds=bounds + [(None, None)] * len(roles), options={"maxiter": 2000},
    ).x  # fmt: skip
    learned = [round(float(value), 2) for value in found]
    return Weights(
        {**thumb.base, **dict(zip(roles, learned[len(cells) :], strict=True))},
        {**thumb.rules, **dict(zip(cells, learned[: len(cells)], strict=True))},
    )
