"""A call that is cancelled by its name: here, or where another process has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.web.registry import Mount, mount, unmount
from queue_app.cluster import call_names, message_bus
from queue_app.execution.control import operating

ANN = call_names.name_of("user:1", "s" * 32, 7)


class Bus:
    """What another process would get."""

    def __init__(self) -> None:
        self.listeners: dict[str, Any] = {}
        self.sent: list[dict[str, Any]] = []

    def send(self, kind: str, body: dict[str, Any], lifetime: float) -> None:
        assert kind in self.listeners
        self.sent.append(body)


@pytest.fixture
def app() -> Iterator[Mount]:
    with gr.Blocks() as demo:
        gr.Textbox()
    yield mount(demo)
    unmount(demo)


@pytest.fixture
def cancelled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(call_names, "give_up", lambda mount, event_ids: found.extend(event_ids))
    monkeypatch.setattr(operating, "cancel", lambda mount, event_id: found.append(event_id))
    return found


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    made: Any = Bus()
    call_names.connect(made)
    monkeypatch.setattr(message_bus, "current", lambda: made)
    return made  # type: ignore[no-any-return]


def test_what_is_here_is_cancelled_and_nobody_is_asked(app: Mount, bus: Bus, cancelled: list[str]) -> None:
    call_names.begin(app, ANN, "event")
    call_names.cancel(app, ANN)
    assert (cancelled, bus.sent) == (["event"], [])
    call_names.end(app, ANN, "event")
    call_names.cancel(app, ANN)
    assert cancelled == ["event"]


def test_what_is_elsewhere_is_cancelled_there(app: Mount, bus: Bus, cancelled: list[str]) -> None:
    call_names.cancel(app, ANN)
    [body] = bus.sent
    assert "s" * 32 not in str(body)  # the session is nobody else's business
    call_names.begin(app, ANN, "event")
    bus.listeners[call_names.KIND](body)
    assert cancelled == ["event"]


@pytest.mark.parametrize(
    "other",
    [
        call_names.name_of("user:2", "s" * 32, 7),
        call_names.name_of("user:1", "t" * 32, 7),
        call_names.name_of("user:1", "s" * 32, "7"),
        call_names.name_of("user:1", "s" * 32, 8),
    ],
)
def test_nobody_cancels_what_is_called_otherwise(
    app: Mount, bus: Bus, cancelled: list[str], other: call_names.CallName
) -> None:
    call_names.begin(app, ANN, "event")
    call_names.cancel(app, other)
    bus.listeners[call_names.KIND](bus.sent[0])
    assert cancelled == []
    call_names.cancel(app, ANN.whole_session)
    assert (cancelled, len(bus.sent)) == (["event"], 2)  # others may have more of the session
