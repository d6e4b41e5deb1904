"""Finds the demos and tells the gallery page about them."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blocks_app.blocks import Blocks
from blocks_app.web.views import ICON

#: Packages of this repository: one of them missing is a fault and no choice.
OWN = {"auth_app", "blocks_app", "demos", "project", "queue_app"}
DEMOS = Path(__file__).resolve().parent.parent / "demos"
#: What brings packages that demos import at their top, and those that functions of demos import when they are called.
AT_ONCE, LATER = "demos/requirements.txt", "demos/requirements-models.txt"


@dataclass(frozen=True, slots=True)
class Demo:
    """One file of `demos/`: its address, what its docstring says, its app and its source.

    Without a package that it imports there is no app; `missing` is that package.
    """

    name: str
    title: str
    text: SafeString
    blocks: Blocks | None
    source: str
    missing: str | None = None


def load(name: str) -> Demo:
    """Import `demos/<name>.py`. Its docstring's first line is the title, the rest the description.

    Raises AttributeError when the module has no `demo`, and whatever the module itself raises, unless a package of
    others is missing: AT_ONCE and LATER bring those.
    """
    try:
        module: Any = importlib.import_module(f"demos.{name}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if not missing or missing in OWN:
            raise
        return without(name, missing, AT_ONCE)
    if not isinstance(getattr(module, "demo", None), Blocks):
        raise AttributeError(f"demos/{name}.py has no Blocks named `demo`. Write `with gr.Blocks() as demo:` in it.")
    title, _, text = (inspect.getdoc(module) or name).partition("\n")
    source = Path(module.__file__).read_text(encoding="utf-8")
    if LATER in source and (lacking := _lacking(source)) is not None:
        return without(name, lacking, LATER)
    return Demo(name, title.rstrip("."), with_code(" ".join(text.split())), module.demo, source)


def _lacking(source: str) -> str | None:
    """A package that is imported somewhere and not installed. It is looked for, not imported: a model takes seconds."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    packages = sorted({name.partition(".")[0] for name in names} - OWN)
    return next((package for package in packages if importlib.util.find_spec(package) is None), None)


def without(name: str, missing: str, requirements: str) -> Demo:
    """A demo that cannot be shown here, since a package is missing."""
    source = (DEMOS / f"{name}.py").read_text(encoding="utf-8")
    title = (ast.get_docstring(ast.parse(source)) or name).partition("\n")[0]
    text = f"This one needs {missing}: `pip install -r {requirements}`, then start again."
    return Demo(name, title.rstrip("."), with_code(text), None, source, missing)


def with_code(text: str) -> SafeString:
    """Plain text as HTML, what stands between backticks as code."""
    return mark_safe(re.sub("`(.+?)`", r"<code>\1</code>", escape(text)))


@cache
def all_demos() -> tuple[Demo, ...]:
    """Every demo, sorted by file name; loaded once per process."""
    if str(DEMOS.parent) not in sys.path:
        sys.path.insert(0, str(DEMOS.parent))
    return tuple(load(file.stem) for file in sorted(DEMOS.glob("*.py")) if not file.stem.startswith("_"))


def gallery(request: HttpRequest) -> HttpResponse:
    """The page at the root: one card per demo."""
    return render(request, "project/gallery.html", {"demos": all_demos()})


def in_a_site(request: HttpRequest) -> HttpResponse:
    """A page of the site with apps in it: a model as a form, and a chat."""
    return render(request, "project/in_a_site.html")


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon of every page that names none, such as the admin's."""
    return HttpResponse(ICON.read_bytes(), content_type="image/svg+xml")


def urlpatterns() -> list[URLPattern | URLResolver]:
    """The gallery at the root and each demo below its name."""
    own = [path("", gallery, name="gallery"), path("in_a_site/", in_a_site), path("favicon.ico", favicon)]
    return [*own, *(path(f"{demo.name}/", demo.blocks.urls) for demo in all_demos() if demo.blocks)]
