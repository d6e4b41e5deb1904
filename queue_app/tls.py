"""The certificate of a launched server, for https."""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL

from queue_app.exceptions import LaunchError


class Certificate:
    """What Twisted asks for a context at each connection."""

    def __init__(self, certfile: str, keyfile: str | None, password: str | None) -> None:
        """Read certificate and key, both PEM. Raises LaunchError when they are unreadable or do not fit together."""
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_passwd_cb(lambda *_: (password or "").encode())
        try:
            context.use_certificate_chain_file(certfile)
            context.use_privatekey_file(keyfile or certfile)
            context.check_privatekey()
        except SSL.Error as error:
            raise LaunchError(
                f"The certificate {certfile!r} cannot be used with the key {keyfile or certfile!r}: {error}. "
                "Check both files, and ssl_keyfile_password when the key is encrypted."
            ) from error
        self._context = context

    def getContext(self) -> Any:
        """Twisted's name for it."""
        return self._context
