"""One cheap question to a source of correspondence: what works, or what to change.

Nothing is stored and no cursor moves, so it may be asked at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resources.config_errors import ConfigurationError
from resources.http import PoliteSession, RefusedError, SourceError, TransientError
from resources.sources.connectors.base import Context, NotConfiguredError
from resources.sources.ingestion import Services
from resources.sources.registry import PROBES
from resources.state import get_cursors

Status = Literal["works", "not_configured", "refused", "unreachable", "failed"]


@dataclass(frozen=True)
class Probe:
    """What came of the question: a sentence in ``told``, and what to do in ``remedy``."""

    source: str
    connector: str
    status: Status
    told: str
    remedy: str | None = None

    @property
    def works(self) -> bool:
        """Whether the source can be read."""
        return self.status == "works"


def correspondence_sources(services: Services) -> list[str]:
    """Declared sources of correspondence, in the order of their declaration."""
    declared = services.declarations.sources.items()
    return [name for name, item in declared if "correspondence" in item.families]


def probe(source: str, services: Services) -> Probe:
    """Ask a source. Raises ``ConfigurationError`` for one that is not one of correspondence."""
    declaration = services.declarations[source]
    is_own = declaration.connector == "own"
    question = PROBES.get(source if is_own else declaration.connector)
    if question is None:
        raise ConfigurationError(
            f"{source!r} is no source of correspondence; there are "
            f"{', '.join(correspondence_sources(services))}"
        )

    def found(status: Status, told: str, remedy: str | None = None) -> Probe:
        return Probe(source, source if is_own else declaration.connector, status, told, remedy)

    missing = declaration.missing(services.environ)
    if missing:
        return found(
            "not_configured",
            f"off: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            f"set {', '.join(missing)} (docs/runbooks/connect-correspondence.md)",
        )
    day = services.clock.today()
    with PoliteSession(declaration, day, environ=services.environ, sleep=services.sleep) as session:
        context = Context(
            declaration=declaration,
            session=session,
            lake=services.lake,
            cursors=get_cursors(services.state, source),
            day=day,
            fetched_at=services.clock.fetch_time(day),
            environ=services.environ,
            home=services.home,
        )
        try:
            return found("works", question(context))
        except NotConfiguredError as error:
            return found("not_configured", str(error), "correct it and ask again")
        except RefusedError as error:
            variable = declaration.auth.variable
            return found(
                "refused",
                session.redact(error.problem),
                f"see docs/runbooks/connect-correspondence.md for {declaration.connector}"
                + (f" and look at {variable}" if variable else ""),
            )
        except TransientError as error:
            return found(
                "unreachable",
                session.redact(error.problem),
                "ask again later; if it stays so, look at the network and the vendor's status page",
            )
        except SourceError as error:
            return found("failed", session.redact(error.problem), "look at base_urls and options")
