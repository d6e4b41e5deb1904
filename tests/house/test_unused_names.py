"""A name that nobody uses goes: what only a test calls is no part of the product."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from tests.house.sources import imports, modules, tree

APPS = ("auth_app", "blocks_app", "queue_app", "blocks_client")
#: Decorators that only change what they stand on. Any other one may hand it to somebody who calls it.
PLAIN = {"cache", "lru_cache", "dataclass", "contextmanager", "asynccontextmanager", "overload", "final"}
#: Names that others look up, and who does.
LOOKED_UP = {
    r".*\.apps\.\w+AppConfig": "Django, for an installed app",
    r"\w+\.management\.commands\.\w+\.Command": "Django, for a command",
    r".*\._non_atomic_requests": "Django, of a view",
    r"blocks_app\.themes\.utils\.\w+\.\w+": "people who make a theme",
    r"blocks_app\.listeners\.validators\.\w+": "people who write a validator",
    r"blocks_app\.protocol\.\w+": "`manage.py blocks_types`, which writes their twins for the page",
    r"blocks_client\.(client|utils)\.\w+": "programs that import from where gradio_client has them",
    r"blocks_app\.management\.reference\.unexplained": "the test that each option is told of",
    r"queue_app\.engines\.celery\.CeleryEngine": "BLOCKS_ENGINE, of a site with several processes",
    r"queue_app\.operations\.metrics\.uninstall": "tests, which install it with other settings in one process",
    r"queue_app\.records\.db_file_registry\.disconnect": "tests, which connect it with other settings in one process",
}


def defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a module or a class defines, without those that a decorator has handed to somebody."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if {ast.unparse(each).partition("(")[0].split(".")[-1] for each in node.decorator_list} <= PLAIN:
                yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def read(node: ast.AST) -> Iterator[str]:
    """Names and attributes that are read, and the words of strings that may be names or types; not of `__all__`."""
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "__all__":
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield node.attr
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.:\[\], |]+", node.value):
        yield from re.findall(r"\w+", node.value)
    for child in ast.iter_child_nodes(node):
        yield from read(child)


@cache
def read_in(module: str) -> Counter[str]:
    return Counter(read(tree(module)))


@cache
def read_anywhere() -> frozenset[str]:
    return frozenset[str]().union(*(read_in(module) for module in modules()))


@cache
def loaded_by_name() -> frozenset[str]:
    """Strings that name a module, or "module:name" in one."""
    return frozenset(
        node.value
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"\w+(\.\w+)+(:\w+)?", node.value)
    )


@cache
def taken() -> dict[str, set[str]]:
    """Per module what others take from it, or read while they have it whole."""
    found: dict[str, set[str]] = defaultdict(set)
    for user in modules():
        for each in imports(user):
            found[each.name] |= {each.what} if each.what else set(read_in(user))
    for name in loaded_by_name():
        module, _, what = name.partition(":")
        for whole in (module, *(f"{app}.{module}" for app in APPS)):
            found[whole] |= {what} if what else read_anywhere()
    return found


@cache
def unused() -> tuple[str, ...]:
    """Names of modules that nobody takes and nothing else in them reads, and private names of classes."""
    found = []
    for module in modules():
        if module.split(".")[0] not in APPS:
            continue
        for name, node in defined(tree(module).body):
            if name not in taken()[module] and read_in(module)[name] == Counter(read(node))[name]:
                found.append(f"{module}.{name}")
        for owner in ast.walk(tree(module)):
            for name, _ in defined(owner.body) if isinstance(owner, ast.ClassDef) else ():
                if name.startswith("_") and name not in read_anywhere():
                    found.append(f"{module}.{owner.name}.{name}")
    return tuple(found)


def looked_up(name: str) -> bool:
    return name.split(".")[-1].startswith("__") or any(re.fullmatch(pattern, name) for pattern in LOOKED_UP)


def test_every_name_is_used_by_the_product() -> None:
    wrong = [name for name in unused() if not looked_up(name)]
    assert not wrong, f"Nobody uses {', '.join(wrong)}."


def test_what_others_look_up_is_still_there() -> None:
    assert not [pattern for pattern in LOOKED_UP if not any(re.fullmatch(pattern, name) for name in unused())]
