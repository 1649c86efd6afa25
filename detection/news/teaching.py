"""Teaching the upper layers of the encoder on the task itself, on a processor and in minutes.

What the encoder's vectors tell is what its authors taught it: what a text is about. Which of two
companies buys the other lies in states that such a vector averages away. Here the lower layers stay
as they are, so that their states are made once, and only the layers above them learn, by gradient
descent over the examples. The last layer is made only for the places that are asked about, which
spares most of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detection.news.transformer import HEADS, Layer, Weights

if TYPE_CHECKING:
    import numpy as np

    from detection.news.encoder import Encoder

#: Cases in one step; with fewer the processor is wasted, with more a round has few steps.
BATCH = 16
#: Batches among which cases are sorted by length, so that little is padded.
_SORTED_AMONG = 16
#: Rate of learning of the layers and of what is new above them, and the share of the steps over
#: which it rises; from there it falls to nothing.
RATE, NEW_RATE, RISING = 2e-4, 2e-3, 0.1
#: Share of values left out at random while learning, so that no single one is relied on.
LEFT_OUT = 0.1
#: Adam's memory of the slope and of its square, and what keeps the square from nought.
_SLOPE_MEMORY, _SQUARE_MEMORY, _LEAST_SQUARE = 0.9, 0.98, 1e-8
#: Longest step, as the length of the whole gradient.
_LONGEST_STEP = 1.0
#: Seed of new weights, of the order of the examples and of what is left out.
SEED = 0
#: Weights that are changed at a time.
_PIECE = 32_768


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked of a text: its lower states (place, width), and the places to be told of.

    ``parts`` are groups of places; each becomes the mean of its places' last states, and these
    means side by side are what labels are read from. The first ``marked`` parts are also marked at
    the first taught layer, each by a vector of its own that is learned, so that all places can
    see which words are asked about.
    """

    states: np.ndarray
    parts: tuple[tuple[int, ...], ...]
    marked: int = 0


@dataclass(frozen=True)
class Lesson:
    """How the items of a task (sentences, mentions) are put to an encoder's upper layers.

    ``cases`` makes them, in the order of the items; ``rounds`` is how often each item is seen.
    """

    encoder: Encoder
    cases: Callable[[Sequence[Any]], list[Case]]
    rounds: int

    def learn(
        self, items: Sequence[Any], targets: np.ndarray
    ) -> Callable[[Sequence[Any]], np.ndarray]:
        """From items to the probability of each label, learned as :func:`teach` says."""
        taught = teach(
            self.encoder.weights,
            self.encoder.lower_layers,
            self.cases(items),
            targets,
            rounds=self.rounds,
            heads=self.encoder.heads,
        )
        return lambda asked: taught.scores(self.cases(asked))


@dataclass
class Taught:
    """Upper layers and what reads labels from them, as learned."""

    weights: Weights
    layers: list[Layer]

    def scores(self, cases: Sequence[Case]) -> np.ndarray:
        """Probability of each label for each case: one row a case."""
        import numpy as np

        made = np.empty((len(cases), len(self.weights["labels.bias"])), dtype=np.float32)
        order = sorted(range(len(cases)), key=lambda at: len(cases[at].states))
        for start in range(0, len(order), 2 * BATCH):
            batch = order[start : start + 2 * BATCH]
            made[batch] = self._forward(_Packed([cases[at] for at in batch]), None)[1]
        for layer in self.layers:
            layer.forget()
        return made

    def _forward(self, packed: _Packed, random: Any) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np

        def drop(shape: tuple[int, ...]) -> np.ndarray:
            kept = random.random(shape, dtype=np.float32) >= LEFT_OUT
            return kept * np.float32(1 / (1 - LEFT_OUT))

        state = packed.states
        if packed.marks.shape[-1]:
            state = state + packed.marks @ self.weights["marks"]
        dropping = drop if random is not None else None
        for layer in self.layers[:-1]:
            state = layer.forward(state, packed.void, None, dropping)
        state = self.layers[-1].forward(state, packed.void, packed.asked, dropping)
        told = (packed.shares @ state).reshape(len(state), -1)
        if random is not None:
            packed.dropped = drop(told.shape)
            told *= packed.dropped
        logits = told @ self.weights["labels.weight"].T + self.weights["labels.bias"]
        logits = np.exp(logits - logits.max(axis=1, keepdims=True))
        return told, logits / logits.sum(axis=1, keepdims=True)

    def _backward(
        self, packed: _Packed, told: np.ndarray, error: np.ndarray, changes: Weights
    ) -> None:
        changes["labels.weight"][:] = error.T @ told
        changes["labels.bias"][:] = error.sum(axis=0)
        back = error @ self.weights["labels.weight"] * packed.dropped
        back = packed.shares.transpose(0, 2, 1) @ back.reshape(*packed.shares.shape[:2], -1)
        for layer in reversed(self.layers):
            back = layer.backward(back, changes)
        if packed.marks.shape[-1]:
            width = back.shape[-1]
            flat = packed.marks.reshape(-1, packed.marks.shape[-1])
            changes["marks"][:] = flat.T @ back.reshape(-1, width)


