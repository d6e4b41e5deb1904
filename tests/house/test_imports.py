"""Who may import whom: the rules of the house, read from the sources."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.sources import ROOT, imports, modules

#: Top-level packages that a room must not import, not even lazily. Types alone are no dependency.
FORBIDDEN = {
    "auth_app": {"blocks_app", "queue_app", "channels", "project", "demos", "tests", "blocks_client"},
    "blocks_app": {
        "auth_app",
        "queue_app",
        "channels",
        "daphne",
        "twisted",
        "project",
        "demos",
        "tests",
        "blocks_client",
    },
    "queue_app": {"project", "demos", "tests", "blocks_client"},
    "project": {"tests", "blocks_client"},
    "demos": {"auth_app", "queue_app", "tests", "blocks_client"},
    "blocks_client": {"auth_app", "blocks_app", "queue_app", "project", "demos", "tests", "django"},
}


@pytest.mark.parametrize("module", modules())
def test_a_room_imports_only_whom_it_may(module: str) -> None:
    forbidden = FORBIDDEN[module.split(".")[0]]
    wrong = [f"line {each.line}: {each.name}" for each in imports(module) if each.name.split(".")[0] in forbidden]
    if module.startswith("blocks_app.remote."):  # calls the apps that it loads by the client, once there is one to load
        wrong = [each for each in wrong if "blocks_client" not in each]
    assert not wrong, f"{module} may not import: {', '.join(wrong)}"


def test_the_client_is_imported_only_when_an_app_is_loaded() -> None:
    at_once = [
        module
        for module in modules()
        for each in imports(module)
        if module.startswith("blocks_app.") and each.name.startswith("blocks_client") and not each.lazy
        if not each.typing_only
    ]
    assert at_once == []


def test_threads_that_hold_up_the_end_of_the_program_are_not_started() -> None:
    """Python waits for those of a ThreadPoolExecutor, however long; blocks_app.threads.pool.Pool has others."""
    wrong = [
        module
        for module in modules()
        for each in imports(module)
        if each.what == "ThreadPoolExecutor" and module.split(".")[0] in ("auth_app", "blocks_app", "queue_app")
    ]
    assert wrong == ["blocks_app.threads.pool"]


def test_no_component_knows_another_components_internals() -> None:
    wrong = [
        f"{module}: {each.what} of {each.name}"
        for module in modules()
        for each in imports(module)
        if module.startswith("blocks_app.components.")
        and each.name.startswith("blocks_app.components.")
        and each.what.startswith("_")
    ]
    assert not wrong


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph = {
        module: {
            each.name for each in imports(module) if each.name in modules() and not each.typing_only and not each.lazy
        }
        for module in modules()
    }
    # A package's __init__ only hands out names: importing a module of the package is not importing all of them.
    for module, names in graph.items():
        names.discard(module)
        names.discard(module.rpartition(".")[0])
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join([*path[path.index(module) :], module])
        if module not in done:
            for name in sorted(graph[module]):
                visit(name, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_importing_blocks_app_loads_nothing_heavy() -> None:
    program = (
        "import sys, blocks_app; heavy = {'django.db', 'numpy', 'pandas', 'PIL', 'matplotlib', 'channels', 'twisted', "
        "'plotly', 'altair', 'bokeh', 'daphne', 'queue_app', 'auth_app', 'httpx', "
        "'blocks_client'}; print(*sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
