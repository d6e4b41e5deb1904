"""Ports for the servers that tests start.

They lie below those that the system gives to outgoing connections: between the moment a port is found free and the
moment a server listens on it, a browser of another test could otherwise be given that very port.
"""

from __future__ import annotations

import random
import socket
from pathlib import Path

LOWEST = 10_000
_handed_out: set[int] = set()


def _highest() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError):
        return 32_768


def free_port() -> int:
    """A port that nobody listens on, and that was not given to another test of this process."""
    highest = max(_highest(), LOWEST + 10_000)
    while True:
        port = random.randrange(LOWEST, highest)
        if port in _handed_out:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _handed_out.add(port)
        return port


def free_ports(count: int) -> list[int]:
    """So many of them."""
    return [free_port() for _ in range(count)]
