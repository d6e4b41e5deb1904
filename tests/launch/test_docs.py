"""The reference of launch() has a line for every argument, and names every variable that is read."""

from __future__ import annotations

import re
from dataclasses import fields

from blocks_app.launch_options import LaunchOptions
from queue_app.server.launch_options import LaunchArguments
from tests.house.sources import ROOT

HOWTO = ROOT / "docs/howto"
VARIABLE = re.compile(r"\"((?:GRADIO|BLOCKS_SHARE|BLOCKS_ALLOWED|BLOCKS_SERVER)(?:_[A-Z_]+)?)\"")


def test_every_argument_has_a_line() -> None:
    rows = [line.split("|")[1] for line in (HOWTO / "launch.md").read_text().splitlines() if line.startswith("| `")]
    described = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert described == [field.name for field in fields(LaunchArguments)]


def test_every_argument_has_a_type_and_a_sentence_for_editors() -> None:
    wanted = {field.name: field.type for field in fields(LaunchArguments)}
    assert {name: str(kind.__forward_arg__) for name, kind in LaunchOptions.__annotations__.items()} == wanted


def test_every_default_is_the_real_one() -> None:
    table = (HOWTO / "launch.md").read_text()
    for field in fields(LaunchArguments):
        row = next(line for line in table.splitlines() if line.startswith("| ") and f"`{field.name}`" in line)
        written = f'"{field.default}"' if isinstance(field.default, str) else str(field.default).replace("_", "")
        assert f"`{written}`" in row.split("|")[2], field.name


def test_every_variable_is_told() -> None:
    documented = "".join(path.read_text() for path in HOWTO.glob("*.md"))
    read = {name for path in (ROOT / "queue_app").rglob("*.py") for name in VARIABLE.findall(path.read_text())}
    assert "GRADIO_SHARE" in read
    assert [name for name in sorted(read) if name not in documented] == []


def test_every_argument_is_used_by_a_test() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests/launch").glob("test_*.py"))
    unused = [
        field.name for field in fields(LaunchArguments) if not re.search(rf'\b{field.name}=|"{field.name}":', tests)
    ]
    assert unused == []
