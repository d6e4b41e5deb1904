"""The rules of the house for TypeScript and style sheets, read from the sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

APP = ROOT / "blocks_app"
IMPORT = re.compile(r"""(?:^|[;\s])(?:import|export)\b[^"'`;]*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""")
ELEMENTS = sorted([*APP.glob("components/**/*.ts"), *APP.glob("layouts/*.ts")])
CORE = sorted([*APP.glob("frontend/*.ts"), *APP.glob("frontend/shared/*.ts")])
SHEETS = sorted([*APP.glob("components/**/*.css"), *APP.glob("layouts/*.css"), *APP.glob("frontend/*.css")])


def imported(path: Path) -> list[str]:
    """What a TypeScript file imports, types and lazy imports included."""
    return [first or second for first, second in IMPORT.findall(path.read_text())]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", ELEMENTS, ids=name)
def test_an_element_knows_only_the_public_module(path: Path) -> None:
    """A library is loaded lazily, by its bare name; a css file, or what else a package has, lies beside it: also what
    the browser runs beside the page, of which only the address is wanted."""
    in_a_package = path.parent.parent.name == "components"
    beside = re.compile(r"\./[a-z0-9_]+(\?worker&url)?" if in_a_package else r"\./\w+\.css")
    wrong = [
        each
        for each in imported(path)
        if each.startswith((".", "/", "lit")) and not each.endswith(".css") and not beside.fullmatch(each)
    ]
    assert not wrong, f'{name(path)} imports {wrong}; what elements share is exported by "blocks".'


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_knows_no_element(path: Path) -> None:
    wrong = [each for each in imported(path) if "components/" in each or "layouts/" in each]
    assert not wrong, f"{name(path)} imports {wrong}; the config names the modules that a page needs."


def loaded_with(path: Path) -> set[Path]:
    """What comes with a file of the core, lazy modules left out."""
    found, waiting = set(), [path]
    while waiting:
        file = waiting.pop()
        if file not in found and file.exists():
            found.add(file)
            source = re.sub(r"(?:import|export)\s+type\b[^;]*;|import\([^)]*\)", "", file.read_text())
            waiting += [file.parent / f"{each}.ts" for each in re.findall(r"""from "(\.[^"]+)""" + '"', source)]
    return {each.resolve() for each in found}


@pytest.mark.parametrize("path", sorted(APP.glob("frontend/shared/*.ts")), ids=name)
def test_what_components_share_splits_no_module_of_every_page(path: Path) -> None:
    """A module that it has in common with "blocks" would become a file of its own, one more for every page."""
    both = loaded_with(path) & loaded_with(APP / "frontend/blocks.ts")
    assert not both, f'{name(path)} imports {sorted(map(name, both))}; take it from "blocks".'


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_our_styles_are_in_a_layer(path: Path) -> None:
    """Whatever a user writes without a layer then wins."""
    depth = 0
    for line in re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).splitlines():
        outside = depth == 0 and line.strip()
        assert not outside or line.startswith(("@layer", "@import", "@keyframes")), f"{name(path)}: {line}"
        depth += line.count("{") - line.count("}")


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_no_rule_makes_a_browser_look_at_all_siblings_of_every_element(path: Path) -> None:
    """`.x ~ :not(b)` costs a step for each pair of siblings: a text of 16,000 lines would hold the page for 20 s."""
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not re.findall(r"~\s*(?:\*|:[^,{]*)[,{]", rules), f"{name(path)}: say it of children, or of a class."


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_no_rule_styles_a_whole_page_anew_for_each_node_that_comes(path: Path) -> None:
    """`.main:has(.x) > h1` lets a browser style all that is in `.main` again whenever anything in it changes."""
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    outer = r"(?:html|body|\.main|\.wrap|\.contain|\.gradio-container|\.column|\.row|\.tabs|\.tabitem|\.block)"
    wrong = re.findall(rf"{outer}[\w.-]*:has\((?!\s*[>+~])[^)]*\)\s*[^,{{\s]", rules)
    assert not wrong, f"{name(path)}: ask it of the element that is styled, or of children (`:has(> …)`)."


@pytest.mark.parametrize("path", [*ELEMENTS, *CORE], ids=name)
def test_a_typescript_file_is_not_too_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400, f"{name(path)}: split it"
