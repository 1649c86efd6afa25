"""How a source knows who asks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from resources.sources.declaration.parts import Model


class Auth(Model):
    """How a source knows who asks. The secret itself is only ever in the environment.

    ``user_agent``: the variable holds a contact that is added to the User-Agent, as the SEC asks.
    ``header``: the variable holds a key that is sent in ``header``; a vendor that also wants its
    user's e-mail address gets it as User-Agent from ``contact_variable``.
    ``query``: the variable holds what goes into ``parameters`` of every question, parted by colons.
    ``oauth``: the variable holds credentials as JSON, or names a file of them; what is sent are the
    short-lived tokens that they buy (docs/sources.md says what each source wants).
    """

    kind: Literal["none", "user_agent", "header", "query", "oauth"] = "none"
    variable: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    header: str | None = None
    prefix: str = Field(default="", description="Written before the key in 'header': 'API '.")
    contact_variable: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    parameters: tuple[str, ...] = ()
    public_value: str | None = Field(
        default=None,
        description="Value used when the variable is unset; only for keys that are no secret, and "
        "only in an environment file.",
    )
    public_contact: str | None = Field(
        default=None, description="The same for the address of ``contact_variable``."
    )

    @model_validator(mode="after")
    def _complete(self) -> Auth:
        if self.kind != "none" and not self.variable:
            raise ValueError(f"auth of kind {self.kind!r} needs 'variable'")
        if self.kind == "header" and not self.header:
            raise ValueError("auth of kind 'header' needs 'header'")
        if self.kind == "query" and not self.parameters:
            raise ValueError("auth of kind 'query' needs 'parameters'")
        if self.contact_variable and self.kind != "header":
            raise ValueError("'contact_variable' belongs to auth of kind 'header'")
        return self
