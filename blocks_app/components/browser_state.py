"""BrowserState: a value that stays in the visitor's browser, also when the page or the server is gone."""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import json
import secrets
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.jsonable import plain
from blocks_app.listeners.events import Events
from blocks_app.logs import logger
from blocks_app.tree import context
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

log = logger(__name__)


class BrowserState(Component):
    """A value per browser, kept in its local storage. As an input a function gets it, as an output it sets it.

    The value is encrypted here, and only opened here: nobody can read it in the browser, nor make one up. It counts
    for its own visitor (all who have not logged in are one), app and component: brought by another it is none. A
    visitor can delete it, or bring back an older one of his own, so keep nothing in it in which only the newest
    counts, such as a credit. It must be plain JSON: text, numbers, lists, dicts; of a pydantic model the fields are
    kept.
    """

    change = Events.change
    is_everywhere: ClassVar[bool] = True
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
            storage_key: its name in the local storage of the browser; made from the app's path and the block's number
                unless given. Apps of this address that give the same, and the same `secret`, share the value.
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

    def acts_unseen(self) -> bool:
        """What it has kept counts from the first event on."""
        return True

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

    def api_default(self) -> tuple[bool, Any]:
        """A program that has kept nothing sends nothing, and the function gets the default value."""
        return True, None

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
        cipher = self._cipher(self.secret or _site_secrets()[0])
        return base64.urlsafe_b64encode(cipher.encrypt(self._text(value).encode(), self._bound())).decode()

    def _opened(self, payload: Any) -> tuple[Any] | None:
        """The value in a tuple; None when it was not sealed here, or not for this place and visitor."""
        from cryptography.exceptions import InvalidTag  # see _cipher

        for secret in [self.secret] if self.secret else _site_secrets():
            try:
                text = self._cipher(secret).decrypt(base64.urlsafe_b64decode(payload.encode()), self._bound())
            except (InvalidTag, ValueError, AttributeError):  # not ours; not base64; no text
                continue
            return (json.loads(text),)
        return None

    def _cipher(self, secret: str) -> AESSIV:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # heavy; only when a value travels

        key = f"blocks.browser_state:{self.storage_key}:{secret}"
        return AESSIV(hashlib.sha512(key.encode()).digest())

    def _bound(self) -> list[bytes]:
        """What a value counts for: app, component and owner. Who gives a key and a secret says which apps share it."""
        call = file_data.current.get()
        shared = self.storage_key is not None and self.secret is not None
        app = "" if shared or call is None else call.mount
        number = None if self.storage_key is not None or context.is_loose(self._id) else self._id
        return [json.dumps([app, number, "" if call is None else call.owner]).encode()]


def _plain(value: Any) -> Any:
    """The fields of a pydantic model; anything else as it is."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _numbers(value: Any) -> Any:
    """Numbers and arrays of numpy; nothing else that JSON has no word for."""
    if not hasattr(value, "dtype"):
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    return plain(value)


def _site_secrets() -> list[str]:
    """The site's SECRET_KEY, and those before it; without a site, one that lasts as long as this process."""
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        return [str(each) for each in (conf.settings.SECRET_KEY, *conf.settings.SECRET_KEY_FALLBACKS)]
    return [_process_secret()]


@functools.cache
def _process_secret() -> str:
    return secrets.token_urlsafe()
