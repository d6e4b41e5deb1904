"""What the contract suite needs to know: the components there are, and a value to try for each of their parameters.

A new component needs nothing as long as its parameters are truth values, numbers, texts or Literals; for others it has
a file in values/.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import types
import typing
from pathlib import Path
from typing import Any, Literal

import blocks_app as gr
from blocks_app import components
from blocks_app.management.reference import SHARED, picked_rows, rows_of, unpacked
from blocks_app.tree.block import option_names, own_signature

from . import values

#: What Gradio 4.36 declares: per component its parameters with their defaults, and its events.
GRADIO = json.loads((Path(__file__).parents[2] / "parity" / "api-4.36.json").read_text())

#: Arguments without which a class makes no sense in an example.
NEEDED: dict[str, dict[str, Any]] = {}

#: Values to try for parameters whose annotation does not tell one; None where only the class's own test can. A key with
#: a class, as "Slider.buttons", goes before one without.
TRY: dict[str, Any] = {
    "alt_text": "A cat",
    "buttons": None,
    "choices": ["x", "y"],
    "color": "#112233",
    "icon": None,
    "latex_delimiters": [{"left": "$", "right": "$", "display": False}],
    "link": "https://example.org",
    "sources": ["upload"],
    "watermark": None,
    "webcam_options": {"mirror": False},
}

#: What else must be given for a parameter to have its meaning.
WITH: dict[str, dict[str, Any]] = {}

#: Parameters whose effect is not a property in the config: each has a test of its own.
ELSEWHERE = {
    "value", "default_value", "secret", "components", "time_to_live", "delete_callback", "api_name", "api_visibility",
    "show_api",
}  # fmt: skip

#: Shared options that a class reads as its own, and why they are no properties of their name.
READ_AS_OTHERS: dict[str, str] = {}

#: Defaults that are written otherwise than in 4.36, and why.
OTHER_DEFAULTS: dict[str, str] = {}

#: Classes whose schema is Gradio's own and no valid JSON schema, and why it stays; official clients know its text.
ODD_SCHEMAS: dict[str, str] = {}

#: Names on the wire that are others than in 4.36, as the value is another; each file of values says why.
OTHER_WIRE_NAMES: dict[str, str] = {}

_TABLES = {
    "NEEDED": NEEDED,
    "TRY": TRY,
    "WITH": WITH,
    "READ_AS_OTHERS": READ_AS_OTHERS,
    "OTHER_DEFAULTS": OTHER_DEFAULTS,
    "ODD_SCHEMAS": ODD_SCHEMAS,
    "OTHER_WIRE_NAMES": OTHER_WIRE_NAMES,
}
#: A component has a file of its own for them, values/NAME.py, with tables of these names.
for _found in pkgutil.iter_modules(values.__path__, f"{values.__name__}."):
    for _name, _table in vars(importlib.import_module(_found.name)).items():
        if _name.isupper():
            _TABLES[_name].update(_table)


def component_classes() -> list[type[gr.Component]]:
    """Every component class, without second names of the same class."""
    found = {getattr(components, name) for name in components.__all__}
    return sorted(
        (cls for cls in found if inspect.isclass(cls) and issubclass(cls, gr.Component)), key=lambda cls: cls.__name__
    )


def make(cls: type[gr.Component], **changes: Any) -> Any:
    """An instance that can be used: with the arguments that the class needs, and `changes`."""
    needed = next((NEEDED[owner.__name__] for owner in cls.__mro__ if owner.__name__ in NEEDED), {})
    return cls(**{**needed, **changes})


def own_parameters(cls: type[gr.Component]) -> list[inspect.Parameter]:
    """The parameters that the constructor itself names, and those it takes that not all components share."""
    variable = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    own = [p for p in own_signature(cls).parameters.values() if p.kind not in variable]
    typed, plain = unpacked(cls), make(cls)
    if typed is None or typed in SHARED:
        return own
    picked = [row.name for row in picked_rows(typed)]
    return [
        *own,
        *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(plain, name)) for name in picked),
    ]


def sentences(cls: type[gr.Component]) -> dict[str, str]:
    """What is said of its parameters."""
    typed = unpacked(cls)
    picked = {} if typed is None else {row.name: row.text for row in picked_rows(typed)}
    return {**{row.name: row.text for row in rows_of(cls)}, **picked}


def accepts(cls: type[gr.Component], name: str) -> bool:
    return name in option_names(cls)


def named(cls: type[gr.Component], parameter: str, table: Any) -> bool:
    """Whether a table with keys such as "Button.value" has one for this class or one of its bases."""
    return any(f"{owner.__name__}.{parameter}" in table for owner in cls.__mro__)


def another_value(cls: type[gr.Component], parameter: inspect.Parameter) -> Any:
    """A value that is not the default of the parameter. KeyError tells what to add to TRY."""
    for owner in cls.__mro__:
        if f"{owner.__name__}.{parameter.name}" in TRY:
            return TRY[f"{owner.__name__}.{parameter.name}"]
    if parameter.name in TRY:
        return TRY[parameter.name]
    hints = {**typing.get_type_hints(inspect.unwrap(cls.__init__)), **typing.get_type_hints(unpacked(cls) or dict)}
    for kind in _kinds(hints[parameter.name]):
        if typing.get_origin(kind) is Literal:
            return next(value for value in typing.get_args(kind) if value != parameter.default)
        if kind is bool:
            return not parameter.default
        if kind in (int, float):
            return (parameter.default or 0) + 3
        if kind is str:
            return "something"
    raise KeyError(f"Add a value for {cls.__name__}.{parameter.name} to TRY in {__file__}.")


def _kinds(annotation: Any) -> list[Any]:
    """The members of a union, without None; Literals and truth values first."""
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return [annotation]
    kinds = [kind for kind in typing.get_args(annotation) if kind is not types.NoneType]
    return sorted(kinds, key=lambda kind: typing.get_origin(kind) is not Literal)
