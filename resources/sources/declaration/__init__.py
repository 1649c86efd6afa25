"""What is declared about each source, typed and validated, and how an environment changes it.

``config/sources.yaml`` says how the world is asked; ``config/environments/<environment>.yaml``
replaces base URLs, rate limits, headers and keys, and nothing else. Secrets never stand in either:
a declaration names the environment variable that holds one.
"""

from resources.sources.declaration.auth import Auth
from resources.sources.declaration.declarations import Declarations, Route
from resources.sources.declaration.loading import declare_providers, load_declarations
from resources.sources.declaration.parts import RateLimit
from resources.sources.declaration.source import Declaration

__all__ = [
    "Auth",
    "Declaration",
    "Declarations",
    "RateLimit",
    "Route",
    "declare_providers",
    "load_declarations",
]
