"""Components by the names of their classes: `gr.component("textbox", render=True)`."""

from __future__ import annotations

from collections.abc import Iterator

from blocks_app import components
from blocks_app.exceptions import DeclarationError
from blocks_app.tree.component import Component


def component(cls_name: str, render: bool) -> Component:
    """Make a component whose class you know by name, with the defaults of everything else.

    Args:
        cls_name: name of the class without regard to case and underscores, such as "textbox"; of your own classes, too.
        render: False makes it now and shows it where `.render()` is called later.

    Raises:
        DeclarationError: there is no such component.
    """
    return component_class(cls_name)(render=render)


def component_class(name: str) -> type[Component]:
    """The class of a component by its name; one of a program's own where ours has no such name."""
    wanted = _plain(name)
    public = {_plain(each): getattr(components, each) for each in components.__all__}
    found = public.get(wanted)
    if isinstance(found, type) and issubclass(found, Component):
        return found
    for cls in _below(Component):
        if _plain(cls.__name__) == wanted:
            return cls
    raise DeclarationError(f"There is no component {name!r}. Give the name of a class, such as 'textbox' or 'slider'.")


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _below(cls: type[Component]) -> Iterator[type[Component]]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)
