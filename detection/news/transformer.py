"""The layers of a BERT encoder in both directions: what they make, and how an error flows back.

The forward pass serves every reader of the encoder; the backward pass is what
:mod:`detection.news.teaching` teaches the upper layers with. Both are the few matrix products of
the encoder's authors' paper, so neither torch nor another runtime is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

#: Attention heads of MiniLM; the other sizes are those of the stored weights.
HEADS = 12
#: What keeps the spread of a place's values from nought.
_LEAST_SPREAD = 1e-12
#: Constants of the hyperbolic approximation of the error function in GELU.
_SLOPE, _CUBE = 0.7978845608, 0.044715

Weights = dict[str, "np.ndarray"]
#: From a shape to the factors of places that are left out (0) or made up for (above 1).
Dropping = Callable[[tuple[int, ...]], "np.ndarray"]


class Layer:
    """One layer over the named weights; remembers of the last forward pass what goes back needs.

    ``name`` is the prefix of its weights. Where ``asked`` places are given (text, which, one
    number each), only those are made: they look at all places, which costs a sixth.
    """

    def __init__(self, weights: Weights, name: str, heads: int) -> None:
        self._weights, self._name, self._heads = weights, name, heads
        self._tape: dict[str, Any] = {}

    @property
    def width(self) -> int:
        """Values of a place's state."""
        return len(self._weights[f"{self._name}output.dense.bias"])

    def forward(
        self,
        state: np.ndarray,
        void: np.ndarray,
        asked: np.ndarray | None = None,
        drop: Dropping | None = None,
    ) -> np.ndarray:
        """States behind the layer, from those before it; ``void`` is -1e4 where no text is."""
        import numpy as np

        own = state if asked is None else np.take_along_axis(state, asked[..., None], axis=1)
        query, key, value = (
            self._split(self._linear(taken, f"attention.self.{part}"))
            for part, taken in (("query", own), ("key", state), ("value", state))
        )
        seen = query @ key.transpose(0, 1, 3, 2)
        seen *= np.float32((state.shape[-1] // self._heads) ** -0.5)
        seen += void
        seen -= seen.max(axis=-1, keepdims=True)
        np.exp(seen, out=seen)
        seen /= seen.sum(axis=-1, keepdims=True)
        mixed = self._joined(seen @ value)
        told = self._linear(mixed, "attention.output.dense")
        first = drop(told.shape) if drop else None
        middle = self._norm(own + _scaled(told, first), "attention.output.LayerNorm")
        inner = self._linear(middle, "intermediate.dense")
        lively, bend = _bent(inner)
        inner_told = lively * inner
        told = self._linear(inner_told, "output.dense")
        second = drop(told.shape) if drop else None
        self._tape |= {
            "state": state, "own": own, "asked": asked, "query": query, "key": key,
            "value": value, "seen": seen, "mixed": mixed, "first": first, "middle": middle,
            "inner": inner, "lively": lively, "bend": bend, "inner_told": inner_told,
            "second": second,
        }  # fmt: skip
        return self._norm(middle + _scaled(told, second), "output.LayerNorm")

    def forget(self) -> None:
        """Drop what was remembered, where nothing goes back."""
        self._tape.clear()

    def backward(self, error: np.ndarray, changes: Weights) -> np.ndarray:
        """Error of the states before the layer; that of its weights is written to ``changes``.

        ``error`` is the loss's derivative by the states that the last forward pass returned.
        """
        import numpy as np

        tape = self._tape
        error = self._norm_back(error, "output.LayerNorm", changes)
        inward = self._linear_back(
            _scaled(error, tape["second"]), "output.dense", tape["inner_told"], changes
        )
        inner, lively, bend = tape["inner"], tape["lively"], tape["bend"]
        # Derivative of x * (1 + tanh u(x)) / 2.
        slope = 1 + (3 * _CUBE) * inner * inner
        slope *= bend * inner
        slope += lively
        inward *= slope
        error = error + self._linear_back(inward, "intermediate.dense", tape["middle"], changes)
        error = self._norm_back(error, "attention.output.LayerNorm", changes)
        mixed = self._split(
            self._linear_back(
                _scaled(error, tape["first"]), "attention.output.dense", tape["mixed"], changes
            )
        )
        query, key, value, seen = (tape[part] for part in ("query", "key", "value", "seen"))
        back_value = seen.transpose(0, 1, 3, 2) @ mixed
        turned = mixed @ value.transpose(0, 1, 3, 2)
        turned -= (turned * seen).sum(axis=-1, keepdims=True)
        turned *= seen
        turned *= np.float32((error.shape[-1] // self._heads) ** -0.5)
        state, own, asked = tape["state"], tape["own"], tape["asked"]
        error = error + self._linear_back(
            self._joined(turned @ key), "attention.self.query", own, changes
        )
        whole = self._linear_back(
            self._joined(turned.transpose(0, 1, 3, 2) @ query),
            "attention.self.key", state, changes,
        )  # fmt: skip
        whole += self._linear_back(self._joined(back_value), "attention.self.value", state, changes)
        if asked is None:
            return whole + error
        np.add.at(whole, (np.arange(len(asked))[:, None], asked), error)
        return whole

    def _split(self, state: np.ndarray) -> np.ndarray:
        texts, places, width = state.shape
        return state.reshape(texts, places, self._heads, width // self._heads).transpose(0, 2, 1, 3)

    def _joined(self, parts: np.ndarray) -> np.ndarray:
        texts, heads, places, size = parts.shape
        return parts.transpose(0, 2, 1, 3).reshape(texts, places, heads * size)

    def _linear(self, state: np.ndarray, name: str) -> np.ndarray:
        # As one flat matrix: stacks of small ones cost twice as much.
        flat = state.reshape(-1, state.shape[-1]) @ self._weights[f"{self._name}{name}.weight"].T
        flat += self._weights[f"{self._name}{name}.bias"]
        return flat.reshape(*state.shape[:-1], -1)

    def _linear_back(
        self, error: np.ndarray, name: str, given: np.ndarray, changes: Weights
    ) -> np.ndarray:
        flat = error.reshape(-1, error.shape[-1])
        weight = self._weights[f"{self._name}{name}.weight"]
        changes[f"{self._name}{name}.weight"][:] = flat.T @ given.reshape(-1, given.shape[-1])
        changes[f"{self._name}{name}.bias"][:] = flat.sum(axis=0)
        return (flat @ weight).reshape(given.shape)

    def _norm(self, state: np.ndarray, name: str) -> np.ndarray:
        self._tape[name] = whitened, _ = _whitened(state)
        return (
            whitened * self._weights[f"{self._name}{name}.weight"]
            + self._weights[f"{self._name}{name}.bias"]
        )

    def _norm_back(self, error: np.ndarray, name: str, changes: Weights) -> np.ndarray:
        whitened, spread = self._tape[name]
        flat = error.reshape(-1, error.shape[-1])
        changes[f"{self._name}{name}.bias"][:] = flat.sum(axis=0)
        changes[f"{self._name}{name}.weight"][:] = (flat * whitened.reshape(flat.shape)).sum(axis=0)
        error = error * self._weights[f"{self._name}{name}.weight"]
        level = error.mean(axis=-1, keepdims=True)
        tilt = (error * whitened).mean(axis=-1, keepdims=True)
        return (error - level - whitened * tilt) / spread


def normed(state: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Each place's values brought to mean 0 and spread 1, then weighed."""
    return _whitened(state)[0] * weight + bias


def _whitened(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    state = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((state * state).mean(axis=-1, keepdims=True) + _LEAST_SPREAD)
    return state / spread, spread


def _scaled(state: np.ndarray, factors: np.ndarray | None) -> np.ndarray:
    return state if factors is None else state * factors


def _bent(inner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What GELU lets through of each value, and what its derivative needs besides."""
    import numpy as np

    # By the hyperbolic tangent: within 0.0005 of the error function, at a twentieth of its cost.
    bent = inner * inner
    bent *= np.float32(_CUBE)
    bent += 1
    bent *= inner
    bent *= np.float32(_SLOPE)
    np.tanh(bent, out=bent)
    lively = np.float32(0.5) * bent
    lively += np.float32(0.5)
    bent *= -bent
    bent += 1
    bent *= np.float32(0.5 * _SLOPE)
    return lively, bent
