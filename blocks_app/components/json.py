"""JSON: data as a tree that folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Unpack

import msgspec

from blocks_app import jsonable, parsing
from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import FramedComponent, HeightOptions
from blocks_app.components.validation import refusal
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.running import encoding
from blocks_app.tree.component import gives_copies

_decoder = msgspec.json.Decoder()
_LARGE = 100_000  # bytes from which on writing a value a second time is felt


class JSONOptions(FrameOptions, HeightOptions, total=False):
    """What a JSON takes besides."""


class JSON(FramedComponent):
    """Data shown as a tree that folds. A function gets dicts and lists, and may return them or their JSON text."""

    change = Events.change
    defaults = {"max_height": 500}
    corner_names = corner_default = ("copy",)

    def __init__(
        self,
        value: str | dict[Any, Any] | list[Any] | Callable[..., Any] | None = None,
        *,
        open: bool = False,
        show_indices: bool = False,
        height: Height = None,
        buttons: Sequence[Literal["copy"] | Button] | None = None,
        **options: Unpack[JSONOptions],
    ) -> None:
        """Declare a view of data.

        Args:
            value: data, JSON text, or a function that makes it.
            open: True unfolds everything, of large data the first 500 items; else what lies deeper than three levels
                starts folded.
            show_indices: whether list items are numbered.
            height: height in pixels or as css writes it; longer data scroll.
            buttons: what stands in the corner: "copy", which is the default, and gr.Buttons; an empty list for none.
            options: see JSONOptions.
        """
        self.open = open
        self.show_indices = show_indices
        self.height = checked_height("JSON", "height", height)
        super().__init__(value, buttons=buttons, **options)

    def preprocess(self, payload: Any) -> Any:
        """The data."""
        return payload

    @gives_copies
    def postprocess(self, value: Any) -> Any:
        """Plain JSON data: numpy arrays become lists, unknown objects text; a text is parsed.

        Raises:
            Error: a text that is not JSON.
        """
        if value is None:
            return None
        if not isinstance(value, str):
            return plain_data(value)
        try:
            return parsing.load(jsonable.clean(value), _decoder, parsing.limits())
        except (ValueError, RecursionError) as error:
            raise refusal(self, f"Invalid JSON string: {error}.") from error

    def api_info(self) -> dict[str, Any]:
        return {"type": {}, "description": "any valid json"}

    def example_value(self) -> Any:
        return {"foo": "bar"}


def plain_data(value: Any) -> Any:
    """Data without anything that only Python knows; large data bring their JSON with them."""
    text, copy = encoding.encode_and_copy(value)
    return jsonable.written(copy, text) if len(text) > _LARGE and type(copy) in (list, dict) else copy


Json = JSON
