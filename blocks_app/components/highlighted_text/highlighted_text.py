"""HighlightedText: a text whose parts are marked with categories or scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from blocks_app.components.framed import CornerOptions, DirectionOptions, FramedComponent
from blocks_app.components.validation import plain, refusal, shown
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions
from blocks_app.tree.iterables import has_items, is_text

#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
HIGHLIGHTED_TEXT_SCHEMA: dict[str, Any] = {
    "$defs": {
        "HighlightedToken": {
            "properties": {
                "token": {"title": "Token", "type": "string"},
                "class_or_confidence": {
                    "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}],
                    "default": None,
                    "title": "Class Or Confidence",
                },
            },
            "required": ["token"],
            "title": "HighlightedToken",
            "type": "object",
        }
    },
    "items": {"$ref": "#/$defs/HighlightedToken"},
    "title": "HighlightedTextData",
    "type": "array",
}

Mark = str | float | None


class Token(TypedDict):
    """A part of the text with its category, its score, or None."""

    token: str
    class_or_confidence: Mark


class HighlightedTextOptions(FieldOptions, CornerOptions, DirectionOptions, total=False):
    """What a HighlightedText takes besides."""


class HighlightedText(FramedComponent):
    """A text of which parts have a category (a name) or a score (from -1 to 1); interactive, visitors mark parts.

    A function gets a list of `{"token": text, "class_or_confidence": category}`. It returns such a list, pairs
    `(text, category)`, or `{"text": …, "entities": [{"entity": …, "start": …, "end": …}]}`.
    """

    change = Events.change
    select = Events.select

    def __init__(
        self,
        value: Sequence[tuple[str, Mark]] | Mapping[str, Any] | Callable[..., Any] | None = None,
        *,
        color_map: Mapping[str, str] | None = None,
        show_legend: bool = False,
        show_inline_category: bool = True,
        combine_adjacent: bool = False,
        adjacent_separator: str = "",
        show_whitespaces: bool = True,
        **options: Unpack[HighlightedTextOptions],
    ) -> None:
        """Declare a text with marks.

        Args:
            value: pairs of a text and its category, a dict with `text` and `entities`, or a function that makes one.
            color_map: css colour of each category; others get colours of their own.
            show_legend: whether the categories, or the scale of the scores, stand above the text.
            show_inline_category: whether the name of its category follows each marked part.
            combine_adjacent: whether neighbours of the same category become one part.
            adjacent_separator: text between parts that were combined.
            show_whitespaces: False takes white space off both ends of each part.
            options: see HighlightedTextOptions.
        """
        self.color_map = None if color_map is None else {str(name): str(color) for name, color in color_map.items()}
        self.show_legend = show_legend
        self.show_inline_category = show_inline_category
        self.combine_adjacent = combine_adjacent
        self.adjacent_separator = adjacent_separator
        self.show_whitespaces = show_whitespaces
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> list[Token] | None:
        """The parts as dicts.

        Raises:
            Error: what was sent is no list of parts.
        """
        if payload is None:
            return None
        if not isinstance(payload, list):
            raise refusal(self, f"a list of parts of a text is needed, not {shown(payload)}.")
        return [self._sent(item) for item in payload]

    def postprocess(self, value: Any) -> list[Token] | None:
        """The parts with their categories.

        Raises:
            Error: the value is no text with marks.
        """
        if value is None:
            return None
        pairs = self._of_entities(value) if isinstance(value, Mapping) else self._pairs(value)
        if self.combine_adjacent:
            pairs = _combined(pairs, self.adjacent_separator)
        strip = not self.show_whitespaces
        return [{"token": text.strip() if strip else text, "class_or_confidence": mark} for text, mark in pairs]

    def api_info(self) -> dict[str, Any]:
        return HIGHLIGHTED_TEXT_SCHEMA

    def example_payload(self) -> Any:
        return [{"token": "The", "class_or_confidence": None}, {"token": "quick", "class_or_confidence": "adj"}]

    def example_value(self) -> Any:
        return [("The", None), ("quick", "adj"), ("brown", "adj"), ("fox", "noun")]

    def _sent(self, item: Any) -> Token:
        text = item.get("token") if isinstance(item, dict) else None
        if not isinstance(text, str):
            raise refusal(self, f'each part is an object such as {{"token": "a word"}}, not {shown(item)}.')
        return {"token": text, "class_or_confidence": self._mark(item.get("class_or_confidence"))}

    def _mark(self, mark: Any) -> Mark:
        """A category, a score as a float, or None; a score that is no number is none."""
        mark = plain(mark)
        if mark is None or isinstance(mark, str):
            return mark
        try:
            score = float(mark)
        except (TypeError, ValueError, OverflowError):
            raise refusal(self, f"a category is a text, a score a number; {shown(mark)} is neither.") from None
        return score if math.isfinite(score) else None

    def _pairs(self, value: Any) -> Iterator[tuple[str, Mark]]:
        """From pairs, or from parts as they are sent."""
        if is_text(value) or not has_items(value):
            raise refusal(self, f"a list of (text, category) is needed, not {shown(value)}.")
        for item in value:
            pair = (item.get("token"), item.get("class_or_confidence")) if isinstance(item, Mapping) else item
            if is_text(pair) or not isinstance(pair, Sequence) or len(pair) != 2 or pair[0] is None:
                raise refusal(self, f"each part is (text, category), not {shown(item)}.")
            yield str(pair[0]), self._mark(pair[1])

    def _of_entities(self, value: Mapping[str, Any]) -> Iterator[tuple[str, Mark]]:
        """The parts between and in the entities, in the text's order; what two of them claim belongs to the first."""
        text, entities = value.get("text"), value.get("entities")
        if text is None or entities is None:
            raise refusal(self, 'a dict needs the keys "text" and "entities".')
        text, at = str(text), 0
        for start, end, mark in sorted(map(self._entity, entities), key=lambda entity: entity[0]):
            start = max(start, at)
            if end <= start:
                continue
            yield text[at:start], None
            yield text[start:end], mark
            at = end
        yield text[at:], None

    def _entity(self, entity: Any) -> tuple[int, int, Mark]:
        try:
            start, end = plain(entity["start"]), plain(entity["end"])
            mark = entity.get("entity") or entity.get("entity_group")
        except (TypeError, KeyError, AttributeError, IndexError):
            start = end = mark = None
        if not isinstance(start, int) or not isinstance(end, int) or start < 0:
            raise refusal(
                self,
                'each of the entities is a dict such as {"entity": "city", "start": 0, "end": 5}, '
                f"not {shown(entity)}.",
            )
        return start, end, self._mark(mark)


def _combined(pairs: Iterable[tuple[str, Mark]], separator: str) -> Iterator[tuple[str, Mark]]:
    """Neighbours of one category as one; empty parts separate nothing."""
    texts: list[str] = []
    running: Mark = None
    for text, mark in pairs:
        if not text:
            continue
        if texts and mark != running:
            yield separator.join(texts), running
            texts = []
        running = mark
        texts.append(text)
    if texts:
        yield separator.join(texts), running


Highlightedtext = HighlightedText
Highlight = HighlightedText
