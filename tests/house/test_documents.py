"""The pages of docs/: each stands in the site's navigation, and each link leads to a file."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

READ_BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def load(name: str) -> ModuleType:
    """docs/site/NAME.py, which is no module of a package."""
    found = importlib.util.spec_from_file_location(name, ROOT / f"docs/site/{name}.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


stage, versions = load("stage"), load("versions")
pictures = stage.pictures


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


def test_every_picture_is_of_a_demo_on_a_page_and_says_what_is_on_it() -> None:
    told = pictures.wanted()
    assert len({each["demo"] for each in told}) == len(told) >= 10
    for each in told:
        assert (ROOT / f"demos/{each['demo']}.py").is_file() and (stage.DOCS / each["page"]).is_file()
        assert 40 < len(each["alt"]) < 200 and each["alt"].endswith((".", "”"))
        page = (stage.DOCS / each["page"]).read_text(encoding="utf-8")
        above, _, below = pictures.placed(page, "HERE\n\n").partition("\n\nHERE\n\n")
        assert each["demo"] in page and below and above.count("```") % 2 == 0, each["page"]


def test_pictures_stand_on_their_page_where_they_were_taken(tmp_path: Path) -> None:
    for look in pictures.LOOKS:
        assert pictures.shown(tmp_path, "howto/render.md", "../") == ""
        (tmp_path / f"shopping-{look}.png").touch()
    told = pictures.shown(tmp_path, "howto/render.md", "../")
    assert told.count(":alt: A shopping list") == 2 and ":class: picture only-dark" in told
    assert "```{image} ../pictures/shopping-light.png" in told


def test_without_a_browser_the_pictures_are_left_out_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("STRICT", raising=False)
    pictures.main(tmp_path / "pictures", "python")
    assert capsys.readouterr().out == f"{pictures.NONE}\n" and not (tmp_path / "pictures").exists()
    monkeypatch.setenv("STRICT", "1")
    with pytest.raises(SystemExit, match="make docs PICTURES=no"):
        pictures.main(tmp_path / "pictures", "python")


def test_versions_stand_beside_each_other(tmp_path: Path) -> None:
    for name in ("dev", "0.9.0", "0.10.0", "half"):
        (tmp_path / name).mkdir()
        if name != "half":
            (tmp_path / name / "index.html").touch()
    versions.write(tmp_path)
    assert (tmp_path / "versions.js").read_text() == 'window.DOCS_VERSIONS = ["dev", "0.10.0", "0.9.0"];\n'
    assert "url=0.10.0/index.html" in (tmp_path / "index.html").read_text()
    assert versions.refusal("dev") is None and "Check out the tag of 99.0" in (versions.refusal("99.0") or "")
