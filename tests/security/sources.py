"""The program's own Python files, for rules that are read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = ("auth_app", "blocks_app", "queue_app", "project")


@cache
def trees() -> dict[str, ast.Module]:
    """The parsed files of everything that runs in a server, by their path."""
    files = [file for app in SERVER for file in sorted((ROOT / app).rglob("*.py"))]
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text()) for file in files}


def imported() -> Iterator[tuple[str, str]]:
    """File and full name of every import, lazy ones included."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((file, f"{node.module}.{alias.name}") for alias in node.names)


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """File, written name and node of every call."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield file, ast.unparse(node.func), node
