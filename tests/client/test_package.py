"""The package stands alone."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

import blocks_client

ROOT = Path(__file__).resolve().parents[2] / "client"
SOURCES = sorted((ROOT / "blocks_client").rglob("*.py"))
CODE = """
import sys, blocks_client
from blocks_client import AsyncClient, Client, cli
assert blocks_client.__file__.startswith(sys.prefix), blocks_client.__file__
from importlib.util import find_spec
assert not [name for name in ("django", "blocks_app", "queue_app", "auth_app", "channels") if find_spec(name)]
from importlib.resources import files
assert files("blocks_client").joinpath("py.typed").is_file()
"""


def needed(name: str) -> list[Distribution]:
    """A distribution and what it needs here."""
    found, waiting = {}, [name]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = distribution(name)
        for line in found[name].requires or []:
            if "extra ==" not in line and "python_version <" not in line:
                waiting.append(re.split(r"[^\w.-]", line)[0].lower())
    return list(found.values())


def test_a_wheel_in_an_empty_environment(tmp_path: Path) -> None:
    """Built and installed as users do it; httpx is copied from here, so that the test needs no network."""
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = tmp_path.glob("blocks_client-*.whl")
    venv.create(tmp_path / "env", symlinks=True)
    python = tmp_path / "env/bin/python"
    site = next((tmp_path / "env/lib").glob("python*/site-packages"))
    for each in needed("httpx"):
        for file in each.files or []:
            if not str(file).startswith(".."):
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(each.locate_file(file)), site / file)
    install = [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([python, "-c", CODE], check=True, cwd=tmp_path, env=clean)
    completed = subprocess.run(
        [tmp_path / "env/bin/blocks-client", "--version"], check=True, capture_output=True, text=True, env=clean
    )
    assert completed.stdout.strip() == blocks_client.__version__


def test_importing_loads_neither_httpx_nor_asyncio() -> None:
    code = "import sys, blocks_client; print([n for n in ('httpx', 'asyncio', 'django') if n in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    completed = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert completed.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_httpx_is_needed_and_python_3_9_is_enough(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    tops = {name.split(".")[0] for name in names}
    assert tops <= set(sys.stdlib_module_names) | {"httpx", "blocks_client"}
    annotating = (ast.FunctionDef, ast.AsyncFunctionDef, ast.AnnAssign)
    assert "__future__" in tops or not [each for each in ast.walk(tree) if isinstance(each, annotating)]
    newer = {"aiter", "anext", "TaskGroup", "timeout_at", "ExceptionGroup", "StrEnum", "Self", "TypeAlias", "ParamSpec"}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not newer & (used | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)})
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in ("slots", "strict")]


def test_the_changelog_knows_the_version() -> None:
    assert f"## {blocks_client.__version__}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_exports_are_sorted_and_exist() -> None:
    assert blocks_client.__all__ == sorted(blocks_client.__all__)
    assert all(hasattr(blocks_client, name) for name in blocks_client.__all__ if name != "file")
    with pytest.warns(DeprecationWarning, match="handle_file"):
        assert blocks_client.file is blocks_client.handle_file
