"""What readers know beside the project's own: fingerprints, mail providers, the trade's words.

The one place that reads the user's files; ``detection`` gets what is in them. Knows nothing of
Dagster, so that worker processes start fast.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detection import compiled, fingerprints, mail_providers
from detection.correspondence.rfq.vocabulary import (
    Vocabulary,
    install_vocabulary,
    read_vocabulary,
)
from detection.errors import UnreadableError
from detection.readers.crm_rows import install_headers
from resources.config_errors import ConfigurationError
from resources.file_cache import FileCache
from resources.settings import Settings


@dataclass(frozen=True)
class Knowledge:
    """Where readers find what is not in the project; travels to worker processes."""

    compiled: Path
    fingerprints: Path | None = None
    mail_providers: Path | None = None
    #: The words of the user's trade; where there is no such file, none are known.
    vocabulary: Path | None = None
    #: Where sources are declared, with the headers that users name for their CRM's reports.
    config_dir: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> Knowledge:
        """As the settings say."""
        return cls(settings.compiled_patterns, settings.fingerprints, settings.mail_providers,
                   vocabulary_file(settings), settings.config_dir)  # fmt: skip

    def install(self) -> None:
        """Have this process's readers use it; made when first needed."""
        compiled.keep_in(FileCache(self.compiled))
        fingerprints.install_engine(_EngineMaker(self))
        mail_providers.install_providers(_MapMaker(self) if self.mail_providers else None)
        install_headers(_HeadersMaker(self.config_dir) if self.config_dir else None)
        install_vocabulary(_VocabularyMaker(self.vocabulary) if self.vocabulary else None)

    def engine(self) -> fingerprints.FingerprintEngine:
        """The engine that the settings ask for."""
        technologies = fingerprints.own_technologies()
        edition = ""
        if self.fingerprints is not None:
            theirs = read_webappanalyzer(self.fingerprints)
            technologies = fingerprints.merge_technologies(technologies, theirs)
            edition = f"+webappanalyzer:{len(theirs)}"
        return fingerprints.FingerprintEngine(
            technologies, cache=FileCache(self.compiled), edition=edition
        )

    def providers(self) -> mail_providers.MailProviders:
        """The map of mail providers that the settings ask for."""
        if self.mail_providers is None:
            return mail_providers.own_providers()
        return mail_providers.own_providers().with_map(
            _read(self.mail_providers, "BUYING_SIGNALS_MAIL_PROVIDERS")
        )


@dataclass(frozen=True)
class _EngineMaker:
    """Makes the engine; equal for equal settings, so that it is not made twice."""

    knowledge: Knowledge

    def __call__(self) -> fingerprints.FingerprintEngine:
        return self.knowledge.engine()


@dataclass(frozen=True)
class _MapMaker:
    knowledge: Knowledge

    def __call__(self) -> mail_providers.MailProviders:
        return self.knowledge.providers()


@dataclass(frozen=True)
class _VocabularyMaker:
    file: Path

    def __call__(self) -> Vocabulary:
        return read_vocabulary(_read(self.file, "config/vocabulary.yaml"), str(self.file))


@dataclass(frozen=True)
class _HeadersMaker:
    config_dir: Path

    def __call__(self) -> dict[str, dict[str, str]]:
        from resources.sources.declaration.headers import declared_headers

        return declared_headers(self.config_dir)


def vocabulary_file(settings: Settings) -> Path | None:
    """The file of the trade's words; None where the user has none."""
    file = settings.config_dir / "vocabulary.yaml"
    return file if file.exists() else None


def read_webappanalyzer(folder: Path) -> tuple[fingerprints.Technology, ...]:
    """Technologies of a webappanalyzer set: ``categories.json`` and ``technologies/*.json``.

    ``folder`` may also be the repository, whose ``src`` holds them. Raises ``ConfigurationError``
    naming the file that is missing or unreadable.
    """
    base = folder / "src" if (folder / "src" / "technologies").is_dir() else folder
    files = sorted((base / "technologies").glob("*.json"))
    if not files:
        raise ConfigurationError(
            f"{folder} holds no technologies/*.json; BUYING_SIGNALS_FINGERPRINTS names the folder "
            "of a webappanalyzer set"
        )
    technologies: dict[str, Any] = {}
    for path in files:
        technologies |= _json(path)
    try:
        loaded = fingerprints.load_webappanalyzer(technologies, _json(base / "categories.json"))
    except UnreadableError as error:
        raise ConfigurationError(f"{folder}: {error.reason}") from error
    return loaded.technologies


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read(path, "BUYING_SIGNALS_FINGERPRINTS"))
    except ValueError as error:
        raise ConfigurationError(f"{path} is not readable JSON: {error}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} must hold a JSON object")
    return content


def _read(path: Path, variable: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} ({variable}) cannot be read: {error}") from error
