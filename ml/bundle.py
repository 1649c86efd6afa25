"""A trained model as plain files: one JSON document and LightGBM's own text per booster.

No pickle: what is stored can be read by eye, compared by bytes and loaded by any LightGBM.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.errors import RegistryError

DOCUMENT = "model.json"


@dataclass(frozen=True)
class Bundle:
    """What a model is made of: its settings and its boosters' text."""

    document: Mapping[str, Any]
    boosters: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Write the files into ``folder``, made if needed."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.document, sort_keys=True, indent=1)
        (folder / DOCUMENT).write_text(text, encoding="utf-8")
        for name, booster in self.boosters.items():
            (folder / f"{name}.booster.txt").write_text(booster, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Bundle:
        """Read what ``write`` wrote.

        Raises RegistryError naming the folder when it is not a bundle.
        """
        try:
            document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RegistryError(
                f"no usable model in {folder} ({error}); restore the artifacts, or move the alias "
                "to another version, or train again"
            ) from error
        boosters = {
            path.name.removesuffix(".booster.txt"): path.read_text(encoding="utf-8")
            for path in sorted(folder.glob("*.booster.txt"))
        }
        return cls(document, boosters)
