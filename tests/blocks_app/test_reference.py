"""docs/reference/ is written from the sources: everything public is in it, and every parameter has a sentence."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import blocks_app as gr
from blocks_app import options
from blocks_app.management import reference

PUBLIC = sorted(gr.__all__)
TYPED = [each for each in vars(options).values() if isinstance(each, type) and each.__module__ == options.__name__]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference.pages()


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_its_place_and_its_words(name: str, pages: dict[str, str]) -> None:
    [page] = [text for file, text in pages.items() if f"\n## {name}\n" in text]
    section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert section.strip()
    assert f"`{name}`" in pages["README.md"]


@pytest.mark.parametrize("name", [name for name in PUBLIC if callable(getattr(gr, name))])
def test_every_parameter_has_a_sentence(name: str) -> None:
    what = getattr(gr, name)
    assert (what.__doc__ or "").strip()
    assert not reference.unexplained(what)
    other = reference.unpacked(what)
    assert not [row.name for row in (reference.picked_rows(other) if other is not None else []) if not row.text]


@pytest.mark.parametrize("typed", [*TYPED, gr.TextArea], ids=lambda each: each.__name__)
def test_every_shared_option_has_a_sentence(typed: Any) -> None:
    rows = reference.shared_rows(typed) if typed in TYPED else list(reference.picked_rows(reference.unpacked(typed)))
    assert rows
    assert not [row.name for row in rows if not row.text]


#: Options that stand in several signatures, as each is called with them in a place of its own.
FIRST = {"choices", "value", "type", "render"}


def test_what_several_components_take_is_told_in_one_place() -> None:
    described: dict[tuple[str, str], set[Any]] = {}
    public = (getattr(gr, name) for name in gr.__all__)
    for component in (each for each in public if isinstance(each, type) and issubclass(each, gr.Component)):
        for row in reference.rows_of(component):
            described.setdefault((row.name, row.text), set()).add(inspect.unwrap(component.__init__))
        typed = reference.unpacked(component)
        for row in reference.picked_rows(typed) if typed is not None else ():
            described.setdefault((row.name, row.text), set()).add("options")
    again = [name for (name, _), places in described.items() if len(places) > 1 and name not in FIRST]
    assert not again, f"{', '.join(again)}: let those who take it share it, as in blocks_app/components/framed.py."


def test_a_section_tells_defaults_events_and_options(pages: dict[str, str]) -> None:
    section = pages["components.md"].split("\n## Number\n")[1].split("\n## ")[0]
    assert "| `step` | `1` | What one press of an arrow key adds. |" in section
    assert "Events: `change`, `input`, `submit`, `focus`, `blur`." in section
    assert "FormOptions" in section
    assert "*A function gets:* The number, rounded." in section
    assert "| `max_threads` | `40` |" in pages["blocks.md"]
    assert "| `validator` |" in pages["listeners.md"]


def test_the_command_writes_and_compares(tmp_path: Path) -> None:
    call_command("blocks_reference", to=tmp_path)
    call_command("blocks_reference", to=tmp_path, check=True)
    (tmp_path / "layouts.md").write_text("old")
    (tmp_path / "gone.md").write_text("old")
    with pytest.raises(CommandError, match="gone.md, layouts.md"):
        call_command("blocks_reference", to=tmp_path, check=True)
    call_command("blocks_reference", to=tmp_path)
    call_command("blocks_reference", to=tmp_path, check=True)
