"""Ports for the servers that tests start.

They lie below those that the system gives to outgoing connections: between the moment a port is found free and the
moment a server listens on it, a browser of another test could otherwise be given that very port.
"""

from __future__ import annotations

import atexit
import random
import socket
import sys
from pathlib import Path

LOWEST = 10_000
#: With the locks, which close as this process ends: an unclosed socket is a warning, and those are errors.
_handed_out: dict[int, socket.socket] = {}


@atexit.register
def _give_back() -> None:
    for lock in _handed_out.values():
        lock.close()


def _highest() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError):
        return 32_768


def free_port() -> int:
    """A port that nobody listens on, and that was not given to another test, of whichever process."""
    highest = max(_highest(), LOWEST + 10_000)
    while True:
        port = random.randrange(LOWEST, highest)
        if port in _handed_out or (lock := _lock(port)) is None:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                lock.close()
                continue
        _handed_out[port] = lock
        return port


def _lock(port: int) -> socket.socket | None:
    """What keeps other processes of tests from this port as long as this one lives; None where one of them has it.

    Nobody need listen on it for that: a server that is started later, or killed and started again, finds it free.
    """
    lock = socket.socket(socket.AF_UNIX)
    try:
        if sys.platform == "linux":  # its names need no file, and go with the process
            lock.bind(f"\0blocks-tests-port-{port}")
    except OSError:
        lock.close()
        return None
    return lock


def free_ports(count: int) -> list[int]:
    """So many of them."""
    return [free_port() for _ in range(count)]
