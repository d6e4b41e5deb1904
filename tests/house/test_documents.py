"""The pages of docs/: each stands in the site's navigation, and each link leads to a file."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

READ_BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def load() -> ModuleType:
    """docs/site/stage.py, which is no module of a package."""
    found = importlib.util.spec_from_file_location("stage", ROOT / "docs/site/stage.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


stage = load()


def test_every_page_stands_in_the_navigation_once() -> None:
    names = [name for part in stage.navigation() for name in part["pages"]]
    listed = [Path(os.path.normpath(stage.DOCS / name)) for name in names]
    assert [path for path in listed if not path.is_file()] == []
    inside = sorted(path for path in listed if path.is_relative_to(stage.DOCS))
    assert sorted([*inside, stage.DOCS / "README.md"]) == stage.pages()


def test_every_link_leads_to_a_file() -> None:
    pages = [*stage.pages(), *(ROOT / name for name in READ_BESIDE)]
    found = [(page, target, file) for page in pages for target, file in stage.links(page)]
    assert len(found) > 100
    assert [f"{page.relative_to(ROOT)}: {target}" for page, target, file in found if not file.is_file()] == []


def test_links_that_leave_the_documents_lead_to_pages_of_the_site() -> None:
    site = stage.staged()
    assert "(../files/deploy/compose.yaml.md)" in site["howto/scale.md"]
    assert "(reference/index.md)" in site["changelog.md"]
    assert (ROOT / "deploy/compose.yaml").read_text().rstrip() in site["files/deploy/compose.yaml.md"]


def test_code_has_no_links() -> None:
    text = "[a](a.md) `[b](b.md)`\n\n```\n[c](c.md)\n```\n\n[d](https://example.org) [e](#e) [f\ng](f.md#g)\n"
    assert stage.replaced(text, lambda target: f"x/{target}") == text.replace("(a.md)", "(x/a.md)").replace(
        "(f.md#g)", "(x/f.md#g)"
    )


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "ROOT", tmp_path)
    with pytest.raises(stage.Broken, match="no file of the repository"):
        stage.address(tmp_path / "docs/missing.md")
