"""What goes into a link: the values that a page shows, each with what tells its component from others.

Of components that the visitor may edit it is what the browser says; of all others what functions have shown, as the
server knows it, because a link opens under the site's own name. State, what is typed into a password field, and labels
of buttons are never in one.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from blocks_app.deep_links.files import Dropped, Keeping, walked
from blocks_app.page.pages import on_page
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.tree.block import Block

#: Events by which a component tells that its visitor has changed it.
_EDITED = ("input", "upload")
Values = Mapping[int, Any]


class Made(NamedTuple):
    """What a link is made of.

    Attributes:
        values: what is kept of each component.
        dropped: names of files that are not in it.
    """

    values: list[dict[str, Any]]
    dropped: list[str]


def content(made: Made, page: str, owner: str, copies: Collection[str]) -> dict[str, Any]:
    """A link as it is kept. `owner` is the key of a person who has logged in, else ""."""
    return {"created": time.time(), "page": page, "owner": owner, "values": made.values, "copies": list(copies)}


def collect(blocks: DeclaredPage, page: str, known: Values, entered: Values, keeping: Keeping) -> Made:
    """The values of a page.

    Args:
        blocks: the app.
        page: the path of its page.
        known: what functions have shown there.
        entered: what the browser says, by number of the block.
        keeping: what becomes of files.
    """
    values = []
    left_out = _left_out(blocks)
    for number, block in linkable(blocks, page).items():
        if number in left_out:
            continue
        if number in entered and is_editable(blocks, block):
            value = entered[number]
            if not fits(block, value):
                continue
        elif number in known:
            value = known[number]
        else:
            continue
        try:
            values.append({**sign(block), "id": number, "value": walked(value, keeping)})
        except Dropped:
            continue
    return Made(values, list(dict.fromkeys(keeping.dropped)))


def linkable(blocks: DeclaredPage, page: str) -> dict[int, Component]:
    """The components of a page whose values may be in a link, by number."""
    return {number: block for number, block in on_page(blocks, page)[0].items() if _may(block)}  # type: ignore[misc]


def _may(block: Block) -> bool:
    if not isinstance(block, Component) or block.stateful or block.is_everywhere or not block.in_links:
        return False
    return getattr(block, "type", None) != "password"


def _left_out(blocks: DeclaredPage) -> set[int]:
    """Numbers of the components that the app's author keeps out."""
    found: set[int] = set()
    for block in blocks.blocks.values():
        if block.links_page:
            found |= {each._id for each in getattr(block, "exclude", ())}
    return found


def is_editable(blocks: DeclaredPage, block: Component) -> bool:
    """Whether visitors may edit it; the same rule as in frontend/tree.ts."""
    if not any(hasattr(type(block), event) for event in _EDITED) or block.takes_any or block.interactive is False:
        return False
    if block.interactive:
        return True
    listeners = blocks.dependencies.values()
    if any(block in each.inputs for each in listeners):
        return True
    return not any(block in each.outputs for each in listeners) and _is_empty(block.value)


def _is_empty(value: Any) -> bool:
    try:
        return not value
    except Exception:  # arrays and tables do not say
        return False


def fits(block: Component, value: Any) -> bool:
    """Whether the component takes the value; of those that have much to do for the answer, nobody is asked."""
    if block.heavy:
        return True
    try:
        block.preprocess(value)
    except Exception:  # whatever it says: the link is made without
        return False
    return True


def sign(block: Component) -> dict[str, Any]:
    """What a component is told from others by, also after a change of the app."""
    label = block.label if isinstance(block.label, str) else None
    return {"type": block.get_block_name(), "label": label, "elem_id": block.elem_id}
