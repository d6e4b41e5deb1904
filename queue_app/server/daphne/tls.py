"""The certificate of a launched server in the form that Twisted wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from zope.interface import implementer

from queue_app.server.network.tls import checked_files, unusable


@implementer(IOpenSSLServerConnectionCreator)
class Certificate:
    """What Twisted asks for an encrypted connection at each handshake."""

    def __init__(self, certfile: str, keyfile: str | None, password: str | None) -> None:
        """Read certificate and key, both PEM. Raises LaunchError when they are unreadable or do not fit together."""
        checked_files(certfile, keyfile)
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        try:
            secret = password.encode() if password is not None else None
            key = load_pem_private_key(Path(keyfile or certfile).read_bytes(), secret)
            context.use_certificate_chain_file(certfile)
            context.use_privatekey(key)  # type: ignore[arg-type]  # a kind that does not fit is refused here
            context.check_privatekey()
        except (SSL.Error, OSError, ValueError, TypeError) as error:
            raise unusable(certfile, keyfile, error) from error
        self._context = context

    def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """A new connection, for Twisted, whose name this is."""
        return SSL.Connection(self._context, None)
