"""Label: what something was recognised as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Unpack

from blocks_app import jsonable
from blocks_app.components.framed import CornerOptions, FramedComponent
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions


def _nullable(title: str, *kinds: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*kinds, {"type": "null"}], "default": None, "title": title}


_NAME = _nullable("Label", {"type": "string"}, {"type": "integer"}, {"type": "number"})

#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
LABEL_SCHEMA: dict[str, Any] = {
    "$defs": {
        "LabelConfidence": {
            "properties": {"label": _NAME, "confidence": _nullable("Confidence", {"type": "number"})},
            "title": "LabelConfidence",
            "type": "object",
        }
    },
    "properties": {
        "label": _NAME,
        "confidences": _nullable("Confidences", {"items": {"$ref": "#/$defs/LabelConfidence"}, "type": "array"}),
    },
    "title": "LabelData",
    "type": "object",
}


class LabelOptions(FrameOptions, CornerOptions, total=False):
    """What a Label takes besides."""


class Label(FramedComponent):
    """A class that something belongs to, or several with how sure that is.

    A function gets `{name: confidence}`, or the name alone where there are no confidences, and returns the same.
    """

    change = Events.change
    select = Events.select

    def __init__(
        self,
        value: Mapping[Any, float] | str | float | Path | Callable[..., Any] | None = None,
        *,
        num_top_classes: int | None = None,
        color: str | None = None,
        show_heading: bool = True,
        **options: Unpack[LabelOptions],
    ) -> None:
        """Declare a label.

        Args:
            value: a name, a dict of confidences, a `Path` of a JSON file with the value as it is sent, or a function
                that makes one of these.
            num_top_classes: most classes to show, the surest first; None for all.
            color: css colour behind the name.
            show_heading: whether the surest name stands above the bars.
            options: see LabelOptions.
        """
        if num_top_classes is not None and num_top_classes < 1:
            raise DeclarationError(f"Label: num_top_classes must be at least 1, not {num_top_classes}.")
        self.num_top_classes = num_top_classes
        self.color = color
        self.show_heading = show_heading
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> Any:
        """`{name: confidence}`, or the name where there are no confidences.

        Raises:
            Error: what was sent is no label.
        """
        if payload is None:
            return None
        if not isinstance(payload, dict):
            raise refusal(self, f'an object such as {{"label": "cat"}} is needed, not {shown(payload)}.')
        confidences = payload.get("confidences")
        if confidences is None:
            return payload.get("label")
        try:
            return {item["label"]: item["confidence"] for item in confidences}
        except (TypeError, KeyError) as error:
            raise refusal(self, "each of the confidences needs a label and a confidence.") from error

    def postprocess(self, value: Any) -> dict[str, Any]:
        """The name and its confidences, the surest first; an empty object for nothing.

        Raises:
            Error: a value that is no label.
        """
        value = _name(value)
        if value is None or (isinstance(value, Mapping) and not value):
            return {}
        if isinstance(value, Path):
            return self._from_file(value)
        if isinstance(value, (str, int, float)):
            return {"label": str(value), "confidences": None}
        if isinstance(value, Mapping):
            return self._ranked(value)
        raise refusal(self, f"a name or a dict of confidences is needed, not a {type(value).__name__}.")

    def api_info(self) -> dict[str, Any]:
        return LABEL_SCHEMA

    def example_payload(self) -> Any:
        return {
            "label": "Cat",
            "confidences": [{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}],
        }

    def example_value(self) -> Any:
        return {"cat": 0.9, "dog": 0.1}

    def _ranked(self, value: Mapping[Any, Any]) -> dict[str, Any]:
        try:
            pairs = [(_named(name), float(confidence)) for name, confidence in value.items()]
        except (TypeError, ValueError) as error:
            raise refusal(self, f"confidences are numbers, but the dict was {shown(dict(value))}.") from error
        pairs.sort(key=lambda pair: pair[1], reverse=True)
        top = pairs[: self.num_top_classes]
        return {"label": top[0][0], "confidences": [{"label": name, "confidence": sure} for name, sure in top]}

    def _from_file(self, path: Path) -> dict[str, Any]:
        """The file's value. Only a `Path` is read: a text that happens to name a file is a name."""
        try:
            value = jsonable.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise Error(f"Label: {path} cannot be read as JSON: {error}.") from error
        if not isinstance(value, dict) or "label" not in value:
            raise Error(f'Label: {path} holds no object with a "label".')
        return {"label": value["label"], "confidences": value.get("confidences")}


def _name(name: Any) -> Any:
    """A label as text or number; what JSON has a word for, such as a date, by that word."""
    if isinstance(name, (Mapping, Path)) or name is None:
        return name
    plain = jsonable.plain(name)
    return plain if plain is None or isinstance(plain, (str, int, float)) else name


def _named(name: Any) -> Any:
    known = _name(name)
    return known if isinstance(known, (str, int, float)) else str(name)
