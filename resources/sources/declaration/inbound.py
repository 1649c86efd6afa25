"""Sources that are not asked: folders for exports, and webhooks; each has a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from resources.config_files import validated
from resources.mapped.mapping import FileMapping, RecordMapping
from resources.sources.declaration.parts import Family, Model, Terms


class Drop(Model):
    """One file of ``config/drops``: a folder for exports and how they are read."""

    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    folder: str | None = Field(
        default=None,
        description="Folder or fsspec URL; default <home>/drops/<name>. A relative one lies below "
        "the home; BUYING_SIGNALS_DROPS moves all the default ones.",
    )
    freshness_hours: float = Field(default=336, gt=0)
    publication_lag_hours: float = Field(default=0, ge=0)
    max_file_bytes: int = Field(default=200_000_000, ge=1_000)
    settle_seconds: float = Field(
        default=5, ge=0, description="A file younger than this may still be being written."
    )
    terms: Terms
    files: tuple[FileMapping, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Drop:
        names = [mapping.name for mapping in self.files]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two entries of 'files' are named {twice[0]!r}; name them apart")
        return self


class Webhook(Model):
    """One file of ``config/webhooks``: who may send events, and how they are read."""

    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    secret_variable: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Environment variable of the secret that requests are signed with.",
    )
    proof: Literal["signature", "token"] = Field(
        default="signature",
        description="How a sender shows who it is: by signing with the secret, or, for a vendor "
        "that signs nothing, by the secret at the end of the address. What such a vendor sends "
        "gets the day it came as `received_on`.",
    )
    freshness_hours: float = Field(default=168, gt=0)
    publication_lag_hours: float = Field(default=0, ge=0)
    max_body_bytes: int = Field(default=262_144, ge=1_000, le=10_000_000)
    keep_days: float = Field(
        default=30, ge=0, description="How long the inbox keeps what the lake holds already."
    )
    terms: Terms
    event: RecordMapping

    @model_validator(mode="after")
    def _has_ids(self) -> Webhook:
        if not self.event.id_columns:
            raise ValueError("event.id_columns must say which fields hold the event's own id")
        return self


def declaration_of_drop(name: str, settings: dict[str, Any], path: Path) -> dict[str, Any]:
    """A drop's file as a declaration: what is the same for all drops is filled in."""
    drop = validated(Drop, settings, path)
    return {
        "families": drop.families,
        "description": drop.description,
        "base_urls": {"folder": drop.folder or f"${{BUYING_SIGNALS_DROPS:-drops}}/{name}"},
        "rate_limit": {"requests": 100, "per_seconds": 1},
        "concurrency": 1,
        "max_body_bytes": drop.max_file_bytes,
        "freshness_hours": drop.freshness_hours,
        "publication_lag_hours": drop.publication_lag_hours,
        "terms": drop.terms.model_dump(),
        "kind": "event",
        "connector": "file_drop",
        "files": [mapping.model_dump() for mapping in drop.files],
        "streams": list(dict.fromkeys(mapping.type.stream for mapping in drop.files)),
        "options": {"settle_seconds": drop.settle_seconds},
    }


def declaration_of_webhook(name: str, settings: dict[str, Any], path: Path) -> dict[str, Any]:
    """A webhook's file as a declaration."""
    hook = validated(Webhook, settings, path)
    return {
        "families": hook.families,
        "description": hook.description,
        "base_urls": {"inbox": "${BUYING_SIGNALS_WEBHOOK_INBOX:-webhooks/inbox.sqlite}"},
        "rate_limit": {"requests": 100, "per_seconds": 1},
        "concurrency": 1,
        "max_body_bytes": hook.max_body_bytes,
        "freshness_hours": hook.freshness_hours,
        "publication_lag_hours": hook.publication_lag_hours,
        "terms": hook.terms.model_dump(),
        "kind": "event",
        "connector": "webhook",
        "events": hook.event.model_dump(),
        "streams": [hook.event.type.stream],
        "options": {
            "secret_variable": hook.secret_variable,
            "keep_days": hook.keep_days,
            "proof": hook.proof,
        },
    }
