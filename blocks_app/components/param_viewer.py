"""ParamViewer: the parameters of a function, with their types and what they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack

from blocks_app.components.framed import FramedComponent, HeightOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import ComponentOptions


class Parameter(TypedDict):
    """One of them: source of its type, a sentence, and source of its default; None when it has to be given."""

    type: str
    description: str
    default: str | None


class ParamViewerOptions(ComponentOptions, HeightOptions, total=False):
    """What a ParamViewer takes besides."""


class ParamViewer(FramedComponent):
    """Shows the parameters of a function, a row for each that unfolds. `[words](https://…)` in a sentence are a link.

    A function gets and returns a dict: `{"name": {"type": "int", "description": "Its age.", "default": "3"}}`.
    """

    change = Events.change
    upload = Events.upload

    def __init__(  # type: ignore[misc] # three options by place, as Gradio takes them
        self,
        value: Mapping[str, Parameter] | Callable[..., Any] | None = None,
        language: Literal["python", "typescript"] = "python",
        linkify: Sequence[str] | None = None,
        every: float | Any | None = None,
        render: bool = True,
        key: int | str | tuple[int | str, ...] | None = None,
        *,
        header: str | None = "Parameters",
        anchor_links: bool | str = False,
        **options: Unpack[ParamViewerOptions],
    ) -> None:
        """Declare a list of parameters.

        Args:
            value: the parameters by their names, or a function that makes them.
            language: what types and defaults are written in.
            linkify: names of types that link to the heading `#h-name` of the same page.
            every: seconds until a function makes the value again.
            render: False places it where `.render()` is called.
            key: its name among what `gr.render` makes anew.
            header: words above them; None leaves out the header and its button that opens all.
            anchor_links: whether each has a link to itself, `#param-name`; a text stands between, `#param-text-name`.
            options: see ParamViewerOptions.
        """
        if language not in ("python", "typescript"):
            raise DeclarationError(f'ParamViewer: language must be "python" or "typescript", not {language!r}.')
        if isinstance(linkify, str) or not all(isinstance(name, str) for name in linkify or ()):
            raise DeclarationError(f"ParamViewer: linkify is a list of names, not {linkify!r}.")
        self.language = language
        self.linkify = None if linkify is None else list(linkify)
        self.header = header
        self.anchor_links = anchor_links
        super().__init__({} if value is None else value, every=every, render=render, key=key, **options)

    def preprocess(self, payload: Any) -> dict[str, Any] | None:
        """The parameters as they are shown.

        Raises:
            Error: it is no dict of dicts.
        """
        if payload is None:
            return None
        if not isinstance(payload, dict) or _fault(payload):
            raise refusal(self, f"a dict of parameters is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> dict[str, dict[str, Any]] | None:
        """The parameters as plain data; types that are no text are shown by their names.

        Raises:
            ValueError: it is no dict of dicts.
        """
        if value is None:
            return None
        if fault := _fault(value):
            raise ValueError(f"ParamViewer takes a dict with a dict for each parameter, not {fault}.")
        return {str(name): {key: _text(each) for key, each in row.items()} for name, row in value.items()}

    def api_info(self) -> dict[str, Any]:
        return {"type": {}, "description": "any valid json"}

    def example_value(self) -> Any:
        return {"array": {"type": "numpy", "description": "any valid json", "default": "None"}}


def _fault(value: Any) -> str:
    if not isinstance(value, Mapping):
        return shown(value)
    return next((f"{shown(row)} for {name!r}" for name, row in value.items() if not isinstance(row, Mapping)), "")


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else getattr(value, "__name__", None) or str(value)
