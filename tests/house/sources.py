"""Reads our own sources: which module imports which, and how large things are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: The top-level packages, and the folder from which Python imports each.
ROOMS = dict.fromkeys(("auth_app", "blocks_app", "queue_app", "project", "demos"), ROOT) | {
    "blocks_client": ROOT / "client"
}
SKIPPED = ("migrations", "node_modules", "static", "build")


@dataclass(frozen=True)
class Import:
    """One import: the module, what is taken from it, whether only for types, whether inside a function."""

    name: str
    what: str
    line: int
    typing_only: bool
    lazy: bool


@cache
def modules() -> dict[str, Path]:
    """Our Python modules by dotted name."""
    found = {}
    for room, base in ROOMS.items():
        for path in sorted((base / room).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            if not set(parts) & set(SKIPPED):
                found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> tuple[Import, ...]:
    """What a module imports, with relative names made whole."""
    package = module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]
    return tuple(_walk(tree(module), package, typing_only=False, lazy=False))


def _walk(node: ast.AST, package: str, *, typing_only: bool, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, "", child.lineno, typing_only, lazy)
        elif isinstance(child, ast.ImportFrom):
            for name, what in _from(child, package):
                yield Import(name, what, child.lineno, typing_only, lazy)
        else:
            only_types = typing_only or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            inside = lazy or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from _walk(child, package, typing_only=only_types, lazy=inside)


def _from(node: ast.ImportFrom, package: str) -> Iterator[tuple[str, str]]:
    base = node.module or ""
    if node.level:
        parts = package.split(".")
        base = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        yield (whole, "") if whole in modules() else (base, alias.name)
