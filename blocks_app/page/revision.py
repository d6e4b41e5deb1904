"""The revision of a page: a short text that changes when what the browser was given does not fit any more.

A page that reconnects to a new process goes on when the revision is the same, and has to be loaded anew otherwise. So
it must be equal in every process that serves the same source: random ids of files and values that a function makes are
left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import orjson

from blocks_app.jsonable import clean
from blocks_app.listeners.dependency import Dependency
from blocks_app.page.assets import block_assets
from blocks_app.page.generated_files import generated_files
from blocks_app.page.theming import resolve_theme
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.declaration.mount import Mount

_KEPT = "revision"


def revision(mount: Mount) -> str:
    """The revision of a mounted page. Found out once: what its functions add to it later changes nothing."""
    kept: str | None = mount.attachments.get(_KEPT)
    if kept is None:
        kept = mount.attachments[_KEPT] = _revision(mount.blocks)
    return kept


def _revision(blocks: DeclaredPage) -> str:
    generated = generated_files(blocks)
    made_of = [
        blocks.title,
        [list(page) for page in blocks.pages],
        resolve_theme(blocks.theme).hash,
        sorted(generated.contents),
        blocks.head,
        blocks.fill_height,
        blocks.fill_width,
        _layout(blocks),
        [_listener(each) for each in blocks.dependencies.values()],
        [_block(block) for block in blocks.blocks.values() if block is not blocks],
    ]
    text = orjson.dumps(_lasting(made_of), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def _block(block: Block) -> list[Any]:
    value = None if getattr(block, "load_fn", None) is not None else getattr(block, "value", None)
    shown = value if isinstance(value, (str, int, float, bool)) else None
    return [block._id, block.get_block_name(), block.props(), shown, block_assets(type(block), "/")]


def _layout(container: Container) -> list[Any]:
    return [[child._id, *(_layout(child) if isinstance(child, Container) else ())] for child in container.children]


def _listener(dependency: Dependency) -> dict[str, Any]:
    described = {field.name: getattr(dependency, field.name) for field in fields(dependency)}
    targets = [[target.block, target.event] for target in dependency.targets]
    return {**described, "targets": targets, "fn": dependency.fn is not None, "info": None, "function": None}


def _lasting(value: Any) -> Any:
    """A value as JSON that another process would make as well: of files the names, as their ids are random."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return float(value)  # of numpy, too
    if isinstance(value, int):
        return str(value)  # of any length
    if isinstance(value, dict):
        if isinstance(value.get("path"), str):
            return value.get("orig_name")
        return {clean(str(key)): _lasting(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lasting(item) for item in value]
    return value._id if isinstance(value, Block) else type(value).__qualname__
