"""The examples of docs/howto/testing.md do what they say."""

from __future__ import annotations

import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

TEXT = (Path(__file__).parents[3] / "docs/howto/testing.md").read_text(encoding="utf-8")
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
