"""Rooms stay small: a file that grew over 400 lines is split, a function over 50 too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 50

PYTHON = [*modules().values(), *sorted((ROOT / "benchmarks").rglob("*.py"))]
BROWSER = [
    path
    for pattern in ("*.ts", "*.css")
    for path in sorted((ROOT / "blocks_app").rglob(pattern))
    if not {"static", "generated"} & set(path.parts)
]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PYTHON + BROWSER, ids=shown)
def test_a_file_is_not_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_functions_are_not_too_long(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = [f"{node.name} has {_length(node)} lines" for node in functions if _length(node) > LONGEST_FUNCTION]
    assert not long


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("module", modules())
def test_public_things_say_what_they_are_for(module: str) -> None:
    if module.startswith("demos"):
        assert ast.get_docstring(tree(module)), f"{module} needs a docstring: the gallery shows it."
        return
    silent = [
        node.name
        for node in tree(module).body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any(ast.unparse(each).endswith("overload") for each in node.decorator_list)
    ]
    assert not silent, f"{module}: {', '.join(silent)} need a docstring."
