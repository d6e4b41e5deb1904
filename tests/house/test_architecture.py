"""docs/architecture.md names files, functions and packages: all of them exist, and no package is missing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.house.test_layers import LAYERS

PAGE = (ROOT / "docs" / "architecture.md").read_text()
FILES = sorted(set(re.findall(r"`([\w/]+\.(?:py|ts))(?::([\w.]+))?`", PAGE)))
FOLDERS = sorted(set(re.findall(r"`((?:\w+/)+)`", PAGE)))


@cache
def names(path: Path) -> frozenset[str]:
    """Classes and functions of a file, methods as `Class.method`; of TypeScript without their class."""
    if path.suffix == ".ts":
        found_there = re.findall(r"(?:function|class) (\w+)|^  (?:async )?(\w+)\(.*\{$", path.read_text(), re.MULTILINE)
        return frozenset(one or other for one, other in found_there)
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = [each for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
            found |= {f"{node.name}.{each.name}" for each in inner}
    return frozenset(found)


@pytest.mark.parametrize(("path", "name"), FILES)
def test_what_the_map_names_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file(), f"docs/architecture.md: there is no {path}."
    assert not name or name in names(ROOT / path), f"docs/architecture.md: {path} has no {name}."


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_of_the_map_exists(folder: str) -> None:
    assert (ROOT / folder).is_dir()


def test_every_package_stands_on_the_map() -> None:
    packages = [
        f"{app}/{place}/"
        for app, places in LAYERS.items()
        for layer in places
        for place in layer
        if (ROOT / app / place / "__init__.py").is_file() and place != "management"
    ]
    assert [each for each in packages if f"`{each}`" not in PAGE] == []


def test_the_map_is_found_from_the_readme() -> None:
    assert "(docs/architecture.md)" in (ROOT / "README.md").read_text()
