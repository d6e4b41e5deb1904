"""Tests touch no private names of other rooms: what a test of another room needs to see has a public name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("auth_app", "blocks_app", "queue_app", "blocks_client")
#: Names with an underscore that are nobody's secret, and whose they are.
PUBLIC = {
    "_id": "Gradio's number of a block",
    "_data": "Gradio's data of an event",
    "_stylesheets": "Gradio's list of a theme",
    "_meta": "Django's options of a model",
    "_default_manager": "Django's manager of a model",
    "_raw_delete": "Django's way to delete rows without reading them",
    "_replace": "a named tuple's",
    "_exit": "os",
    "_create_unverified_context": "ssl",
}
#: By file: names that belong to others than us, and why the test needs them.
OTHERS = {
    "tests/databases/conftest.py": {"_connections": "Django's connections, exchanged as a whole"},
    "tests/queue_app/server/daphne/test_privates.py": {"_path": "Twisted's, which our server changes"},
    "tests/queue_app/server/uvicorn/test_privates.py": {"_serve": "Uvicorn's, which our server changes"},
    "tests/queue_app/sessions/test_state_store.py": {"_cache": "the keys in Django's cache in memory"},
}
#: Quicker than to parse the whole product: what is defined, annotated or assigned, in whatever it stands.
DEFINED = re.compile(r"(?:def|class) (_[A-Za-z]\w*)|(?<!\w)(_[A-Za-z]\w*)(?:, \w+)*(?:: [^=\n]+)? = ")
TOUCHED = re.compile(r"[.\"]_[A-Za-z]|import .*\b_[A-Za-z]")


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def of(node: ast.AST) -> Iterator[str]:
    """The private names that something reads or sets of an object that is not its own, or takes from a module."""
    if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
        yield node.attr
    elif isinstance(node, ast.ImportFrom):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.Call) and "setattr" in (getattr(node.func, "attr", ""), getattr(node.func, "id", "")):
        yield from (each.value.split(".")[-1] for each in node.args[:2] if is_text(each))


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def touched(path: Path) -> Iterator[tuple[str, int]]:
    text = path.read_text()
    for node in ast.walk(ast.parse(text)) if TOUCHED.search(text) else ():
        yield from ((name, node.lineno) for name in of(node) if private(name))  # type: ignore[attr-defined]


@cache
def defined(folder: Path, deep: bool = False) -> frozenset[str]:
    """The private names that the modules of a folder define."""
    files = folder.glob("**/*.py" if deep else "*.py")
    return frozenset(name for path in files for names in DEFINED.findall(path.read_text()) for name in names if name)


@cache
def of_product() -> frozenset[str]:
    roots = [ROOT / "client" / app if app == "blocks_client" else ROOT / app for app in APPS]
    return frozenset[str]().union(*(defined(root, deep=True) for root in roots))


def room_of(test: Path) -> Path:
    """What a folder of tests is about: the folder of the same name in the product."""
    place = test.parent.relative_to(ROOT / "tests")
    return ROOT / "client" / "blocks_client" if place.parts[:1] == ("client",) else ROOT / place


def wrong(test: Path) -> Iterator[str]:
    allowed = PUBLIC.keys() | OTHERS.get(test.relative_to(ROOT).as_posix(), {}).keys()
    allowed |= defined(room_of(test), deep="client" in test.parts) | defined(test.parent)
    for name, line in touched(test):
        if name in of_product() and name not in allowed:
            yield f"{test.relative_to(ROOT)}:{line} {name}"


def test_no_test_touches_a_private_name_of_another_room() -> None:
    found = [each for test in sorted((ROOT / "tests").rglob("*.py")) for each in wrong(test)]
    assert not found, "Give what these tests need a public name:\n" + "\n".join(found)


def test_what_is_allowed_is_still_needed() -> None:
    for file, names in OTHERS.items():
        assert names.keys() <= {name for name, _ in touched(ROOT / file)}, file
    used = {name for test in (ROOT / "tests").rglob("*.py") for name, _ in touched(test)}
    assert not PUBLIC.keys() - used
