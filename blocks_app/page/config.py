"""From a page's tree to the config that the browser and the client programs read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from blocks_app.files import file_data
from blocks_app.listeners.dependency import Dependency
from blocks_app.page.assets import block_assets, build_entries
from blocks_app.page.generated_files import generated_files
from blocks_app.page.pages import on_page, parts, restrict, withhold
from blocks_app.page.theming import resolve_theme
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.container import Container
from blocks_app.tree.iterables import is_translated

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.declaration.mount import Mount

__all__ = [
    "API_PREFIX", "build_config", "component_config", "config", "dependency_config", "for_everybody", "layout_config",
    "on_page",
]  # fmt: skip

#: The vocabulary that client programs are told; any PEP 440 version above 4.29 serves them.
VERSION = "6.31.0"
PROTOCOL = "sse_v3"
API_PREFIX = "/gradio_api"
#: What Gradio's pages and clients read besides, and what is the same for every app until a mount says otherwise.
_SETTLED: dict[str, Any] = {
    "is_queue": True,
    "enable_queue": True,
    "show_error": False,
    "show_api": True,
    "run_history": False,
    "analytics_enabled": False,
    "dev_mode": False,
    "vibe_mode": False,
    "is_colab": False,
    "space_id": None,
    "mcp_server": False,
    "i18n_translations": None,
}


def config(
    mount: Mount,
    root: str = "",
    base: str = "/",
    username: str | None = None,
    page: str | None = None,
    allowed: Collection[str] | None = None,
) -> dict[str, Any]:
    """The config of a mounted app.

    Args:
        mount: the page.
        root: its public address without a slash at the end.
        base: path of the page with a slash at the end.
        username: the visitor who logged in.
        page: the path of one of its pages, to which the answer is restricted.
        allowed: the paths of those that the visitor may see; None is all.
    """
    options = mount.options
    built = build_config(mount.blocks, root, base)
    if allowed is not None:
        withhold(built, mount.blocks, allowed)
    if page is not None:
        restrict(built, mount.blocks, page)
    built.update(
        app_id=mount.app_id,
        username=username,
        show_error=options.shows_errors,
        show_api=options.show_api,
        footer_links=["api", "gradio"] if options.show_api else ["gradio"],
        max_file_size=options.max_file_size,
        mcp_server=options.has_mcp,
        pwa=options.pwa,
    )
    return built


def for_everybody(root: str, app: str) -> AbstractContextManager[None]:
    """Inside, files are those of values that a page of an app starts with, seen at this address."""
    return file_data.use(file_data.FileContext(owner="", url_prefix=root + API_PREFIX, mount=app))


def build_config(blocks: DeclaredPage, root: str = "", base: str = "/") -> dict[str, Any]:
    """The config of a page that nobody serves yet."""
    tree = _tree(blocks)
    theme = resolve_theme(blocks.theme)
    layout = {"id": blocks._id, "children": layout_config(blocks)}
    app = blocks.mount.key if blocks.mount is not None else ""
    with for_everybody(root, app):
        components = _components(tree, base)
    shown = {block._id for block in tree}
    listeners = [dependency_config(each) for each in blocks.dependencies.values() if _complete(each, shown)]
    return {
        "version": VERSION,
        "protocol": PROTOCOL,
        "api_prefix": API_PREFIX,
        "mode": blocks.mode,
        "title": blocks.title,
        "root": root,
        "base": base,
        "websocket": f"{base}queue/ws",
        "app_id": 0,
        "username": None,
        **_SETTLED,
        "connect_heartbeat": _needs_heartbeat(blocks),
        "max_file_size": None,
        "pwa": False,
        "fill_height": blocks.fill_height,
        "fill_width": blocks.fill_width,
        "theme": theme.name,
        "theme_hash": theme.hash,
        "stylesheets": [],
        "body_css": None,
        "css": blocks.css,
        "js": blocks.js,
        "head": blocks.head,
        "functions": _functions(blocks, base),
        "layout": layout,
        "components": components,
        "dependencies": listeners,
        "pages": [list(page) for page in blocks.pages],
        "current_page": "",
        "page": parts(blocks, layout, {each["id"] for each in listeners}),
    }


def _functions(blocks: DeclaredPage, base: str) -> str | None:
    """Address of the module with the js texts."""
    name = generated_files(blocks).functions
    return f"{base}app/{name}" if name else None


def _tree(blocks: DeclaredPage) -> list[Block]:
    return [block for block in blocks.blocks.values() if block is not blocks]


def _components(tree: list[Block], base: str) -> list[dict[str, Any]]:
    built = build_entries()
    return [component_config(block) | block_assets(type(block), base, built) for block in tree]


def layout_config(container: Container) -> list[dict[str, Any]]:
    """What stands in a container, as ids in a tree."""
    nodes: list[dict[str, Any]] = []
    for child in container.children:
        node: dict[str, Any] = {"id": child._id}
        if isinstance(child, Container):
            node["children"] = layout_config(child)
        nodes.append(node)
    return nodes


def component_config(block: Block) -> dict[str, Any]:
    """One block with its initial value, without the addresses of its module; files.current must be set."""
    entry: dict[str, Any] = {
        "id": block._id,
        "type": block.get_block_name(),
        "props": block.props(),
        "skip_api": block.skip_api,
        "component_class_id": _class_id(type(block)),
        "key": block.key,
    }
    if isinstance(block, Component) and not block.stateful:
        value = _initial(block)
        if value is not None:
            entry["props"]["value"] = value
    return entry


def _initial(component: Component) -> Any:
    """The value on the wire, made once: postprocessing an image for each visitor would be dear."""
    kept = component.wire_value_kept
    here = file_data.current.get()
    prefix = here.url_prefix if here is not None else ""
    if kept is None or kept[0] is not component.value or kept[1] != prefix:
        kept = (component.value, prefix, component.initial_value())
        component.wire_value_kept = None if is_translated(component.value) else kept
    return kept[2]


def _class_id(cls: type[Block]) -> str:
    return hashlib.sha256(f"{cls.__module__}.{cls.__qualname__}".encode()).hexdigest()


def _needs_heartbeat(blocks: DeclaredPage) -> bool:
    return bool(blocks.unload_fns) or any(getattr(block, "stateful", False) for block in blocks.blocks.values())


def _complete(dependency: Dependency, shown: set[int]) -> bool:
    """Whether everything that the listener names is on the page; one that names an unrendered block is left out."""
    return all(block._id in shown and block.is_rendered for block in (*dependency.inputs, *dependency.outputs))


def dependency_config(dependency: Dependency) -> dict[str, Any]:
    """One listener."""
    private = dependency.visibility == "private"
    return {
        "id": dependency.id,
        "targets": [[target.block._id if target.block else None, target.event] for target in dependency.targets],
        "inputs": [block._id for block in dependency.inputs],
        "outputs": [block._id for block in dependency.outputs],
        "component_prop_inputs": list(dependency.whole_inputs),
        "backend_fn": dependency.fn is not None,
        "js": dependency.js,
        "queue": dependency.queue,
        "api_name": False if private else dependency.api_name,
        "show_api": dependency.visibility == "public",
        "api_visibility": dependency.visibility,
        "api_description": dependency.description,
        "scroll_to_output": dependency.scroll_to_output,
        "show_progress": dependency.show_progress,
        "show_progress_on": [block._id for block in dependency.show_progress_on]
        if dependency.show_progress_on is not None
        else None,
        "batch": dependency.batch,
        "max_batch_size": dependency.max_batch_size,
        "every": dependency.every,
        "cancels": list(dependency.cancels),
        # Programs refuse to wait for the result of a continuous one: it may run for ever.
        "types": {
            "continuous": dependency.every is not None,
            "generator": dependency.is_generator,
            "cancel": bool(dependency.cancels),
        },
        "collects_event_data": dependency.collects_event_data,
        "trigger_after": dependency.trigger_after,
        "trigger_only_on_success": dependency.trigger_only_on_success,
        "trigger_only_on_failure": dependency.trigger_only_on_failure,
        "trigger_mode": dependency.trigger_mode,
        "rendered_in": dependency.rendered_in,
        "render_id": dependency.renders.at.number if dependency.renders is not None else None,
        "connection": "sse",
        "time_limit": None,
        "stream_every": dependency.stream_every,
        "zerogpu": False,
    }
