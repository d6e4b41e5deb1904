"""Button: something to press."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, Literal, Unpack, cast

from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files.file_data import FileData, file_data, initial, publish
from blocks_app.i18n import gettext_lazy
from blocks_app.listeners.events import Events
from blocks_app.options import ComponentOptions, PlacedOptions
from blocks_app.tree.component import Component

VARIANTS = ("primary", "secondary", "stop", "huggingface")
SIZES = ("sm", "md", "lg")
TARGETS = ("_self", "_blank", "_parent", "_top")


class PressableOptions(PlacedOptions, total=False):
    """What everything to press understands."""

    variant: Literal["primary", "secondary", "stop", "huggingface"]
    """"primary" for the main thing to do, "secondary" (unless given) for others, "stop" for what interrupts or
    destroys."""
    size: Literal["sm", "md", "lg"] | None
    """Height and letters; None is "lg"."""
    icon: str | Path | None
    """Picture before the text: a file or an address."""
    interactive: bool
    """False greys it out."""


class ButtonOptions(PressableOptions, ComponentOptions, total=False):
    """What every kind of button understands."""

    link: str | None
    """Address that it opens; it is a link then."""
    link_target: Literal["_self", "_blank", "_parent", "_top"]
    """Where the link opens: "_blank" (unless given) in a new tab, "_self" in this one."""


class Pressable(Component):
    """A component that looks like a button, whatever its value is."""

    default_min_width: ClassVar[int | None] = None
    in_links: ClassVar[bool] = False

    def __init__(self, value: Any = None, **options: Unpack[PressableOptions]) -> None:
        """Declare what is to be pressed.

        Args:
            value: what it starts with, or a function that makes it.
            options: see PressableOptions.
        """
        rest = cast("dict[str, Any]", options)
        self.variant = self._one_of("variant", rest.pop("variant", "secondary"), VARIANTS)
        self.size = self._one_of("size", rest.pop("size", None) or "lg", SIZES)
        self.icon = self._checked_icon(rest.pop("icon", None))
        self._picture = SimpleNamespace(value=self.icon)  # stored apart from the files that may be its value
        super().__init__(value, **{"interactive": True, **rest})

    def props(self) -> dict[str, Any]:
        props = super().props()
        props.pop("show_label", None)
        if self.icon is not None:
            icon = self.icon
            props["icon"] = (
                file_data(icon, icon) if _is_address(icon) else initial(self._picture, lambda: publish(icon))
            )
        return props

    def _one_of(self, name: str, value: Any, allowed: tuple[str, ...]) -> Any:
        if value not in allowed:
            kind = type(self).__name__
            raise DeclarationError(f"{kind}: {name} must be one of {', '.join(allowed)}, not {value!r}.")
        return value

    def _checked_icon(self, icon: str | Path | None) -> str | None:
        if icon is None:
            return None
        if not _is_address(str(icon)) and not Path(icon).is_file():
            raise DeclarationError(
                f"{type(self).__name__}: there is no icon file {str(icon)!r}. Give the path of a picture or an address."
            )
        return str(icon)


class Button(Pressable):
    """Something to press, or a link that looks like it. As an input it gives its text; an output sets the text."""

    change = Events.change
    click = Events.click
    skip_api: ClassVar[bool] = True

    def __init__(self, value: str | Callable[..., Any] | None = None, **options: Unpack[ButtonOptions]) -> None:
        """Declare a button.

        Args:
            value: text on it, or a function that makes it; "Run" unless given.
            options: see ButtonOptions. `label` is another word for `value`.
        """
        rest = cast("dict[str, Any]", options)
        label = rest.pop("label", None)
        if value is None:
            value = gettext_lazy("Run") if label is None else label
        self.link = rest.pop("link", None)
        self.link_target = self._one_of("link_target", rest.pop("link_target", "_blank"), TARGETS)
        super().__init__(value, **rest)

    def preprocess(self, payload: Any) -> str | None:
        """The text on the button."""
        if payload is not None and not isinstance(payload, str):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> str:
        """The value as text; None shows "None"."""
        return str(value)

    def example_value(self) -> Any:
        return self.value if isinstance(self.value, str) else "Run"


def _picture(icon: str, place: SimpleNamespace) -> FileData:
    return file_data(icon, icon) if _is_address(icon) else initial(place, lambda: publish(icon))


def _is_address(icon: str) -> bool:
    return icon.startswith(("http://", "https://", "data:image/", "/")) and not Path(icon).is_file()
