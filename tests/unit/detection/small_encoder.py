"""A sentence encoder of two small layers with invented weights, and what cuts words for it."""

from __future__ import annotations

import numpy as np

WIDTH, INNER = 24, 40


def invented_weights() -> dict[str, np.ndarray]:
    """Weights of an invented encoder of two layers."""
    random = np.random.default_rng(3)

    def some(*shape: int) -> np.ndarray:
        return random.normal(scale=0.3, size=shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": some(50, WIDTH),
        "embeddings.position_embeddings.weight": some(260, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": some(WIDTH) + 1, "embeddings.LayerNorm.bias": some(WIDTH),
    }  # fmt: skip
    for layer in range(2):
        name = f"encoder.layer.{layer}."
        sizes = {"intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER)}
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            sizes[f"attention.{part}"] = (WIDTH, WIDTH)
        for part, shape in sizes.items():
            made |= {f"{name}{part}.weight": some(*shape), f"{name}{part}.bias": some(shape[0])}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            made |= {f"{name}{part}.weight": some(WIDTH) + 1, f"{name}{part}.bias": some(WIDTH)}
    return made


class Pieces:
    """Cuts words to letters, numbered."""

    class Cut:
        def __init__(self, ids: list[int]) -> None:
            self.ids = ids

    def token_to_id(self, mark: str) -> int:
        return {"[CLS]": 1, "[SEP]": 2}[mark]

    def encode_batch(self, texts: list[str], add_special_tokens: bool = True) -> list[Cut]:
        made = [[3 + ord(c) % 40 for c in text] for text in texts]
        return [self.Cut([1, *own, 2] if add_special_tokens else own) for own in made]
