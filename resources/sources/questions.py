"""What a declaration says of a source that answers JSON: what to ask, and where the records are."""

from __future__ import annotations

import string
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from resources.mapped.mapping import RecordMapping

#: What a question may name of a company.
COMPANY_FIELDS = frozenset({"name", "domain", "cik"})


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Paging(_Model):
    """How to come to the next page.

    ``page`` and ``offset`` count ``parameter`` up by one and by the records of a page; ``cursor``
    puts what the answer holds at ``next`` into ``parameter``; ``url`` follows the address there.
    """

    kind: Literal["page", "offset", "cursor", "url"]
    parameter: str = ""
    first: int = Field(default=0, description="Where counting begins; for pages often 1.")
    size: int | None = Field(default=None, ge=1, description="A page with fewer is the last.")
    next: str = ""
    max_pages: int = Field(default=1000, ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Paging:
        if self.kind != "url" and not self.parameter:
            raise ValueError(f"paging of kind {self.kind!r} needs 'parameter'")
        if self.kind in ("cursor", "url") and not self.next:
            raise ValueError(f"paging of kind {self.kind!r} needs 'next'")
        return self


class Question(_Model):
    """One thing to ask: ``path`` below a base URL, ``params``, and what the answer's records are.

    ``{domain}``, ``{name}`` and ``{cik}`` are filled in for each company when asked ``per``
    company; companies that lack one of those named are not asked about.
    """

    base: str = Field(default="api", description="Which of 'base_urls'.")
    path: str = Field(default="", description="Begins with a slash.")
    params: dict[str, str | int] = Field(default_factory=dict)
    per: Literal["source", "company"] = "source"
    records: str = Field(default="", description="Path to the list; empty: the answer is the list.")
    paging: Paging | None = None
    record: RecordMapping | None = Field(
        default=None, description="Makes records of a known type; else they are kept as they come."
    )
    store: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Stream of records kept as they come.",
    )
    id: tuple[str, ...] = Field(default=(), description="Fields that name such a record.")
    observed_at: str | None = Field(default=None, description="Field with its time of change.")
    url: str | None = Field(default=None, description="Field with its own page.")

    @field_validator("id", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> Question:
        if (self.record is None) == (self.store is None):
            raise ValueError("give either 'record' (a mapping) or 'store' (a stream)")
        if self.store is not None and not self.id:
            raise ValueError("'id' must say which fields name a record")
        unknown = self.needs() - COMPANY_FIELDS
        if unknown or (self.needs() and self.per != "company"):
            raise ValueError(
                f"{sorted(self.needs())} can only be filled in per company, and only "
                f"{sorted(COMPANY_FIELDS)}"
            )
        return self

    @property
    def stream(self) -> str:
        """The lake stream that the records go to."""
        return self.record.type.stream if self.record is not None else str(self.store)

    def needs(self) -> set[str]:
        """What the question names of a company."""
        texts = [self.path, *(value for value in self.params.values() if isinstance(value, str))]
        return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
