"""Finds the demos and tells the gallery page about them."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blocks_app.blocks import Blocks
from blocks_app.web.views import ICON
from project import guides

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


@dataclass(frozen=True, slots=True)
class Card:
    """What the gallery says of a demo, or of a page of its own: where it leads, and its guide."""

    address: str
    title: str
    text: str
    guide: str

    @property
    def guide_title(self) -> str:
        """The guide's first heading."""
        return guides.titles()[self.guide]

    @property
    def guide_address(self) -> str:
        """Where the gallery shows the guide."""
        return guides.address(self.guide)


@dataclass(frozen=True, slots=True)
class Group:
    """Demos of one topic."""

    title: str
    cards: tuple[Card, ...]

    @property
    def anchor(self) -> str:
        """The name of its place in the page."""
        return self.title.lower().replace(",", "").replace(" ", "-")


@cache
def told() -> list[dict[str, Any]]:
    """What `demos/gallery.toml` says of the groups."""
    groups: list[dict[str, Any]] = tomllib.loads((DEMOS / "gallery.toml").read_text(encoding="utf-8"))["group"]
    return groups


def groups() -> list[Group]:
    """The groups with a card for each demo that there is, in their order."""
    known = {demo.name: demo for demo in all_demos()}
    found = []
    for group in told():
        pairs = [(known[name], guide) for name, guide in group["demos"].items() if name in known]
        cards = [Card(guides.shown(demo.name), demo.title, demo.text, guide) for demo, guide in pairs]
        found.append(Group(group["title"], (*cards, *(Card(**page) for page in group.get("pages", ())))))
    placed = {name for group in told() for name in group["demos"]}
    rest = [Card(guides.shown(name), demo.title, demo.text, "quickstart.md") for name, demo in known.items()]
    rest = [card for card, name in zip(rest, known, strict=True) if name not in placed]
    return [*found, Group("More", tuple(rest))] if rest else found


def gallery(request: HttpRequest) -> HttpResponse:
    """The page at the root: one card per demo, by topics."""
    return render(request, "project/gallery.html", {"groups": groups()})


def show(request: HttpRequest, name: str) -> HttpResponse:
    """A demo that runs, its source beside it, and its neighbours."""
    cards = [card for group in groups() for card in group.cards if card.address.startswith("show/")]
    demo = next((demo for demo in all_demos() if demo.name == name), None)
    if demo is None:
        raise Http404
    at = [card.address for card in cards].index(guides.shown(name))
    before, after = cards[at - 1] if at else None, cards[at + 1] if at + 1 < len(cards) else None
    told = {"demo": demo, "card": cards[at], "before": before, "after": after}
    return render(request, "project/show.html", told)


def in_a_site(request: HttpRequest) -> HttpResponse:
    """A page of the site with apps in it: a model as a form, and a chat."""
    return render(request, "project/in_a_site.html")


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon of every page that names none, such as the admin's."""
    return HttpResponse(ICON.read_bytes(), content_type="image/svg+xml")


def urlpatterns() -> list[URLPattern | URLResolver]:
    """The gallery at the root and each demo below its name."""
    own: list[URLPattern | URLResolver] = [
        path("", gallery, name="gallery"),
        path("show/<slug:name>/", show, name="show"),
        path("guides/<str:guide>/", guides.reader().urls),
        path("in_a_site/", in_a_site),
        path("favicon.ico", favicon),
    ]
    return [*own, *(path(f"{demo.name}/", demo.blocks.urls) for demo in all_demos() if demo.blocks)]
