"""ColorPicker: a colour, picked or written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Unpack

from blocks_app.components.framed import FramedComponent
from blocks_app.components.validation import plain, refusal, shown
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions

#: What a browser reads as a colour: hex digits, a name, or a function of numbers such as rgba(1, 2, 3, 0.5).
_COLOR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,30}|(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([\w\s.,%/+-]{1,80}\)",
    re.IGNORECASE | re.ASCII,
)


class ColorPicker(FramedComponent):
    """A colour, picked from the browser's own palette or written as text.

    A function gets and returns any text that css reads as a colour: "#ff8800", "rgba(255, 136, 0, 0.5)",
    "hsl(32, 100%, 50%)" or a name. A colour that the visitor picks is written as the one before it was, else as
    "#rrggbb".
    """

    change = Events.change
    input = Events.input
    release = Events.release
    submit = Events.submit
    focus = Events.focus
    blur = Events.blur

    def __init__(self, value: str | Callable[..., str | None] | None = None, **options: Unpack[FormOptions]) -> None:
        """Declare a colour.

        Args:
            value: colour to start with, or a function that makes it.
            options: see FormOptions.
        """
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> str | None:
        """The colour as it was sent; None and "" where none was picked.

        Raises:
            Error: it is no text that css reads as a colour.
        """
        if payload is None:
            return None
        if payload == "":
            return ""
        if not isinstance(payload, str) or not _COLOR.fullmatch(payload.strip()):
            raise refusal(
                self,
                gettext("a colour such as #ff8800 or rgb(255, 136, 0) is needed, not %(payload)s.")
                % {"payload": shown(payload)},
            )
        return payload

    def postprocess(self, value: Any) -> str | None:
        """The colour as text; None shows black."""
        return None if value is None else str(plain(value))

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "#000000"
