"""The examples of the pages that the documentation begins with do what they say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User

from queue_app.testing import PageUser
from tests.house.sources import ROOT
from tests.launch.examples import examples, run
from tests.ports import free_ports

RATING = ROOT / "tests/thirdparty_app"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the examples of one page share: a module of its own."""
    module = ModuleType("start_page")
    monkeypatch.setitem(sys.modules, "start_page", module)
    yield vars(module)


def test_the_quickstart_has_the_lines_that_a_fresh_project_is_tested_with() -> None:
    page, *project, program = examples("docs/quickstart.md")
    assert [page, *project] == examples("README.md")
    assert "Client(" in program


def test_the_quickstart_s_program_calls_its_app(names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    page, *_, program = examples("docs/quickstart.md")
    (port,) = free_ports(1)
    run(page.replace("demo.launch()", f"demo.launch(server_port={port}, prevent_thread_lock=True)"), names)
    try:
        run(program.replace("7860", str(port)), names)
    finally:
        names["demo"].close()
    assert "Welcome, Ada!" in capsys.readouterr().out.splitlines()


def test_an_app_of_gradio_s_runs_with_one_changed_line(names: dict[str, Any]) -> None:
    app, test = examples("docs/coming-from-gradio.md")
    run(app, names)
    run(test, names)


def test_a_page_knows_its_user_and_is_mounted(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    page, urls, test = examples("docs/for-django-teams.md")
    run(page, names)
    monkeypatch.setitem(sys.modules, "myproject", ModuleType("myproject"))
    monkeypatch.setitem(sys.modules, "myproject.page", sys.modules["start_page"])
    for code in (urls, test):
        run(code, names)
    names["test_a_stranger_is_greeted"]()
    with PageUser(names["demo"], username="ann", user=User(username="ann")) as ann:
        ann.click(names["button"])
        assert ann.value(names["greeting"]) == "Hello ann"
    assert [str(entry.pattern) for entry in names["urlpatterns"]] == ["greeter/"]


def test_the_operators_settings_are_read_by_the_server(names: dict[str, Any]) -> None:
    [settings] = examples("docs/for-operators.md")
    run(settings, names)
    read = "".join(path.read_text() for room in ("auth_app", "queue_app") for path in (ROOT / room).rglob("*.py"))
    told = [name for name in names if name.startswith("BLOCKS_")]
    assert len(told) == 5
    assert [name for name in told if name not in read] == []


def test_the_component_is_the_one_that_browsers_test(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    component, use = examples("docs/for-component-authors.md")
    assert (RATING / "components.py").read_text().endswith(component.partition("\n")[2])
    [element] = examples("docs/for-component-authors.md", "js")
    assert element == (RATING / "static/thirdparty_app/rating.js").read_text()
    run(component, names)
    monkeypatch.setitem(sys.modules, "thirdparty_app", ModuleType("thirdparty_app"))
    monkeypatch.setitem(sys.modules, "thirdparty_app.components", sys.modules["start_page"])
    run(use, names)
