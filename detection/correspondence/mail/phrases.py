"""The packaged words of mail programs and languages (``detection/data/mail_phrases.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from detection.packaged import read_yaml


@cache
def phrases() -> dict[str, Any]:
    """The file as it is."""
    text = resources.files("detection.data").joinpath("mail_phrases.yaml").read_text("utf-8")
    return read_yaml(text)


def alternatives(listed: Iterable[str], gap: str = r".{0,80}?") -> str:
    """An expression for any of the phrases, longest first; ``{}`` takes ``gap``."""
    ordered = sorted(set(listed), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(p).replace(r"\{\}", gap).replace(r"\ ", r"\s+") for p in ordered)
