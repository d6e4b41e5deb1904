"""Finds a port and listens on it at once, so that nobody else can take it in between."""

from __future__ import annotations

import errno
import os
import socket

from queue_app.exceptions import LaunchError

#: Connections that may wait to be accepted; Daphne's own 50 lost 24 of 1,000 simultaneous ones.
BACKLOG = 2048
FIRST_PORT = 7860


class CannotListen(OSError):
    """There is no free port, or the host is no address of this machine."""


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on `port`; with None on the first free one from 7860 on.

    `GRADIO_SERVER_PORT` names the port when none is given, `GRADIO_NUM_PORTS` how many are tried (100).
    Raises CannotListen when none is free, or when `host` is no address of this machine.
    """
    if port is None and (named := os.environ.get("GRADIO_SERVER_PORT")):
        port = _number("GRADIO_SERVER_PORT", named)
    first = FIRST_PORT if port is None else port
    last = (
        first
        if port is not None
        else first + _number("GRADIO_NUM_PORTS", os.environ.get("GRADIO_NUM_PORTS", "100")) - 1
    )
    family, address = _address(host)
    for candidate in range(first, last + 1):
        try:
            return _bind(family, address, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotListen(error.errno, f"Cannot listen on {host}: {error.strerror}.") from error
    if port is not None:
        raise CannotListen(_taken(family, address, first))
    raise CannotListen(
        f"Cannot find empty port in range: {first}-{last}. You can specify a different port by setting the "
        "GRADIO_SERVER_PORT environment variable or passing the `server_port` parameter to `launch()`."
    )


def _taken(family: socket.AddressFamily, address: str, port: int) -> str:
    for candidate in range(port + 1, min(port + 100, 65536)):
        try:
            _bind(family, address, candidate).close()
        except OSError:
            continue
        return (
            f"Cannot find empty port in range: {port}-{port}, as {port} is in use; the next free one is {candidate}, "
            f"which launch(server_port={candidate}) or GRADIO_SERVER_PORT={candidate} takes."
        )
    return f"Cannot find empty port in range: {port}-{port}, as {port} is in use, and so are the next ones."


def _number(name: str, text: str) -> int:
    if not text.strip().isdecimal() or int(text) > 65535:
        raise LaunchError(f"The environment variable {name} must be a number, not {text!r}.")
    return int(text)


def _address(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(error.errno, f"Cannot listen on {host}: {error.strerror}.") from error
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)  # `localhost` is 127.0.0.1 first
    return found[0][0], str(found[0][4][0])


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening
