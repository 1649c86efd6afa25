"""Teaching the upper layers of the encoder on the task itself, on a processor and in minutes.

What the encoder's vectors tell is what its authors taught it: what a text is about. Which of two
companies buys the other lies in states that such a vector averages away. Here the lower layers stay
as they are, so that their states are made once, and only the layers above them (``taught``) learn,
by gradient descent over the examples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detection.news.taught import BATCH, Case, Packed, Reading, Taught, untaught, views
from detection.news.transformer import HEADS, Weights

if TYPE_CHECKING:
    import numpy as np

    from detection.news.encoder import Encoder

#: Batches among which cases are sorted by length, so that little is padded.
_SORTED_AMONG = 16
#: Rate of learning of the layers and of what is new above them, and the share of the steps over
#: which it rises; from there it falls to nothing.
RATE, NEW_RATE, RISING = 2e-4, 2e-3, 0.1
#: Adam's memory of the slope and of its square, and what keeps the square from nought.
_SLOPE_MEMORY, _SQUARE_MEMORY, _LEAST_SQUARE = 0.9, 0.98, 1e-8
#: Longest step, as the length of the whole gradient.
_LONGEST_STEP = 1.0
#: Seed of new weights, of the order of the examples and of what is left out.
SEED = 0
#: Weights that are changed at a time.
_PIECE = 32_768


@dataclass(frozen=True)
class Lesson:
    """How the items of a task (sentences, mentions) are put to an encoder's upper layers.

    ``cases`` makes them, in the order of the items; ``rounds`` is how often each item is seen.
    """

    encoder: Encoder
    cases: Callable[[Sequence[Any]], list[Case]]
    rounds: int

    def learn(
        self,
        items: Sequence[Any],
        targets: np.ndarray,
        reading: Reading,
        label_weights: np.ndarray | None = None,
    ) -> Callable[[Sequence[Any]], np.ndarray]:
        """From items to the probability of each label, learned as :func:`teach` says."""
        taught = teach(
            self.encoder.weights,
            self.encoder.lower_layers,
            self.cases(items),
            targets,
            reading,
            rounds=self.rounds,
            label_weights=label_weights,
            heads=self.encoder.heads,
        )
        return lambda asked: taught.scores(self.cases(asked))


def teach(
    weights: Weights,
    first: int,
    cases: Sequence[Case],
    targets: np.ndarray,
    reading: Reading,
    *,
    rounds: int,
    label_weights: np.ndarray | None = None,
    heads: int = HEADS,
) -> Taught:
    """Teach the layers from ``first`` on, of an encoder's named ``weights``, the cases' labels.

    ``targets`` is 1 where a case (row) bears a label (column) and 0 elsewhere. ``rounds`` is how
    often each case is seen, ``label_weights`` how much each label's error counts (all 1 by
    default). The result depends on the arguments alone.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    taught, flat, sizes = untaught(weights, first, cases[0], targets, reading, heads, random)
    slopes = np.zeros_like(flat)
    changes = views(slopes, taught.weights)
    rates = np.concatenate(
        [np.full(size, RATE if name.startswith("encoder.") else NEW_RATE, dtype=np.float32)
         for name, size in sizes.items()]
    )  # fmt: skip
    weighing = np.ones(targets.shape[1]) if label_weights is None else label_weights
    learner = _Adam(flat, slopes, rates)
    steps = rounds * -(-len(cases) // BATCH)
    step = 0
    for _ in range(rounds):
        for batch in _batches(cases, random):
            step += 1
            packed = Packed([cases[at] for at in batch])
            error = (taught.forward(packed, random) - targets[batch]) * weighing / len(batch)
            taught.backward(packed, error.astype(np.float32), changes)
            learner.step(min(step / (RISING * steps), (steps - step) / ((1 - RISING) * steps)))
    taught.forget()
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
