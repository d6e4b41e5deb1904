"""What one page of an app has of its blocks and listeners, of its config, and the links that lead to the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from blocks_app.listeners.dependency import Dependency
from blocks_app.tree.block import Block

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


def on_page(blocks: DeclaredPage, route: str) -> tuple[dict[int, Block], list[Dependency]]:
    """The blocks and the listeners of a page; those blocks that go with the visitor are there when one names them."""
    shown = {
        number: block for number, block in blocks.blocks.items() if block is not blocks and block.page_path == route
    }
    listeners = []
    for dependency in blocks.dependencies.values():
        named = (*dependency.inputs, *dependency.outputs)
        if dependency.page_path != route or not all(each._id in shown or each.is_everywhere for each in named):
            continue
        listeners.append(dependency)
        shown |= {each._id: each for each in named if each.is_rendered}
    return shown, listeners


def parts(blocks: DeclaredPage, layout: dict[str, Any], listed: Collection[int]) -> dict[str, dict[str, Any]]:
    """Gradio's summary of each page: its part of the layout, and numbers of its blocks and listeners."""
    if len(blocks.pages) == 1:
        ids = sorted(block._id for block in blocks.blocks.values() if block is not blocks)
        return {"": {"layout": layout, "components": ids, "dependencies": list(blocks.dependencies)}}
    return {
        page.path: {
            "layout": {**layout, "children": _nodes(blocks, layout, page.path)},
            "components": sorted(
                number
                for number, block in blocks.blocks.items()
                if block is not blocks and block.page_path == page.path
            ),
            "dependencies": [
                each.id for each in blocks.dependencies.values() if each.page_path == page.path and each.id in listed
            ],
        }
        for page in blocks.pages
    }


def _nodes(blocks: DeclaredPage, layout: dict[str, Any], route: str) -> list[dict[str, Any]]:
    return [node for node in layout["children"] if blocks.blocks[node["id"]].page_path == route]


def restrict(config: dict[str, Any], blocks: DeclaredPage, route: str) -> None:
    """Leave in a config what one page needs."""
    config["current_page"] = route
    if len(blocks.pages) == 1:
        return
    shown, listeners = on_page(blocks, route)
    numbers = {each.id for each in listeners}
    nodes = _nodes(blocks, config["layout"], route)
    placed = set(_numbers(nodes))
    nodes += [{"id": number} for number in shown if number not in placed]
    config["layout"] = {**config["layout"], "children": nodes}
    config["components"] = [each for each in config["components"] if each["id"] in shown]
    config["dependencies"] = [each for each in config["dependencies"] if each["id"] in numbers]


def withhold(config: dict[str, Any], blocks: DeclaredPage, allowed: Collection[str]) -> None:
    """Take out of a config what stands on pages that the visitor may not see."""
    if len(allowed) == len(blocks.pages):
        return
    config["pages"] = [page for page in config["pages"] if page[0] in allowed]
    config["page"] = {path: part for path, part in config["page"].items() if path in allowed}
    kept = {number for number, block in blocks.blocks.items() if block.page_path in allowed}
    listeners = {number for number, each in blocks.dependencies.items() if each.page_path in allowed}
    config["layout"] = {
        **config["layout"], "children": [node for node in config["layout"]["children"] if node["id"] in kept],
    }  # fmt: skip
    config["components"] = [each for each in config["components"] if each["id"] in kept]
    config["dependencies"] = [each for each in config["dependencies"] if each["id"] in listeners]


def _numbers(nodes: list[dict[str, Any]]) -> Iterator[int]:
    for node in nodes:
        yield node["id"]
        yield from _numbers(node.get("children", []))


def links(config: dict[str, Any]) -> list[dict[str, Any]]:
    """What the page's bar of links shows, as its Navbar says; nothing where there is nowhere to go."""
    bar: dict[str, Any] = next((each["props"] for each in config["components"] if each["type"] == "navbar"), {})
    if bar.get("visible", True) is not True:
        return []
    main = bar.get("main_page_name", "Home")
    found = [
        {"name": main if path == "" else name, "href": config["base"] + path, "current": path == config["current_page"]}
        for path, name, shown in config["pages"]
        if shown and (path or main is not False)
    ]
    for name, address in bar.get("value") or ():
        outside = address.startswith(("http:", "https:"))
        href = address if outside else config["base"] + address.lstrip("/")
        found.append({"name": name, "href": href, "current": False, "outside": outside})
    return found if len(found) > 1 or bar.get("value") else []
