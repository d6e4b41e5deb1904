"""Components inside messages: what the page needs to draw one, sealed, so that it comes back as it was sent.

A message's component is drawn by the same element as on a page, with options that only its author may choose, as some
draw markup or run scripts. A visitor's value holds the conversation and with it those options, so they carry a seal
that only this site can make.
"""

from __future__ import annotations

import contextlib
import functools
import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from blocks_app import jsonable
from blocks_app.components.validation import refusal, shown
from blocks_app.files import file_data
from blocks_app.page.assets import block_assets
from blocks_app.tree import context
from blocks_app.tree.component import Component

_KEPT = "_in_message"
_NEVER = frozenset({"value", "render", "key", "every", "inputs"})


def part_of(owner: Component, component: Component) -> dict[str, Any]:
    """The part of a message that shows a component; made once for each, as a generator yields it again and again."""
    files = file_data.current.get()
    place = None if files is None else (files.store, files.owner, files.url_prefix)
    kept = vars(component).get(_KEPT)
    if kept is not None and kept[0] == place:
        return {**kept[1]}
    with _apart():
        arguments = {name: value for name, value in component._given.items() if name not in _NEVER}
        drawn = type(component)(**{**component._given, "render": False})
        value = jsonable.plain(drawn.initial_value())
        options = {name: value for name, value in arguments.items() if _is_json(value)}
    part = _sealed(owner, type(component), jsonable.plain(value), options, jsonable.plain(drawn.props()))
    setattr(component, _KEPT, (place, part))
    return {**part}


def sent_part(owner: Component, part: Mapping[str, Any]) -> dict[str, Any]:
    """A part that a visitor sent: with `instance`, the component. Raises Error for one that was not made here."""
    checked = returned_part(owner, part)
    with _apart():
        cls = _class_of(checked["component"])
        assert cls is not None
        value = cls(**checked["constructor_args"]).preprocess(checked["value"])
        checked["instance"] = cls(value=value, **checked["constructor_args"])
    return checked


def returned_part(owner: Component, part: Mapping[str, Any]) -> dict[str, Any]:
    """A part as it was sent before, with the addresses that hold now. Raises Error for one that was not made here."""
    name, value = part.get("component"), part.get("value")
    options, props, element = part.get("constructor_args"), part.get("props"), part.get("element")
    cls = _class_of(name)
    seal = element.get("seal") if isinstance(element, Mapping) else None
    if cls is None or not isinstance(options, Mapping) or not isinstance(props, Mapping):
        raise refusal(owner, f"no component is called {shown(name)}.")
    if not isinstance(seal, str) or not any(
        constant_time_compare(seal, each) for each in _seals(str(name), value, options, props)
    ):
        raise refusal(owner, f"this {name} was not made here, or it was changed. Return the component itself.")
    return _sealed(owner, cls, value, dict(options), dict(props))


def _sealed(
    owner: Component, cls: type[Component], value: Any, options: dict[str, Any], props: dict[str, Any]
) -> dict[str, Any]:
    assets = block_assets(cls, "")
    if assets["tag"] is None:
        raise refusal(owner, f"a {cls.__name__} cannot be shown in a message.")
    props = {name: given for name, given in props.items() if name not in ("value", "buttons")}
    name = cls.__name__.lower()
    seal = next(_seals(name, value, options, props))
    return {
        "component": name,
        "value": value,
        "constructor_args": options,
        "props": props,
        "type": "component",
        "element": {**assets, "seal": seal},
    }


@contextlib.contextmanager
def _apart() -> Iterator[None]:
    """Components made here are real ones, and stand on no page."""
    root, parent = context.root.set(None), context.parent.set(None)
    inside = context.in_event.set(False)
    try:
        yield
    finally:
        context.in_event.reset(inside)
        context.parent.reset(parent)
        context.root.reset(root)


def _class_of(name: Any) -> type[Component] | None:
    """The component class of this name, lower case as it travels."""
    todo: list[type[Component]] = [Component]
    while todo:
        cls = todo.pop()
        if cls.__name__.lower() == name and cls is not Component:
            return cls
        todo += cls.__subclasses__()
    return None


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _seals(*parts: Any) -> Iterator[str]:
    """The seal with each of the site's keys, the one to use first."""
    text = json.dumps([_same(part) for part in parts], sort_keys=True).encode()
    for key in _keys():
        yield salted_hmac("blocks_app.chatbot", text, secret=key, algorithm="sha256").hexdigest()


def _same(value: Any) -> Any:
    """A value as it is after a way through JavaScript, which has one kind of number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _same(each) for key, each in value.items()}
    return [_same(each) for each in value] if isinstance(value, list | tuple) else value


def _keys() -> list[str]:
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        return [str(each) for each in (conf.settings.SECRET_KEY, *conf.settings.SECRET_KEY_FALLBACKS)]
    return [_process_key()]


@functools.cache
def _process_key() -> str:
    return secrets.token_urlsafe()
