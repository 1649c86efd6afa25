"""Start the HTTP door: ``python -m api --port 8080``.

It listens on this machine only unless told otherwise, and speaks plain HTTP: before it faces the
internet, put a proxy that speaks TLS in front of it.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from api.app import Hook, create_app
from resources.config_errors import ConfigurationError
from resources.settings import load_settings
from resources.sources.declaration import Declarations, load_declarations

#: Connections at once; more are told to come again.
MOST_CONNECTIONS = 500


def hooks_of(declarations: Declarations, environ: Mapping[str, str]) -> dict[str, Hook]:
    """Hooks of the declared webhooks whose secret is set (several, divided by commas).

    Raises ``ConfigurationError`` for a secret that is too short to be one, and when none is set.
    """
    hooks, unset = {}, []
    for name, declared in declarations.sources.items():
        if declared.connector != "webhook" or declared.events is None:
            continue
        variable = str(declared.options["secret_variable"])
        secrets = tuple(part.strip() for part in environ.get(variable, "").split(",") if part)
        if not secrets:
            unset.append(variable)
            continue
        if min(map(len, secrets)) < 16:
            raise ConfigurationError(
                f"{variable} holds a secret of fewer than 16 characters; make one by "
                "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
            )
        hooks[name] = Hook(
            name, secrets, declared.events, declared.max_body_bytes, declared.options["proof"]
        )
    if not hooks:
        raise ConfigurationError(f"no webhook has a secret: set {', '.join(sorted(set(unset)))}")
    return hooks


def inbox_of(declarations: Declarations, home: Path, environ: Mapping[str, str]) -> Path:
    """The inbox that all declared webhooks share."""
    for declared in declarations.sources.values():
        if declared.connector == "webhook":
            return home / Path(declared.urls(environ)["inbox"]).expanduser()
    raise ConfigurationError("config/webhooks declares no webhook")


def main() -> None:
    """Serve until told to end; what was taken is written before."""
    import uvicorn

    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8080, help="port; 0 for any that is free")
    parser.add_argument("--port-file", type=Path, help="file to write the port to, once listening")
    chosen = parser.parse_args()
    settings = load_settings()
    try:
        declarations = load_declarations(settings.config_dir, settings.environment)
        app = create_app(
            hooks_of(declarations, os.environ), inbox_of(declarations, settings.home, os.environ)
        )
    except ConfigurationError as error:
        sys.exit(str(error))
    listener = socket.create_server((chosen.host, chosen.port), backlog=1024)
    port = listener.getsockname()[1]
    if chosen.port_file:
        chosen.port_file.write_text(str(port), "utf-8")
    print(f"webhooks are taken at http://{chosen.host}:{port}/webhooks/<source>", flush=True)
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=15, server_header=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
