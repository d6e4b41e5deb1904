"""Lays the pages out as Sphinx wants them: `stage.py FOLDER LINKED.MK`, the first step of `make docs`.

The pages in docs/ are plain Markdown, good to read where the repository is shown: their links lead to files of the
repository. Here each gets an address of the site. A file outside of docs/ that a page links to becomes a page, too, and
the navigation of navigation.toml becomes Sphinx's. Only files that have changed are written, so that Sphinx builds
only what has. Nothing here needs the generator: the tests read the same navigation and links.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import pictures

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: Code, in which nothing is a link.
CODE = re.compile(r"(^[ ]*(?:```|~~~).*?^[ ]*(?:```|~~~)[ ]*$|(`+)(?!`).+?(?<!`)\2(?!`))", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()([^()\s]+)((?:\s+\"[^\"]*\")?\))")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#")


class Broken(Exception):
    """The pages or their navigation lead nowhere."""


def pages() -> list[Path]:
    """The pages of docs/."""
    return sorted(DOCS.rglob("*.md"))


def replaced(text: str, change: Callable[[str], str]) -> str:
    """The text with another target for each link to a file."""

    def link(found: re.Match[str]) -> str:
        target = found[2]
        return found[1] + (target if ELSEWHERE.match(target) else change(target)) + found[3]

    kept, parts = 0, []
    for code in CODE.finditer(text):
        parts += [LINK.sub(link, text[kept : code.start()]), code[0]]
        kept = code.end()
    return "".join(parts) + LINK.sub(link, text[kept:])


def links(page: Path) -> Iterator[tuple[str, Path]]:
    """Each link of a page to a file, and that file."""
    found: list[str] = []
    replaced(page.read_text(encoding="utf-8"), lambda target: (found.append(target), target)[1])
    for target in found:
        yield target, Path(os.path.normpath(page.parent / target.partition("#")[0]))


def title(page: Path) -> str:
    """A page's first heading."""
    heading = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return heading[1].replace("`", "") if heading else page.stem


def navigation() -> list[dict[str, Any]]:
    """The parts of the navigation, each name with `*` replaced by its pages."""
    parts = tomllib.loads((DOCS / "site/navigation.toml").read_text(encoding="utf-8"))["part"]
    named = {name for part in parts for name in part["pages"]}
    for part in parts:
        listed: list[str] = []
        for name in part["pages"]:
            if "*" not in name:
                listed.append(name)
                continue
            rest = [page for page in DOCS.glob(name) if page.relative_to(DOCS).as_posix() not in named]
            listed += [page.relative_to(DOCS).as_posix() for page in sorted(rest, key=lambda page: title(page).lower())]
        named.update(listed)
        part["pages"] = listed
    return [part for part in parts if part["pages"]]


def address(file: Path) -> str:
    """Where a file of the repository stands in the site's sources."""
    if not file.is_file() or not file.is_relative_to(ROOT):
        raise Broken("it leads to no file of the repository")
    if file.is_relative_to(DOCS):
        inside = file.relative_to(DOCS)
        return inside.with_name("index.md").as_posix() if inside.name == "README.md" else inside.as_posix()
    inside = file.relative_to(ROOT)
    if file.suffix == ".md" and inside.parent == Path() and inside.name != "README.md":
        return inside.name.lower()
    return f"files/{inside.as_posix().removesuffix('.md')}.md"


def content(file: Path) -> str:
    """A file as Markdown: a page as it is, source text as a block of code."""
    text = file.read_text(encoding="utf-8")
    name = f"# {file.relative_to(ROOT).as_posix()}\n\n"
    if file.suffix == ".md":
        return text if re.search(r"^# ", text, re.MULTILINE) else name + text
    language = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".ts": "ts"}.get(file.suffix, "text")
    return f"{name}~~~~{language}\n{text.rstrip()}\n~~~~\n"


def staged() -> dict[str, str]:
    """Every page of the site by its address, and what stands there.

    Raises:
        Broken: links that lead nowhere, all of them.
    """
    lists = tables_of_contents()
    waiting = [*pages(), *(DOCS / name for part in navigation() for name in part["pages"])]
    found: dict[str, str] = {}
    broken: list[str] = []
    while waiting:
        file = Path(os.path.normpath(waiting.pop()))
        here = address(file)
        if here in found:
            continue

        def moved(target: str, file: Path = file, here: str = here) -> str:
            path, hash_sign, anchor = target.partition("#")
            aim = Path(os.path.normpath(file.parent / path))
            try:
                there = address(aim)
            except Broken as why:
                broken.append(f"{file.relative_to(ROOT)}: {target}: {why}")
                return target
            waiting.append(aim)
            return os.path.relpath(there, PurePosixPath(here).parent) + hash_sign + anchor

        text = content(file)
        found[here] = (replaced(text, moved) if file.suffix == ".md" else text) + lists.get(here, "")
        if here.startswith("files/"):
            found[here] = "---\norphan: true\n---\n" + found[here]
    if broken:
        raise Broken("\n".join(broken))
    return found


def tables_of_contents() -> dict[str, str]:
    """Sphinx's lists of pages, by the address of the page that holds each."""
    lists: dict[str, str] = {}
    for part in navigation():
        holder = address(DOCS / part.get("under", "README.md"))
        inside = [address(Path(os.path.normpath(DOCS / name))) for name in part["pages"]]
        names = "\n".join(os.path.relpath(name, PurePosixPath(holder).parent).removesuffix(".md") for name in inside)
        shown = ":maxdepth: 1" if part.get("shown") else ":hidden:"
        lists[holder] = (
            lists.get(holder, "") + f"\n```{{toctree}}\n{shown}\n:caption: {part['title']}\n\n{names}\n```\n"
        )
    return lists


def main(folder: Path, linked: Path) -> None:
    """Write what has changed, and the names of the files elsewhere that are part of the site."""
    found = staged()
    for name, plain in found.items():
        path, above = folder / name, "../" * name.count("/")
        text = pictures.placed(plain, pictures.shown(folder / "pictures", name, above))
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in found:
            path.unlink()
    outside = sorted({file for page in pages() for _, file in links(page) if not file.is_relative_to(DOCS)})
    names = " ".join(file.relative_to(ROOT).as_posix() for file in outside)
    linked.write_text(f"DOCS_LINKED := $(wildcard {names})\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    except Broken as why:
        sys.exit(f"Links that lead nowhere:\n{why}")
