"""The certificate of a launched server, for https."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from zope.interface import implementer

from queue_app.exceptions import LaunchError


@implementer(IOpenSSLServerConnectionCreator)
class Certificate:
    """What Twisted asks for an encrypted connection at each handshake."""

    def __init__(self, certfile: str, keyfile: str | None, password: str | None) -> None:
        """Read certificate and key, both PEM. Raises LaunchError when they are unreadable or do not fit together."""
        for name, file in (("ssl_certfile", certfile), ("ssl_keyfile", keyfile)):
            if file is not None and not Path(file).is_file():
                raise LaunchError(f"`{name}` names no file: {file!r}.")
        if keyfile is None and b"PRIVATE KEY-----" not in Path(certfile).read_bytes():
            raise LaunchError("ssl_keyfile must be provided if ssl_certfile holds no private key itself.")
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        try:
            secret = password.encode() if password is not None else None
            key = load_pem_private_key(Path(keyfile or certfile).read_bytes(), secret)
            context.use_certificate_chain_file(certfile)
            context.use_privatekey(key)  # type: ignore[arg-type]  # a kind that does not fit is refused here
            context.check_privatekey()
        except (SSL.Error, OSError, ValueError, TypeError) as error:
            raise LaunchError(
                f"The certificate {certfile!r} cannot be used with the key {keyfile or certfile!r}: {error}. "
                "Check both files, and ssl_keyfile_password when the key is encrypted."
            ) from error
        self._context = context

    def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """A new connection, for Twisted, whose name this is."""
        return SSL.Connection(self._context, None)


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
