"""docs/security.md names for every row T1-T43 the tests that prove it, or says why it cannot apply."""

from __future__ import annotations

import re

import pytest

from tests.security.sources import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = {int(number): rest for number, rest in re.findall(r"^\| T(\d+) \|(.*)\|$", TEXT, re.MULTILINE)}


def test_no_row_is_missing() -> None:
    assert sorted(ROWS) == list(range(1, 44))


@pytest.mark.parametrize("number", range(1, 44))
def test_a_row_names_tests_or_a_reason(number: int) -> None:
    row = ROWS[number]
    assert "`tests/" in row or "Does not apply" in row, row


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", TEXT))))
def test_what_is_named_exists(path: tuple[str, str]) -> None:
    file, function = path
    assert (ROOT / file).is_file(), file
    if function:
        assert f"def {function}(" in (ROOT / file).read_text(), path


def test_every_file_of_tests_is_named() -> None:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests" / "security").glob("test_t*.py")}
    assert files <= set(re.findall(r"`(tests/[\w/.]+)", TEXT))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(BLOCKS_\w+)`", TEXT))))
def test_every_setting_is_read_somewhere(name: str) -> None:
    sources = "".join((ROOT / app / "conf.py").read_text() for app in ("blocks_app", "queue_app", "auth_app"))
    assert f"`{name}`" in sources
