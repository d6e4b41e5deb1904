"""Type checkers know what users write: right scripts pass, each marked mistake is seen, and no other line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ROOT

HERE = Path(__file__).parent
RIGHT, WRONG = HERE / "right.py", HERE / "wrong.py"
Found = dict[tuple[str, int], list[tuple[str, str]]]  # (file, line): [(severity, text)]


@cache
def mypy() -> Found:
    command = [sys.executable, "-m", "mypy", "--config-file", str(HERE / "mypy.ini"), str(RIGHT), str(WRONG)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found: Found = {}
    for name, line, severity, text in re.findall(r"^\S*?(\w+\.py):(\d+): (error|note): (.*)$", output, re.MULTILINE):
        found.setdefault((name, int(line)), []).append((severity, text))
    return found


@cache
def pyright() -> Found:
    command = [ROOT / "node_modules/.bin/pyright", "--outputjson", "--pythonpath", sys.executable, RIGHT, WRONG]
    output = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout)
    found: Found = {}
    for each in output["generalDiagnostics"]:
        place = (Path(each["file"]).name, each["range"]["start"]["line"] + 1)
        found.setdefault(place, []).append((each["severity"], each["message"]))
    return found


def errors(found: Found, script: Path) -> set[int]:
    return {line for (name, line), output in found.items() if name == script.name and "error" in dict(output)}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_what_users_write_passes_and_each_mistake_is_seen(checker: type) -> None:
    found = checker()
    marked = {number for number, line in enumerate(WRONG.read_text().splitlines(), 1) if "# wrong:" in line}
    assert errors(found, RIGHT) == set()
    assert errors(found, WRONG) == marked


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_what_things_are_is_known(checker: type) -> None:
    for number, line in enumerate(RIGHT.read_text().splitlines(), 1):
        if line.strip().startswith("reveal_type("):
            output = " ".join(text for _, text in checker()["right.py", number])
            wanted = line.partition("#")[2].strip().removeprefix("(")
            assert re.search(rf"[.\" (]{re.escape(wanted)}", output), f"line {number}: {output}"