class _Packed:
    """Cases of one batch as matrices, padded to the longest."""

    def __init__(self, cases: Sequence[Case]) -> None:
        import numpy as np

        longest = max(len(case.states) for case in cases)
        most = max(sum(map(len, case.parts)) for case in cases)
        width, parts, marked = cases[0].states.shape[1], len(cases[0].parts), cases[0].marked
        self.states = np.zeros((len(cases), longest, width), dtype=np.float32)
        self.void = np.full((len(cases), 1, 1, longest), -1e4, dtype=np.float32)
        self.marks = np.zeros((len(cases), longest, marked), dtype=np.float32)
        self.asked = np.zeros((len(cases), most), dtype=int)
        self.shares = np.zeros((len(cases), parts, most), dtype=np.float32)
        self.dropped: np.ndarray | None = None
        for row, case in enumerate(cases):
            self.states[row, : len(case.states)] = case.states
            self.void[row, ..., : len(case.states)] = 0
            at = 0
            for part, places in enumerate(case.parts):
                if part < marked:
                    self.marks[row, list(places), part] = 1
                self.asked[row, at : at + len(places)] = places
                self.shares[row, part, at : at + len(places)] = 1 / max(1, len(places))
                at += len(places)


def teach(
    weights: Weights,
    first: int,
    cases: Sequence[Case],
    targets: np.ndarray,
    *,
    rounds: int,
    heads: int = HEADS,
) -> Taught:
    """Teach the layers from ``first`` on, of an encoder's named ``weights``, the cases' labels.

    ``targets`` is 1 where a case (row) bears a label (column) and 0 elsewhere; each case bears one.
    ``rounds`` is how often each case is seen. The result depends on the arguments alone.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    taught, flat, sizes = _untaught(weights, first, cases[0], targets, heads, random)
    slopes = np.zeros_like(flat)
    changes = _views(slopes, taught.weights)
    rates = np.concatenate(
        [np.full(size, RATE if name.startswith("encoder.") else NEW_RATE, dtype=np.float32)
         for name, size in sizes.items()]
    )  # fmt: skip
    learner = _Adam(flat, slopes, rates)
    steps = rounds * -(-len(cases) // BATCH)
    step = 0
    for _ in range(rounds):
        for batch in _batches(cases, random):
            step += 1
            packed = _Packed([cases[at] for at in batch])
            told, probability = taught._forward(packed, random)
            error = ((probability - targets[batch]) / len(batch)).astype(np.float32)
            taught._backward(packed, told, error, changes)
            learner.step(min(step / (RISING * steps), (steps - step) / ((1 - RISING) * steps)))
    for layer in taught.layers:
        layer.forget()
    return taught


class _Adam:
    """Steps down the slope, each weight's in proportion to how sure its slope is (Kingma, Ba)."""

    def __init__(self, values: np.ndarray, slopes: np.ndarray, rates: np.ndarray) -> None:
        import numpy as np

        self._all = values, slopes, rates, np.zeros_like(values), np.zeros_like(values)
        self._steps = 0

    def step(self, pace: float) -> None:
        """Change the values by their slopes, ``pace`` times as far as their rates say."""
        import numpy as np

        self._steps += 1
        slopes = self._all[1]
        shorter = min(1.0, _LONGEST_STEP / max(1e-9, float(np.sqrt(slopes @ slopes))))
        pace *= (1 - _SQUARE_MEMORY**self._steps) ** 0.5 / (1 - _SLOPE_MEMORY**self._steps)
        # Piece by piece, each small enough to stay in the processor's own memory.
        for start in range(0, len(slopes), _PIECE):
            value, slope, rate, mean, square = (
                whole[start : start + _PIECE] for whole in self._all
            )
            slope = slope * np.float32(shorter)
            mean *= np.float32(_SLOPE_MEMORY)
            mean += np.float32(1 - _SLOPE_MEMORY) * slope
            square *= np.float32(_SQUARE_MEMORY)
            slope *= slope
            slope *= np.float32(1 - _SQUARE_MEMORY)
            square += slope
            np.sqrt(square, out=slope)
            slope += np.float32(_LEAST_SQUARE)
            np.divide(mean, slope, out=slope)
            slope *= rate
            slope *= np.float32(pace)
            value -= slope


def _batches(cases: Sequence[Case], random: np.random.Generator) -> list[np.ndarray]:
    """All cases in batches at random, those of one batch of about one length."""
    import numpy as np

    order = random.permutation(len(cases))
    batches = []
    for start in range(0, len(order), BATCH * _SORTED_AMONG):
        chunk = order[start : start + BATCH * _SORTED_AMONG]
        chunk = chunk[np.argsort([len(cases[at].states) for at in chunk], kind="stable")]
        batches += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
    return [batches[at] for at in random.permutation(len(batches))]


def _untaught(
    weights: Weights,
    first: int,
    case: Case,
    targets: np.ndarray,
    heads: int,
    random: np.random.Generator,
) -> tuple[Taught, np.ndarray, dict[str, int]]:
    """The encoder's own upper layers with new marks and labels, all weights in one vector."""
    import numpy as np

    last = max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    prefixes = [f"encoder.layer.{number}." for number in range(first, last + 1)]
    own = {n: w for n, w in sorted(weights.items()) if n.startswith(tuple(prefixes))}
    width = case.states.shape[1]
    own["marks"] = random.normal(scale=0.1, size=(case.marked, width))
    own["labels.weight"] = random.normal(
        scale=0.02, size=(targets.shape[1], width * len(case.parts))
    )
    own["labels.bias"] = np.zeros(targets.shape[1])
    flat = np.concatenate([np.ravel(values).astype(np.float32) for values in own.values()])
    named = _views(flat, own)
    layers = [Layer(named, prefix, heads) for prefix in prefixes]
    return Taught(named, layers), flat, {n: w.size for n, w in own.items()}


def _views(flat: np.ndarray, like: Weights) -> Weights:
    named, at = {}, 0
    for name, values in like.items():
        named[name] = flat[at : at + values.size].reshape(values.shape)
        at += values.size
    return named
