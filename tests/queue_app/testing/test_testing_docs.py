"""The examples of docs/howto/testing.md do what they say."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/howto/testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## (.+?)$.*?^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
PLAIN = [(title, code) for title, code in BLOCKS if "TestCase" not in code]  # that one: tests/databases/test_run.py


@pytest.mark.parametrize("code", [code for _, code in PLAIN], ids=[title for title, _ in PLAIN])
def test_an_example_does_what_it_says(code: str) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, "docs/howto/testing.md", "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        if inspect.iscoroutinefunction(test):
            asyncio.run(test())
        else:
            test()


def test_no_example_is_left_out() -> None:
    assert len(BLOCKS) == TEXT.count("```python")


def test_the_first_example_runs_in_a_script_without_a_project() -> None:
    script = BLOCKS[0][1] + "\n\ntest_greeting()\nprint('greeted')\n"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.stdout == "greeted\n", run.stderr
