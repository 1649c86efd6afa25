"""Who must not be asked about, and whose data must not be written.

``config/suppressions.yaml`` lists keyed hashes (HMAC-SHA256), so that the list itself names nobody.
The key is in the environment variable ``BUYING_SIGNALS_SUPPRESSION_KEY``. A list that cannot be
read for want of its key lets nothing personal through.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from resources.config_errors import ConfigurationError
from resources.config_files import load_config
from resources.enrichment.values import Subject, email, linkedin, phone

KEY_VARIABLE = "BUYING_SIGNALS_SUPPRESSION_KEY"
FILE = "suppressions.yaml"


class _File(BaseModel):
    """The file: hashes as 64 hexadecimal digits."""

    model_config = ConfigDict(extra="forbid")

    hashes: list[str] = Field(default_factory=list)


def identifiers(kind: str, value: str, domain: str | None = None) -> str | None:
    """The written form under which an identifier is hashed; None when it is not usable.

    Kinds: ``email``, ``linkedin``, ``phone``, ``domain``, and ``name`` (of a person at ``domain``).
    """
    match kind:
        case "email":
            said = email(value)
        case "linkedin":
            said = linkedin(value)
            said = said.lower() if said else None
        case "phone":
            said = phone(value)
            said = said.lstrip("+") if said else None
        case "domain":
            said = value.strip().lower().removeprefix("www.") or None
        case "name":
            folded = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
            words = re.findall(r"[a-z0-9]+", folded.casefold())
            said = f"{' '.join(words)}@{domain}" if words and domain else None
        case _:
            raise ValueError(f"no identifier is of kind {kind!r}")
    return f"{kind}:{said}" if said else None


@dataclass(frozen=True)
class Suppressions:
    """The list. ``is_readable`` is False when there are hashes and no key to compare with."""

    hashes: frozenset[str] = frozenset()
    key: bytes = b""

    @property
    def is_readable(self) -> bool:
        """Whether the list can be compared with anything."""
        return bool(self.key) or not self.hashes

    def digest(self, identifier: str) -> str:
        """The keyed hash of an identifier."""
        return hmac.new(self.key, identifier.encode(), hashlib.sha256).hexdigest()

    def holds(self, kind: str, value: str, domain: str | None = None) -> bool:
        """Whether an identifier is on the list."""
        if not self.hashes or not self.key:
            return False
        said = identifiers(kind, value, domain)
        return said is not None and self.digest(said) in self.hashes

    def forbids(self, subject: Subject, values: Iterable[tuple[str, str]] = ()) -> str | None:
        """Why a person must be left alone, or None.

        ``values`` are pairs of field (email, linkedin_url, phone) and value that an answer brought,
        beside what is known of the subject. Companies are no persons and pass.
        """
        if subject.entity != "person":
            return None
        if not self.is_readable:
            return f"{FILE} holds hashes, and {KEY_VARIABLE} is not set"
        told = [(field, value) for field, (value, _) in subject.given.items()]
        for field, value in [*told, *values]:
            kind = {"email": "email", "linkedin_url": "linkedin", "phone": "phone"}.get(field)
            if kind and self.holds(kind, value):
                return "on the suppression list"
            if kind == "email" and self.holds("domain", value.rsplit("@", 1)[-1]):
                return "the domain is on the suppression list"
        if subject.domain:
            if self.holds("domain", subject.domain):
                return "the domain is on the suppression list"
            if self.holds("name", subject.name, subject.domain):
                return "on the suppression list"
        return None


def load_suppressions(config_dir: Path, environ: Mapping[str, str] | None = None) -> Suppressions:
    """Read the list; one that is not there is empty. Raises ``ConfigurationError``."""
    environ = os.environ if environ is None else environ
    path = config_dir / FILE
    if not path.exists():
        return Suppressions()
    said = load_config(path, _File)
    wrong = [item for item in said.hashes if not re.fullmatch(r"[0-9a-f]{64}", item)]
    if wrong:
        raise ConfigurationError(
            f"{path}: {len(wrong)} of 'hashes' are no HMAC-SHA256 in 64 hexadecimal digits; add "
            "people by `python -m orchestration suppress`"
        )
    return Suppressions(frozenset(said.hashes), environ.get(KEY_VARIABLE, "").encode())


def add_suppression(config_dir: Path, identifier: str, key: bytes) -> bool:
    """Put the keyed hash of an identifier on the list; False when it was there.

    Raises ``ConfigurationError`` without a key: a plain hash of an address can be guessed back.
    """
    if not key:
        raise ConfigurationError(f"set {KEY_VARIABLE} to a secret of your own first")
    path = config_dir / FILE
    held = load_suppressions(config_dir, {KEY_VARIABLE: key.decode()})
    digest = held.digest(identifier)
    if digest in held.hashes:
        return False
    head = "".join(
        line for line in (path.read_text("utf-8") if path.exists() else "").splitlines(True)
        if line.startswith("#")
    )  # fmt: skip
    listed = yaml.safe_dump({"hashes": sorted({*held.hashes, digest})})
    temporary = path.with_suffix(".tmp")
    temporary.write_text(head + listed, "utf-8")
    os.replace(temporary, path)
    return True
