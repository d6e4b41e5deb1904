"""BrowserState: a value that stays in the visitor's browser, also when the page or the server is gone."""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import json
import logging
import secrets
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from blocks_app.exceptions import DeclarationError
from blocks_app.jsonable import plain
from blocks_app.listeners.events import Events
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

log = logging.getLogger(__name__)


class BrowserState(Component):
    """A value per browser, kept in its local storage. As an input a function gets it, as an output it sets it.

    The value is encrypted here, and only opened here: nobody can read it in the browser, nor make one up. A visitor
    can delete it, or bring back an older one of his own, so keep nothing in it in which only the newest counts, such
    as a credit. It must be plain JSON: text, numbers, lists, dicts; of a pydantic model the fields are kept.
    """

    change = Events.change
    private_options: ClassVar[frozenset[str]] = Component.private_options | {"secret", "default_value"}

    def __init__(
        self,
        default_value: Any = None,
        *,
        storage_key: str | None = None,
        secret: str | None = None,
        render: bool = True,
    ) -> None:
        """Declare a value per browser.

        Args:
            default_value: what everyone starts with, also when what was found cannot be opened.
            storage_key: its name in the local storage of the browser, shared by all apps of this address that use the
                same; made from the app's path and the block's number unless given.
            secret: what values are encrypted with; the site's SECRET_KEY unless given. Give one to a launched script
                whose values shall outlive a restart. It never leaves the server.
            render: False keeps it out of the page until `.render()` is called.
        """
        self.default_value = default_value = _plain(default_value)
        self.storage_key = storage_key
        self.secret = secret
        super().__init__(None, render=render)
        self.value = default_value
        self._text(default_value)  # a value that is no JSON is told here, not to the first visitor

    def preprocess(self, payload: Any) -> Any:
        if payload is None:
            return copy.deepcopy(self.default_value)
        value = self._opened(payload)
        if value is None:
            log.info("browser_state.not_ours", extra={"block": self._id})
            return copy.deepcopy(self.default_value)
        return value[0]

    def postprocess(self, value: Any) -> str:
        return self._sealed(value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string", "description": "an encrypted value, as an earlier call has returned it"}

    def example_payload(self) -> str:
        return self._sealed(self.default_value)

    def example_value(self) -> Any:
        return self.default_value

    def _text(self, value: Any) -> str:
        try:
            return json.dumps(_plain(value), default=_numbers, separators=(",", ":"), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise DeclarationError(f"{self.described}: the value must be plain JSON: {error}.") from error

    def _sealed(self, value: Any) -> str:
        """Equal texts for equal values, so that a page knows whether the value has changed."""
        return base64.urlsafe_b64encode(self._cipher().encrypt(self._text(value).encode(), None)).decode()

    def _opened(self, payload: Any) -> tuple[Any] | None:
        """The value in a tuple; None when it was not sealed here."""
        from cryptography.exceptions import InvalidTag  # see _cipher

        try:
            text = self._cipher().decrypt(base64.urlsafe_b64decode(payload.encode()), None)
        except (InvalidTag, ValueError, AttributeError):  # not ours; not base64; no text
            return None
        return (json.loads(text),)

    def _cipher(self) -> AESSIV:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # heavy; only when a value travels

        key = f"blocks.browser_state:{self.storage_key}:{self.secret or _site_secret()}"
        return AESSIV(hashlib.sha512(key.encode()).digest())


def _plain(value: Any) -> Any:
    """The fields of a pydantic model; anything else as it is."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _numbers(value: Any) -> Any:
    """Numbers and arrays of numpy; nothing else that JSON has no word for."""
    if not hasattr(value, "dtype"):
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    return plain(value)


def _site_secret() -> str:
    """The site's SECRET_KEY; without a site, one that lasts as long as this process."""
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        return str(conf.settings.SECRET_KEY)
    return _process_secret()


@functools.cache
def _process_secret() -> str:
    return secrets.token_urlsafe()
