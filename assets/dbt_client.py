"""dbt's command line, run by the process that has read the project already; else dbt's own.

Started as a script in dbt's place (``assets.warehouse.dbt_resource``), so it imports nothing but
the standard library. Whoever kills it ends the command: the other side sees the connection close.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from pathlib import Path

#: Variable that names the socket of the process that has read the project (``assets.warm_dbt``).
SOCKET = "BUYING_SIGNALS_DBT_SOCKET"
#: What is sent ahead of a request: its length in bytes.
LENGTH = struct.Struct("!Q")
#: What the other side says when it begins; the exit code follows at the end.
BEGUN = b"+"
#: Exit code of a command whose process was lost.
LOST = 2


def dbt_executable() -> str:
    """dbt's own command, the one installed beside this interpreter."""
    return str(Path(sys.executable).parent / "dbt")


def main(arguments: list[str]) -> int:
    """Exit code of ``dbt <arguments>``; does not return where dbt itself takes over."""
    code = ask(os.environ.get(SOCKET, ""), arguments)
    if code is None:
        os.execv(dbt_executable(), ["dbt", *arguments])
    return code


def ask(address: str, arguments: list[str]) -> int | None:
    """Exit code of a command run at ``address``; None when nobody there began it."""
    if not address:
        return None
    request = json.dumps(
        {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}
    ).encode()
    begun = False
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(address)
            socket.send_fds(connection, [LENGTH.pack(len(request))], [1, 2])
            connection.sendall(request)
            begun = connection.recv(1) == BEGUN
            code = connection.recv(1) if begun else b""
    except OSError:
        code = b""
    if not begun:
        return None
    return code[0] if code else LOST


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
