"""What an event leaves in memory: nothing of its values, even where no garbage collector runs."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from blocks_app.running.call import Step
from tests.queue_app.conftest import app


def plain(text: str) -> str:
    return text * 3


def generator(text: str) -> Iterator[str]:
    yield text
    yield text * 2


async def async_generator(text: str) -> AsyncIterator[str]:
    yield text
    yield text * 2


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many steps were made and have gone from here on."""
    count = {"made": 0, "gone": 0}
    begin = Step.__init__

    def made(step: Step, *args: Any, **options: Any) -> None:
        begin(step, *args, **options)
        count["made"] += 1

    def gone(step: Step) -> None:
        count["gone"] += 1

    monkeypatch.setattr(Step, "__init__", made)
    monkeypatch.setattr(Step, "__del__", gone, raising=False)
    return count


@pytest.mark.parametrize("function", [plain, generator, async_generator])
async def test_an_ended_event_keeps_no_values(bench, steps: dict[str, int], function) -> None:
    """A run and its events know each other; in such a circle large values would wait for the collector, for hours."""
    b = bench(app(function))
    gc.disable()
    try:
        for _ in range(5):
            await b.submit("x" * 20_000)
        ends = [each for each in await b.messages() if each["msg"] == "process_completed"]
        left = steps["made"] - steps["gone"]
    finally:
        gc.enable()
    assert len(ends) == 5 and steps["made"] >= 5
    assert left <= 2  # those of the last one are being put away
