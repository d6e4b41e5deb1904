"""The pages of docs/ as pages of the gallery, so that a demo leads to its guide and a guide to its demos."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

import blocks_app as gr
from blocks_app.blocks import Blocks

DOCS = Path(__file__).resolve().parent.parent / "docs"
DEMOS = "../demos/"
#: Blocks of code, in which nothing is a link; then pieces of code, and links to files with the text of each.
_BLOCK = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"`[^`]+`|\[((?:[^\]`]|`[^`]+`)+)\]\((?![a-z]+:|#)([^()\s#]+)(?:#[^()\s]*)?\)")


@cache
def names() -> dict[str, str]:
    """Each page of docs/ and its name in an address: "howto/state.md" is at `guides/howto.state/`."""
    pages = (path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    return {page: page.removesuffix(".md").replace("/", ".") for page in pages}


@cache
def titles() -> dict[str, str]:
    """Each page of docs/ and its first heading."""
    headings = ((page, re.search("^# (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)) for page in names())
    return {page: heading[1].replace("`", "") if heading else page for page, heading in headings}


def linked(page: str) -> str:
    """A page's text, whose links lead to pages of the gallery; a file that has none there is its name."""

    def link(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), found[2]))
        if target in names():
            return f"[{found[1]}](../{names()[target]}/)"
        if target.startswith(DEMOS) and target.endswith(".py"):
            return f"[{found[1]}](../../{shown(Path(target).stem)})"
        return found[1]

    parts = _BLOCK.split((DOCS / page).read_text("utf-8"))
    return "".join(part if number % 2 else _LINK.sub(link, part) for number, part in enumerate(parts))


def shown(demo: str) -> str:
    """The address of a demo with its source beside it, below the gallery's own."""
    return f"show/{demo}/"


def address(page: str) -> str:
    """The address of a page of docs/, below the gallery's own."""
    return f"guides/{names()[page]}/"


def read(request: gr.Request) -> str:
    """The page that the address names."""
    pages = {name: page for page, name in names().items()}
    page = pages.get(request.path_params["guide"])
    return linked(page) if page is not None else "# There is no such guide\n\n[All of them](../README/)"


def reader() -> Blocks:
    """The app that shows a guide: mounted below an address that captures its name as `guide`."""
    with gr.Blocks(title="Guide") as demo:
        gr.HTML('<a href="../../">Gallery</a> · <a href="../README/">Guides</a>')
        text = gr.Markdown(elem_id="guide", line_breaks=False)
        demo.load(read, None, text, queue=False, show_progress="hidden", api_name=False)
    return demo
