"""The certificate of a launched server, for https."""

from __future__ import annotations

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
