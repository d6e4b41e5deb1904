"""BrowserState: a value that stays in the visitor's browser, also when the page or the server is gone."""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import hmac
import json
import logging
import secrets
import sys
from typing import Any, ClassVar

from blocks_app.component import Component
from blocks_app.events import Events
from blocks_app.exceptions import DeclarationError

log = logging.getLogger(__name__)


class BrowserState(Component):
    """A value per browser, kept in its local storage. As an input a function gets it, as an output it sets it.

    The value is signed: a visitor can read it and can delete it, or bring back an older one of his own, but cannot make
    one up. So keep nothing secret in it, and nothing in which only the newest counts, such as a credit. It must be
    plain JSON: text, numbers, lists, dicts.
    """

    events = (Events.change,)
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
            default_value: what everyone starts with, also when what was found was not signed here.
            storage_key: its name in the local storage of the browser, shared by all apps of this address that use the
                same; made from the app's path and the block's number unless given.
            secret: what values are signed with; the site's SECRET_KEY unless given. Give one to a launched script whose
                values shall outlive a restart.
            render: False keeps it out of the page until `.render()` is called.
        """
        self.default_value = default_value
        self.storage_key = storage_key
        self.secret = secret
        super().__init__(None, render=render)
        self.value = default_value
        self._sign(default_value)  # a value that is no JSON is told here, not to the first visitor

    def preprocess(self, payload: Any) -> Any:
        if payload is None:
            return copy.deepcopy(self.default_value)
        value = self._verified(payload)
        if value is None:
            log.info("browser_state.not_ours", extra={"block": self._id})
            return copy.deepcopy(self.default_value)
        return value[0]

    def postprocess(self, value: Any) -> str:
        return self._sign(value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string", "description": "a signed value, as an earlier call has returned it"}

    def example_payload(self) -> str:
        return self._sign(self.default_value)

    def example_value(self) -> Any:
        return self.default_value

    def _sign(self, value: Any) -> str:
        try:
            text = json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            raise DeclarationError(f"{self.described}: the value must be plain JSON: {error}.") from error
        return f"{base64.urlsafe_b64encode(text).decode()}.{self._signature(text)}"

    def _verified(self, payload: Any) -> tuple[Any] | None:
        """The value in a tuple; None when it was not signed here."""
        written, _, signature = payload.rpartition(".") if isinstance(payload, str) else ("", "", "")
        try:
            text = base64.urlsafe_b64decode(written.encode())
            genuine = hmac.compare_digest(self._signature(text).encode(), signature.encode())
            return (json.loads(text),) if genuine else None
        except ValueError:  # not base64, not ASCII, not JSON
            return None

    def _signature(self, text: bytes) -> str:
        key = hashlib.sha256(f"blocks.browser_state:{self.storage_key}:{self.secret or _site_secret()}".encode())
        return base64.urlsafe_b64encode(hmac.digest(key.digest(), text, "sha256")).decode().rstrip("=")


def _site_secret() -> str:
    """The site's SECRET_KEY; without a site, one that lasts as long as this process."""
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        return str(conf.settings.SECRET_KEY)
    return _process_secret()


@functools.cache
def _process_secret() -> str:
    return secrets.token_urlsafe()
