"""The upper layers of the encoder with what reads labels from them: forth, and the error back.

The last layer is made only for the places that are asked about. Labels are read from the mean
states of those places; where any single word may speak for a label, also from the loudest place.
Where a case is about a pair, one that is exchanged turns the labels round, and the reading weights
are tied so that this holds exactly: what is learned of one order is known of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detection.news.transformer import Layer, Weights

if TYPE_CHECKING:
    import numpy as np

#: Cases in one step; with fewer the processor is wasted, with more a round has few steps.
BATCH = 16
#: Share of values left out at random while learning, so that no single one is relied on.
LEFT_OUT = 0.1
#: Spread of the new weights at first: of marks, which are added to states of about 1, and of
#: labels.
_MARK_SPREAD, _LABEL_SPREAD = 0.1, 0.02
#: Bounds of a label's share of the cases, from which its score at rest is taken.
_SHARES = (2e-3, 0.9)


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked of a text: its lower states (place, width), and the places to be told of.

    ``parts`` are groups of places; each becomes the mean of its places' last states, and these
    means side by side are what labels are read from. ``marks`` names for the first parts the mark
    that their places bear at the first taught layer, each a vector that is learned, so that all
    places can see which words are asked about; two parts with one mark are not told apart by it.
    """

    states: np.ndarray
    parts: tuple[tuple[int, ...], ...]
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """How labels are read.

    ``exclusive``: a case bears exactly one label, else none, one or several. ``exchange`` gives for
    each label the number of that which holds when the first two parts change places (None where no
    pair is asked about). ``loudest``: each label may also be told by one place alone.
    """

    exclusive: bool = True
    exchange: np.ndarray | None = None
    loudest: bool = False


class Packed:
    """Cases of one batch as matrices, padded to the longest."""

    def __init__(self, cases: Sequence[Case]) -> None:
        import numpy as np

        longest = max(len(case.states) for case in cases)
        most = max(sum(map(len, case.parts)) for case in cases)
        width, parts = cases[0].states.shape[1], len(cases[0].parts)
        self.states = np.zeros((len(cases), longest, width), dtype=np.float32)
        self.void = np.full((len(cases), 1, 1, longest), -1e4, dtype=np.float32)
        self.marks = np.zeros((len(cases), longest, marks_of(cases[0])), dtype=np.float32)
        self.asked = np.zeros((len(cases), most), dtype=int)
        self.shares = np.zeros((len(cases), parts, most), dtype=np.float32)
        self.live = np.zeros((len(cases), most, 1), dtype=bool)
        self.tape: dict[str, np.ndarray] = {}
        for row, case in enumerate(cases):
            self.states[row, : len(case.states)] = case.states
            self.void[row, ..., : len(case.states)] = 0
            at = 0
            for part, places in enumerate(case.parts):
                if part < len(case.marks):
                    self.marks[row, list(places), case.marks[part]] = 1
                self.asked[row, at : at + len(places)] = places
                self.shares[row, part, at : at + len(places)] = 1 / max(1, len(places))
                at += len(places)
            self.live[row, :at] = True


def marks_of(case: Case) -> int:
    """Number of different marks."""
    return max(case.marks, default=-1) + 1


