"""What a sentence encoder tells of two names in a sentence: vectors, and cases to be taught."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detection.news.kernel import Encode
from detection.news.mentions import Mention, ordered
from detection.news.taught import Case
from detection.news.teaching import Lesson

if TYPE_CHECKING:
    import numpy as np

    from detection.news.encoder import Encoder

#: Rounds in which the encoder's upper layers learn the examples.
ROUNDS = 3
#: Word pieces of a name that the taught layers are asked about.
_PIECES = 6


def mention_vectors(encoder: Encoder) -> Encode:
    """Vectors of mentions by an encoder: both names, what stands between them, and the sentence.

    From a middle layer, whose states still tell which word stands where.
    """
    import numpy as np

    def encode(mentions: Sequence[Mention]) -> np.ndarray:
        sentences = list(dict.fromkeys(mention.tokens for mention in mentions))
        states = dict(zip(sentences, encoder.words(sentences), strict=True))
        return np.stack([vector(mention, states[mention.tokens]) for mention in mentions])

    def vector(mention: Mention, states: np.ndarray) -> np.ndarray:
        earlier, later, _ = ordered(mention)
        between = states[earlier[1] + 1 : later[0]]
        return np.concatenate(
            [
                states[mention.first[0] : mention.first[1] + 1].mean(axis=0),
                states[mention.second[0] : mention.second[1] + 1].mean(axis=0),
                between.max(axis=0) if len(between) else np.zeros_like(states[0]),
                states.mean(axis=0),
            ]
        )

    return encode


def mention_lesson(encoder: Encoder) -> Lesson:
    """How mentions are put to the layers that are taught: both names marked, and asked about.

    Both bear the same mark: which of them is the first matters only where labels are read. Beside
    the two names the sentence's opening place is asked about, which gathers the rest.
    """

    def cases(mentions: Sequence[Mention]) -> list[Case]:
        sentences = list(dict.fromkeys(mention.tokens for mention in mentions))
        lower = dict(zip(sentences, encoder.lower_of_words(sentences), strict=True))
        made = []
        for mention in mentions:
            states, words = lower[mention.tokens]
            parts = [
                tuple(at for word in words[span[0] : span[1] + 1] for at in range(*word))[:_PIECES]
                for span in (mention.first, mention.second)
            ]
            made.append(Case(states, (*(part or (0,) for part in parts), (0,)), marks=(0, 0)))
        return made

    return Lesson(encoder, cases, ROUNDS)
