"""The packages of each app stand in layers, have interfaces and know no circles. Imports for types alone and imports
inside functions count: whoever reads a module has to know what it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pytest

from tests.house.sources import ROOT, imports, modules, tree

APPS = ("auth_app", "blocks_app", "queue_app", "blocks_client")

#: Modules at an app's root and its packages, by layer. One imports only from layers before its own; within the first
#: layer, which is the root's, modules may know each other.
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "auth_app": (
        ("answers", "conf", "connection", "databases", "exceptions", "identity", "optional_settings", "user_loop"),
        ("visitors",),
        ("policies",),
        ("guarding",),
        ("checks",),
        ("apps", "__init__"),
    ),
    "blocks_app": (
        (
            "addresses", "conf", "connections", "diagnostics", "exceptions", "hosting", "i18n", "jsonable",
            "launch_options", "logs", "options", "outages", "parsing", "protocol",
        ),
        ("functions", "threads"),
        ("tree",),
        ("files", "media"),
        ("listeners",),
        ("themes",),
        ("declaration", "layouts"),
        ("page",),
        ("mcp",),
        ("running",),
        ("serialising",),
        ("rendering", "deep_links"),
        ("components",),
        ("web",),
        ("blocks", "embedding"),
        ("caching",),
        ("examples",),
        ("flagging",),
        ("forms", "interfaces"),
        ("remote",),
        ("extras",),
        ("apps", "__init__"),
        ("management", "templatetags"),
    ),
    "queue_app": (
        (
            "asgi_types", "conf", "databases", "deadlines", "exceptions", "failing", "ids", "log_sentences",
            "observing", "redis_link", "redis_pipe", "signals", "tasks",
        ),
        ("scheduling",),
        ("delivery",),
        ("shutdown",),
        ("sessions",),
        ("execution",),
        ("engines",),
        ("access",),
        ("records",),
        ("cluster",),
        ("uploads",),
        ("transport",),
        ("agents",),
        ("operations",),
        ("server",),
        ("standalone",),
        ("testing",),
        ("management", "templatetags"),
        ("checks",),
        ("__init__", "__main__", "admin", "apps", "asgi", "hosting", "launch", "models", "urls"),
    ),
    "blocks_client": (
        ("_exceptions", "_version"),
        ("_core",),
        ("_drivers",),
        ("_facade",),
        ("__init__",),
        ("cli", "client", "exceptions", "utils"),
    ),
}  # fmt: skip

#: Imports that go the wrong way still. Only ever shorter: one that is not needed any more fails the test.
WRONG_WAY: dict[str, set[str]] = {
    "auth_app": set(),
    "blocks_app": set(),
    "queue_app": set(),
    "blocks_client": set(),
}

#: How many files of an app may know each other in a circle; 3 when nothing goes the wrong way.
LARGEST_CIRCLE = {"auth_app": 1, "blocks_app": 3, "queue_app": 3, "blocks_client": 2}
MOST_FILES = 15
#: Folders with more, and why.
LARGER = {
    "queue_app": "beside its first layer stand the names that Django, servers and users look for, a few lines each",
    "blocks_app.components": "each component is one file or package, and whoever looks for one looks by its name",
}


#: What queue_app takes of packages of blocks_app other than `running` and `web`; docs/decisions/layers.md says why.
REACHED = {
    "components", "declaration.declared_page", "deep_links.store", "diagnostics.mistakes", "diagnostics.tracebacks",
    "files.file_registry",
    "files.filestore", "files.quotas", "flagging.cells", "flagging.database_logger", "functions.naming",
    "listeners.dependency", "mcp.schemas", "mcp.tools", "page.config", "rendering.render_record",
    "rendering.render_runs", "serialising.codec", "threads.call_threads", "threads.pool", "threads.readiness",
    "tree.block", "tree.component",
}  # fmt: skip


@cache
def graph(app: str) -> dict[str, set[str]]:
    """Which modules of its own app each module imports, whether for types alone or inside a function."""
    return {
        module: {each.name for each in imports(module) if each.name in modules() and each.name.startswith(f"{app}.")}
        - {module}
        for module in modules()
        if module.split(".")[0] == app
    }


def place(module: str) -> str:
    """What a module belongs to: the package below its app, or itself."""
    return [*module.split("."), "__init__"][1]


def folder(module: str) -> str:
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


def layer(module: str) -> int:
    """Where its place stands in the table."""
    app = module.split(".")[0]
    return next(number for number, places in enumerate(LAYERS[app]) if place(module) in places)


def step(module: str, name: str) -> str:
    """An import as WRONG_WAY writes it."""
    return f"{place(module)} -> {place(name)}"


def wrong_way(app: str) -> set[str]:
    """The steps between places that go back in the table."""
    found = set()
    for module, names in graph(app).items():
        for name in names:
            inside = place(module) == place(name) or layer(module) == layer(name) == 0
            if not inside and layer(name) >= layer(module):
                found.add(step(module, name))
    return found


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes each of which leads to each other one."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for each in edges.get(todo.pop(), set()) - seen:
                seen.add(each)
                todo.append(each)
        return seen

    reach = {node: reached(node) for node in edges}
    groups = {tuple(sorted(other for other in reach[node] if node in reach.get(other, ()))) for node in edges}
    return sorted(list(group) for group in groups if len(group) > 1)


def heads(app: str) -> Iterable[str]:
    """The packages of an app."""
    return [module for module in graph(app) if modules()[module].name == "__init__.py"]


def interface(package: str) -> set[str] | None:
    """The modules that other packages may import, as its docstring says; None where it names none."""
    listed = re.search(r"^Interface: (.*?)\.$", docstring(package), flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", listed[1])) if listed is not None else None


def docstring(module: str) -> str:
    first = tree(module).body[:1]
    value = getattr(first[0], "value", None) if first else None
    return str(getattr(value, "value", "") or "")


@pytest.mark.parametrize("app", APPS)
def test_every_module_has_a_place_in_the_table(app: str) -> None:
    known = {name for places in LAYERS[app] for name in places}
    assert {place(module) for module in graph(app)} <= known, "Say in LAYERS before whom the new package stands."


@pytest.mark.parametrize("app", APPS)
def test_a_package_imports_only_from_layers_before_it(app: str) -> None:
    assert wrong_way(app) - WRONG_WAY[app] == set()


@pytest.mark.parametrize("app", APPS)
def test_no_exception_outlives_its_reason(app: str) -> None:
    assert WRONG_WAY[app] - wrong_way(app) == set(), "These go the right way now: take them from WRONG_WAY."
    for package in LARGER:
        assert len(files_of(package)) > MOST_FILES


@pytest.mark.parametrize("app", APPS)
def test_packages_do_not_know_each_other_in_a_circle(app: str) -> None:
    edges: dict[str, set[str]] = {place(module): set() for module in graph(app)}
    for module, names in graph(app).items():
        for name in names:
            if place(module) != place(name) and step(module, name) not in WRONG_WAY[app]:
                edges[place(module)].add(place(name))
    assert circles(edges) == []


@pytest.mark.parametrize("app", APPS)
def test_few_files_know_each_other_in_a_circle(app: str) -> None:
    """A package's __init__ only hands out names: importing a module of the package is not importing all of them."""
    edges = {
        module: {
            name for name in names if modules()[name].name != "__init__.py" and step(module, name) not in WRONG_WAY[app]
        }
        for module, names in graph(app).items()
    }
    assert [each for each in circles(edges) if len(each) > LARGEST_CIRCLE[app]] == []


