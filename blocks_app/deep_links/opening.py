"""Opening a link: its values in the config of the page, so far as the page still has their components.

A page that has changed meanwhile shows what fits: a component is found by its number and its label, else by its label
alone. What the page itself fills when it loads with a function as value is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from blocks_app.deep_links.contents import fits, is_editable, linkable, sign
from blocks_app.deep_links.files import Dropped, Opening, walked
from blocks_app.deep_links.store import Links

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.files.file_data import FileContext
    from blocks_app.tree.component import Component

#: What the config says of the link that the page was asked for with; Gradio's words.
NONE, VALID, INVALID = "none", "valid", "invalid"


def values_of(blocks: DeclaredPage, page: str, content: Mapping[str, Any], where: FileContext) -> dict[int, Any]:
    """The values of a link for one page of the app, by number of the block, for whom `where` tells."""
    opening = Opening(where, frozenset(content["copies"]))
    found: dict[int, Any] = {}
    for number, block, kept in _placed(linkable(blocks, page), content["values"]):
        if is_editable(blocks, block) and not fits(block, kept):
            continue
        try:
            found[number] = walked(kept, opening)
        except Dropped:
            continue
    return found


def _placed(blocks: Mapping[int, Component], values: list[dict[str, Any]]) -> Iterator[tuple[int, Component, Any]]:
    signs = {number: sign(block) for number, block in blocks.items()}
    for each in values:
        number, value = each["id"], each["value"]
        wanted = {name: each.get(name) for name in ("type", "label", "elem_id")}
        if signs.get(number) != wanted:
            like = [other for other, found in signs.items() if found == wanted]
            if len(like) != 1:
                continue
            number = like[0]
        yield number, blocks[number], value


def open_link(
    config: dict[str, Any], blocks: DeclaredPage, mount: str, link: str | None, page: str | None, where: FileContext
) -> str:
    """Put the values of a link into the config of a page, or of all of them (None); what `deep_link_state` says.

    `where` tells who opens it.
    """
    if not link:
        return NONE
    content = Links(mount, where.store).read(link)
    if content is None:
        return INVALID
    values: dict[int, Any] = {}
    for path in [each.path for each in blocks.pages] if page is None else [page]:
        values |= values_of(blocks, path, content, where)
    for component in config["components"]:
        if component["id"] in values:
            component["props"]["value"] = values[component["id"]]
    config["dependencies"] = [_without_load(each, blocks, values) for each in config["dependencies"]]
    return VALID


def _without_load(listener: dict[str, Any], blocks: DeclaredPage, values: Mapping[int, Any]) -> dict[str, Any]:
    """A listener as it is; that of a function which is a component's value, without the loading of the page."""
    outputs = listener["outputs"]
    if len(outputs) != 1 or outputs[0] not in values:
        return listener
    dependency = blocks.dependencies[listener["id"]]
    if getattr(blocks.blocks[outputs[0]], "load_fn", None) is not dependency.fn:
        return listener
    return {**listener, "targets": [each for each in listener["targets"] if each[1] != "load"]}
