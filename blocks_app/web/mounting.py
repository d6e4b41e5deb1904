"""gr.mount_gradio_app: a page inside a FastAPI or Starlette application."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, Unpack, cast

from blocks_app.declaration.declared_page import DeclaredPage
from blocks_app.declaration.placing import known_theme
from blocks_app.hosting import host
from blocks_app.launch_options import MountingOptions
from blocks_app.tree.page_options import text_or_file

#: Names of modules that say nothing of what is in them.
_PLAIN = frozenset({"app", "apps", "asgi", "blocks", "demo", "demos", "main", "page", "pages", "ui", "urls", "views"})
App = TypeVar("App")
#: Arguments of launch() and mount_gradio_app() that say how the page looks, in place of what `gr.Blocks()` says.
LOOK = ("theme", "css", "css_paths", "js", "head", "head_paths")


def mount_gradio_app(
    app: App,
    blocks: DeclaredPage,
    path: str,
    app_kwargs: dict[str, Any] | None = None,
    **options: Unpack[MountingOptions],
) -> App:
    """Serve a page at `path` of another ASGI application, which is returned.

    `app = gr.mount_gradio_app(app, demo, path="/ui")` for a FastAPI `app`.

    Args:
        app: a FastAPI or Starlette application, or anything with their `mount()` and `router.lifespan_context`.
        blocks: the page.
        path: where it is served, such as "/ui".
        app_kwargs: Django settings by name, for the site that is made where there is no Django project.
        options: see MountingOptions.

    Raises:
        ValueError, TypeError: an option that does not exist or makes no sense, or an `app` that cannot mount another.
    """
    others = cast("dict[str, Any]", options)
    look = {name: value for name in LOOK if (value := others.pop(name, None)) is not None}
    mounted: App = host().mount_gradio_app(app, blocks, path, app_kwargs=app_kwargs, **others)
    restyle(blocks, look)
    return mounted


def restyle(blocks: DeclaredPage, look: dict[str, Any]) -> None:
    """Give a finished page what is usually said in `gr.Blocks()`."""
    if not look:
        return
    blocks.version += 1
    if "theme" in look:
        blocks.theme = known_theme(look["theme"])
    if "js" in look:
        blocks.js = text_or_file(look["js"])
    for kind in ("css", "head"):
        given = [text_or_file(look[kind])] if kind in look else []
        given += [Path(path).read_text(encoding="utf-8") for path in _paths(look.get(f"{kind}_paths"))]
        if given:
            setattr(blocks, kind, "\n".join(text for text in given if text))


def _paths(given: str | Path | Iterable[str | Path] | None) -> list[str | Path]:
    return [] if given is None else [given] if isinstance(given, (str, Path)) else list(given)


def name_as_in_project(blocks: DeclaredPage) -> None:
    """Give an app without a title the name that it has in the project that mounts it: its module's, or, where that is
    one such as `views`, the one of the Django app around it."""
    if blocks.has_title or blocks.declared_in.startswith("__"):
        return
    before, _, last = blocks.declared_in.replace("-", ".").rpartition(".")
    if last in _PLAIN:
        from django.apps import apps  # there is a project

        around = apps.get_containing_app_config(before) if apps.apps_ready and before else None
        last = str(around.verbose_name) if around is not None else before.rpartition(".")[2]
    if name := last.replace("_", " ").strip():
        blocks.title = name[0].upper() + name[1:]
        blocks.version += 1