@pytest.mark.parametrize("package", [each for app in APPS for each in heads(app)])
def test_a_package_says_what_lives_there(package: str) -> None:
    assert docstring(package).strip(), f"{package}: write which noun lives there, who may use it, and its interface."


@pytest.mark.parametrize("package", [each for app in APPS for each in heads(app) if each.count(".") == 1])
def test_nobody_comes_past_the_interface_of_a_package(package: str) -> None:
    public = interface(package)
    if public is None:
        assert package.endswith(".management"), f"{package} does not say its interface."
        return
    within = f"{package}."
    used = {
        each.name.removeprefix(within).split(".")[0]: module
        for module in modules()
        if module.split(".")[0] in APPS and module != package and not module.startswith(within)
        for each in imports(module)
        if each.name.startswith(within)
    }
    assert used.keys() - public == set(), {name: used[name] for name in used.keys() - public}
    assert {name for name in public if f"{within}{name}" not in modules()} == set(), "There is no such module."


def files_of(package: str) -> list[str]:
    """Names of a folder's own Python files, without the one that says what lives there."""
    return [each.name for each in modules()[package].parent.glob("*.py") if each.name != "__init__.py"]


@pytest.mark.parametrize("package", [each for app in APPS for each in heads(app)])
def test_a_folder_shows_few_files(package: str) -> None:
    count = len(files_of(package))
    shown = modules()[package].parent.relative_to(ROOT).as_posix()
    assert count <= MOST_FILES or package in LARGER, f"{shown}/ has {count} files: which of them are a package?"


def test_the_queue_takes_few_other_things_of_pages() -> None:
    """Each more is one more thing that whoever changes a page has to know of the queue."""
    packages = {package.split(".")[1] for package in heads("blocks_app") if package.count(".") == 1}
    taken = {
        each.name.removeprefix("blocks_app.")
        for module in graph("queue_app")
        for each in imports(module)
        if each.name.startswith("blocks_app.") and place(each.name) in packages - {"running", "web"}
    }
    assert taken == REACHED
