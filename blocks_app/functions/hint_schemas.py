"""From type hints to JSON schemas: what `gr.api` tells programs of a function."""

from __future__ import annotations

import collections.abc
import inspect
import types
import typing
from enum import Enum
from typing import Any

#: Of classes whose schema is known; others add theirs.
SCHEMAS: dict[Any, dict[str, Any]] = {
    type(None): {"type": "null"},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string", "format": "byte"},
    bytearray: {"type": "string", "format": "byte"},
    tuple: {"type": "array"},
}
_LISTS = (list, collections.abc.Sequence)
_SETS = (set, frozenset)
_MAPPINGS = (dict, collections.abc.Mapping)


def hints_of(fn: Any) -> dict[str, Any]:
    """The annotations of a function by parameter, "return" among them, each resolved by itself where it can be."""
    body = fn if inspect.isroutine(fn) or inspect.isclass(fn) else getattr(fn, "func", None) or type(fn).__call__
    body = body.__init__ if inspect.isclass(body) else body
    noted = getattr(inspect.unwrap(body), "__annotations__", {})
    found = {}
    for name in noted:
        only = types.SimpleNamespace(__annotations__={name: noted[name]})
        try:
            found.update(typing.get_type_hints(only, getattr(inspect.unwrap(body), "__globals__", {})))
        except Exception:  # what only a type checker can read
            found[name] = Any
    return found


def returned(hint: Any) -> list[Any]:
    """The hints of the values that a function gives: those of a tuple of known size, none for None."""
    if hint in (None, type(None), inspect.Parameter.empty):
        return []
    within = typing.get_args(hint)
    return list(within) if typing.get_origin(hint) is tuple and Ellipsis not in within else [hint]


def schema_of(hint: Any) -> dict[str, Any]:
    """The JSON schema of a hint; {} for one that JSON cannot say anything of."""
    if isinstance(hint, type) and hint in SCHEMAS:
        return dict(SCHEMAS[hint])
    if hint is None:
        return {"type": "null"}
    origin, within = typing.get_origin(hint) or hint, typing.get_args(hint)
    if origin is typing.Annotated:
        return schema_of(within[0])
    if origin is typing.Literal:
        return {"const": within[0]} if len(within) == 1 else {"enum": list(within)}
    if origin in (typing.Union, types.UnionType):
        return _union(within)
    if origin is tuple:
        return _tuple(within)
    if origin in _LISTS:
        return {"type": "array", "items": schema_of(within[0]) if within else {}}
    if origin in _SETS:
        return {"type": "array", "uniqueItems": True, **({"items": schema_of(within[0])} if within else {})}
    if origin in _MAPPINGS:
        if within and within[0] is not str:
            return {}  # JSON has no other keys
        return {"type": "object", "additionalProperties": schema_of(within[1]) if within else {}}
    return _class(origin)


def _union(options: tuple[Any, ...]) -> dict[str, Any]:
    if len(options) == 2 and type(None) in options:
        other = next(each for each in options if each is not type(None))
        return {"oneOf": [{"type": "null"}, schema_of(other)]}
    return {"anyOf": [schema_of(each) for each in options]}


def _tuple(within: tuple[Any, ...]) -> dict[str, Any]:
    if Ellipsis in within:
        return {"type": "array", "items": schema_of(within[0])}
    items = [schema_of(each) for each in within]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def _class(cls: Any) -> dict[str, Any]:
    """A class with noted fields: a TypedDict, a dataclass, a NamedTuple, or what looks like one."""
    if not isinstance(cls, type):
        return {}
    if issubclass(cls, Enum):
        return {"enum": [each.value for each in cls]}
    if not getattr(cls, "__annotations__", None):
        return {}
    try:
        fields = typing.get_type_hints(cls)
    except Exception:  # what only a type checker can read
        return {"type": "object"}
    fields = {name: hint for name, hint in fields.items() if typing.get_origin(hint) is not typing.ClassVar}
    required = getattr(cls, "__required_keys__", None)
    given = getattr(cls, "_field_defaults", vars(cls))  # of a NamedTuple, else the class's own attributes
    needed = [name for name in fields if (name not in given if required is None else name in required)]
    schema = {"type": "object", "properties": {name: schema_of(hint) for name, hint in fields.items()}}
    return {**schema, "required": needed} if needed else schema


def mentions(hint: Any, wanted: type) -> bool:
    """Whether a hint speaks of a class, at any depth."""
    return hint is wanted or any(mentions(each, wanted) for each in typing.get_args(hint))