@dataclass
class Taught:
    """Upper layers and what reads labels from them."""

    weights: Weights
    layers: list[Layer]
    reading: Reading

    def scores(self, cases: Sequence[Case]) -> np.ndarray:
        """Probability of each label for each case: one row a case."""
        import numpy as np

        made = np.empty((len(cases), len(self.weights["labels.bias"])), dtype=np.float32)
        order = sorted(range(len(cases)), key=lambda at: len(cases[at].states))
        for start in range(0, len(order), 2 * BATCH):
            batch = order[start : start + 2 * BATCH]
            made[batch] = self.forward(Packed([cases[at] for at in batch]), None)
        self.forget()
        return made

    def forget(self) -> None:
        """Drop what the layers remember of the last batch."""
        for layer in self.layers:
            layer.forget()

    def forward(self, packed: Packed, random: Any) -> np.ndarray:
        """Probabilities of a batch; with ``random`` some values are left out, as when learning."""
        import numpy as np

        def drop(shape: tuple[int, ...]) -> np.ndarray:
            kept = random.random(shape, dtype=np.float32) >= LEFT_OUT
            return kept * np.float32(1 / (1 - LEFT_OUT))

        dropping = drop if random is not None else None
        state = packed.states
        if packed.marks.shape[-1]:
            state = state + packed.marks @ self.weights["marks"]
        for layer in self.layers[:-1]:
            state = layer.forward(state, packed.void, None, dropping)
        state = self.layers[-1].forward(state, packed.void, packed.asked, dropping)
        told = (packed.shares @ state).reshape(len(state), -1)
        if dropping:
            packed.tape["told dropped"] = dropping(told.shape)
            told *= packed.tape["told dropped"]
        packed.tape["told"] = told
        logits = told @ self._tied().T + self.weights["labels.bias"]
        if self.reading.loudest:
            if dropping:
                packed.tape["state dropped"] = dropping(state.shape)
                state = state * packed.tape["state dropped"]
            packed.tape["state"] = state
            logits = logits + self._loudest(packed, state)
        if not self.reading.exclusive:
            return 1 / (1 + np.exp(-logits))
        logits = np.exp(logits - logits.max(axis=1, keepdims=True))
        return logits / logits.sum(axis=1, keepdims=True)

    def backward(self, packed: Packed, error: np.ndarray, changes: Weights) -> None:
        """Write the error of all weights, from that of the last batch's scores, to ``changes``."""
        slope = error.T @ packed.tape["told"]
        if self.reading.exchange is not None:
            slope = slope + self._exchanged(slope)[self.reading.exchange]
        changes["labels.weight"][:] = slope
        changes["labels.bias"][:] = error.sum(axis=0)
        back = error @ self._tied() * packed.tape["told dropped"]
        back = packed.shares.transpose(0, 2, 1) @ back.reshape(*packed.shares.shape[:2], -1)
        if self.reading.loudest:
            heard = packed.tape["heard"] * error[:, None, :]
            state = packed.tape["state"]
            changes["loudest.weight"][:] = heard.reshape(-1, heard.shape[-1]).T @ state.reshape(
                -1, state.shape[-1]
            )
            back = back + heard @ self.weights["loudest.weight"] * packed.tape["state dropped"]
        for layer in reversed(self.layers):
            back = layer.backward(back, changes)
        if packed.marks.shape[-1]:
            flat = packed.marks.reshape(-1, packed.marks.shape[-1])
            changes["marks"][:] = flat.T @ back.reshape(-1, back.shape[-1])

    def _tied(self) -> np.ndarray:
        own = self.weights["labels.weight"]
        if self.reading.exchange is None:
            return own
        return own + self._exchanged(own[self.reading.exchange])

    def _exchanged(self, values: np.ndarray) -> np.ndarray:
        """The same with the columns of the first two parts exchanged."""
        width = self.layers[0].width
        parts = values.reshape(len(values), -1, width)
        order = [1, 0, *range(2, parts.shape[1])]
        return parts[:, order].reshape(values.shape)

    def _loudest(self, packed: Packed, state: np.ndarray) -> np.ndarray:
        """A smooth maximum over the places: the logarithm of the mean of their exponentials."""
        import numpy as np

        each = np.where(packed.live, state @ self.weights["loudest.weight"].T, np.float32(-1e4))
        most = each.max(axis=1, keepdims=True)
        each = np.exp(each - most)
        whole = each.sum(axis=1, keepdims=True)
        packed.tape["heard"] = each / whole
        return (most + np.log(whole))[:, 0] - np.log(packed.live.sum(axis=1, dtype=np.float32))


def untaught(
    weights: Weights,
    first: int,
    case: Case,
    targets: np.ndarray,
    reading: Reading,
    heads: int,
    random: np.random.Generator,
) -> tuple[Taught, np.ndarray, dict[str, int]]:
    """The encoder's own layers from ``first`` on, with new marks and labels.

    Beside them all their weights as one vector, of which they are views, and the size of each.
    """
    import numpy as np

    last = max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    prefixes = [f"encoder.layer.{number}." for number in range(first, last + 1)]
    own = {n: w for n, w in sorted(weights.items()) if n.startswith(tuple(prefixes))}
    width, labels = case.states.shape[1], targets.shape[1]
    own["marks"] = random.normal(scale=_MARK_SPREAD, size=(marks_of(case), width))
    own["labels.weight"] = random.normal(
        scale=_LABEL_SPREAD, size=(labels, width * len(case.parts))
    )
    share = np.clip(targets.mean(axis=0), *_SHARES)
    own["labels.bias"] = np.log(share) - (0.0 if reading.exclusive else np.log(1 - share))
    if reading.loudest:
        own["loudest.weight"] = random.normal(scale=_LABEL_SPREAD, size=(labels, width))
    flat = np.concatenate([np.ravel(values).astype(np.float32) for values in own.values()])
    named = views(flat, own)
    layers = [Layer(named, prefix, heads) for prefix in prefixes]
    return Taught(named, layers, reading), flat, {n: w.size for n, w in own.items()}


def views(flat: np.ndarray, like: Weights) -> Weights:
    """Pieces of one vector under the names, and with the shapes, of other values."""
    named, at = {}, 0
    for name, values in like.items():
        named[name] = flat[at : at + values.size].reshape(values.shape)
        at += values.size
    return named
