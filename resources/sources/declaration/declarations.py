"""All sources of one environment, and the orders in which several are asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from resources.config_errors import ConfigurationError
from resources.sources.declaration.parts import Model
from resources.sources.declaration.source import Declaration

#: File of the configuration that holds the orders in which several sources are asked.
ROUTES_FILE = "routes.yaml"


class Route(Model):
    """A question that several sources can answer, in the order in which they are asked.

    ``until`` is ``answered``: the next is asked only when those before it did not answer, or not
    for every company; ``all``: every one is asked.
    """

    description: str
    sources: tuple[str, ...] = Field(min_length=1)
    until: Literal["answered", "all"] = "answered"


class Declarations(Model):
    """All sources as one environment sees them."""

    environment: str
    replayable: bool
    sources: dict[str, Declaration]
    routes: dict[str, Route] = Field(default_factory=dict)

    def route(self, name: str) -> Route:
        """A declared route. Raises ``ConfigurationError`` for one that is not, and for one that
        names a source that is not: removing a file drop harms nothing but the routes through it.
        """
        route = self.routes.get(name)
        if route is None:
            raise ConfigurationError(
                f"no route {name!r} is declared; declared are {', '.join(self.routes) or 'none'}"
            )
        unknown = [source for source in route.sources if source not in self.sources]
        if unknown:
            raise ConfigurationError(
                f"{ROUTES_FILE} (routes.{name}): sources {unknown} are not declared; "
                f"declared are {sorted(self.sources)}"
            )
        return route

    def __getitem__(self, name: str) -> Declaration:
        try:
            return self.sources[name]
        except KeyError:
            raise ConfigurationError(
                f"no source {name!r} is declared; declared are {', '.join(self.sources)}"
            ) from None
