"""Ports on this machine: where things listen, and whether they are free."""

from __future__ import annotations

import socket

#: Where the market listens when it can: the same address again lets the HTTP cache answer.
MARKET_PORT = 8990


def is_listening(port: int) -> bool:
    """Whether something accepts connections on ``port`` of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port(wanted: int) -> int:
    """``wanted`` when nothing listens there or on the next one, else 0 for any free pair.

    The market's name server listens one port above its HTTP door.
    """
    return 0 if is_listening(wanted) or is_listening(wanted + 1) else wanted
