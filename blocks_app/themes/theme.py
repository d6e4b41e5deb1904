"""A theme: a bag of attributes, each of which becomes a CSS variable of the page."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from weakref import WeakKeyDictionary

from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, UnknownOptionError
from blocks_app.themes.utils.fonts import Font, font_from
from blocks_app.themes.variables import LATER, NAMES

_REFERENCE = re.compile(r"\*([A-Za-z_]\w*)")
# Tokens of the page's own style sheet, which a value may refer to besides the theme's variables.
_STATIC = ("size_", "line_", "weight_", "layer_", "color_", "radius_", "ring_", "font")
_HUB = (
    "Themes of the Hugging Face Hub are not fetched by this server. Save the theme's JSON file in your project and use "
    "gr.Theme.load('theme.json')."
)

Self = TypeVar("Self", bound="ThemeClass")


class ThemeClass:
    """Attributes that become CSS variables: `body_text_color` is `--body-text-color`.

    `*name` in a value refers to another variable. An attribute that ends in `_dark` is the value in the dark; None
    there means "as in light".
    """

    name: str = "base"

    def __init__(self) -> None:
        self._font: list[Font] = []
        self._font_mono: list[Font] = []
        self._stylesheets: list[str] = []

    def set(self: Self, **variables: str | None) -> Self:
        """Give variables their values.

        Args:
            variables: any of the 238 names of `blocks_app.themes.variables`, such as `button_primary_text_color`, each
                a CSS value; `*name` refers to another variable and follows it in the dark by itself.

        Returns:
            The theme itself, so that calls can be chained.

        Raises:
            UnknownOptionError: there is no such variable.
            DeclarationError: a light value is None, or a value refers to a `_dark` name.
        """
        for name, value in variables.items():
            if name not in NAMES and name not in LATER:
                raise UnknownOptionError(_unknown(name))
            self._check(name, value)
            setattr(self, name, value)
        return self

    def css_text(self) -> str:
        """The theme as a style sheet: `:root { … } .dark { … }`. Made once, and again after a change of the theme."""
        kept = _sheets.get(self)
        if kept is None or kept[0] != vars(self):
            kept = _sheets[self] = (dict(vars(self)), self._css_text())
        return kept[1]

    def _css_text(self) -> str:
        light, dark = self._variables()
        # A variable that refers to another was computed at :root with the light values; where `.dark` is on an inner
        # element, as after a script's toggle on body, it must be said again.
        for name, value in light.items():
            if name not in dark and "var(" in value:
                dark[name] = value
        return f":root {{\n{_declarations(light)}}}\n.dark {{\n{_declarations(dark)}}}\n"

    @property
    def hash(self) -> str:
        """SHA-256 of the style sheet in hexadecimal digits; changes when the look changes."""
        return _sha256(self.css_text())

    def to_dict(self) -> dict[str, Any]:
        """The theme as JSON-ready data, `{"theme": {...}}`."""
        values: dict[str, Any] = {"name": self.name, **self._bag()}
        values["_font"] = [font.as_dict() for font in self._font]
        values["_font_mono"] = [font.as_dict() for font in self._font_mono]
        values["_stylesheets"] = list(self._stylesheets)
        return {"theme": values}

    @classmethod
    def from_dict(cls: type[Self], theme: Mapping[str, Mapping[str, Any]]) -> Self:
        """A theme from what `to_dict` made, also from a file that Gradio dumped."""
        from blocks_app.themes.base import Base  # the defaults know this class, not the other way round

        made = Base() if not issubclass(cls, Base) else cls()
        for name, value in theme["theme"].items():
            if name in ("_font", "_font_mono"):
                made._set_fonts(name[1:], [font_from(font) for font in value])
            elif not name.startswith("_") and name not in ("font", "font_mono"):
                setattr(made, name, value)
        return made  # type: ignore[return-value] # a Base where this class has no defaults

    def dump(self, filename: str | Path) -> None:
        """Write the theme to a JSON file.

        Args:
            filename: a path that ends in `.json`.
        """
        path = Path(filename)
        if path.suffix != ".json":
            raise DeclarationError(f"A theme is dumped to a .json file, not to {str(filename)!r}.")
        path.write_text(json.dumps(self.to_dict(), indent=2), encoding="utf-8")

    @classmethod
    def load(cls: type[Self], path: str | Path) -> Self:
        """Read a theme from a JSON file.

        Args:
            path: a file that `dump` wrote, here or in Gradio.
        """
        return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))

    @classmethod
    def from_hub(cls, repo_name: str, token: str | None = None, **options: Any) -> NoReturn:
        """Not available: this server fetches nothing from other hosts.

        Raises:
            DeclarationError: always; the text says what to do instead.
        """
        raise DeclarationError(_HUB)

    def push_to_hub(self, repo_name: str, **options: Any) -> NoReturn:
        """Not available: write the theme to a file with `dump` and share that.

        Raises:
            DeclarationError: always; the text says what to do instead.
        """
        raise DeclarationError(
            "Themes are not uploaded to the Hugging Face Hub by this server. "
            "Use theme.dump('theme.json') and share the file."
        )

    def __repr__(self) -> str:
        return f"<Theme {self.name}>"

    def _bag(self) -> dict[str, str | None]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_") and name != "name"}

    def _check(self, name: str, value: Any) -> None:
        if value is None:
            if not name.endswith("_dark"):
                raise DeclarationError(f"Cannot set '{name}' to None - only dark mode variables can be None.")
            return
        for word in _REFERENCE.findall(str(value)):
            if word.endswith("_dark"):
                raise DeclarationError(
                    f"Cannot refer to '{word}' in {name} = {value!r}: write '*{word[:-5]}', "
                    "which takes its dark value in the dark by itself."
                )
            if word not in NAMES and word not in LATER and not hasattr(self, word) and not word.startswith(_STATIC):
                warn(f"{name} = {value!r} of theme '{self.name}': {_unknown(word)}")

    def _set_fonts(self, kind: str, fonts: Iterable[Font]) -> None:
        listed = list(fonts)
        setattr(self, f"_{kind}", listed)
        setattr(self, kind, ", ".join(dict.fromkeys(str(font) for font in listed)))

    def _variables(self) -> tuple[dict[str, str], dict[str, str]]:
        """CSS names and values, in the light and in the dark."""
        light: dict[str, str] = {"--name": self.name}
        dark: dict[str, str] = {}
        for name, value in self._bag().items():
            self._check(name, value)
            if value is None:
                continue
            if name.endswith("_dark"):
                dark[_css_name(name[:-5])] = _css_value(value)
            else:
                light[_css_name(name)] = _css_value(value)
        return light, dark


#: What each theme was when its style sheet was made, and that sheet, which every page asks for: it takes a millisecond.
_sheets: WeakKeyDictionary[ThemeClass, tuple[dict[str, Any], str]] = WeakKeyDictionary()


@functools.lru_cache(maxsize=64)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _css_name(name: str) -> str:
    return "--" + name.replace("_", "-")


def _css_value(value: object) -> str:
    return _REFERENCE.sub(lambda match: f"var({_css_name(match[1])})", str(value))


def _declarations(variables: Mapping[str, str]) -> str:
    return "".join(f"  {name}: {value};\n" for name, value in variables.items())


def _unknown(name: str) -> str:
    import difflib  # only for a mistake; it would slow the start of every app

    near = difflib.get_close_matches(name, NAMES, 1)
    return f"a theme has no variable '{name}'." + (f" Did you mean '{near[0]}'?" if near else "")
