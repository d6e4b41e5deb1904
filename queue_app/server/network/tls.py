"""The certificate of a launched server, for https: whether its files will do, and whether visitors will trust it."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

from queue_app.exceptions import LaunchError


def checked_files(certfile: str, keyfile: str | None) -> None:
    """Raise LaunchError when one of the files is not there, or no private key is in them."""
    for name, file in (("ssl_certfile", certfile), ("ssl_keyfile", keyfile)):
        if file is not None and not Path(file).is_file():
            raise LaunchError(f"`{name}` names no file: {file!r}.")
    if keyfile is None and b"PRIVATE KEY-----" not in Path(certfile).read_bytes():
        raise LaunchError("ssl_keyfile must be provided if ssl_certfile holds no private key itself.")


def unusable(certfile: str, keyfile: str | None, error: Exception) -> LaunchError:
    """What to raise when a server's library does not take certificate and key."""
    return LaunchError(
        f"The certificate {certfile!r} cannot be used with the key {keyfile or certfile!r}: {error}. "
        "Check both files, and ssl_keyfile_password when the key is encrypted."
    )


def verify(host: str, port: int) -> None:
    """Raise LaunchError when the certificate served there would not be trusted: expired, self-signed, incomplete.

    Its name is left alone: the address to listen on is rarely the one that visitors use.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    try:
        with socket.create_connection((host, port), timeout=30) as plain, context.wrap_socket(plain):
            pass
    except ssl.SSLCertVerificationError as error:
        raise LaunchError(
            f"The certificate would not be trusted: {error}. Pass `ssl_verify=False` to launch() for a self-signed one."
        ) from error
