"""Memory of many ended sessions goes back to the system."""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import sys
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from queue_app.sessions import malloc_trim

SESSIONS = 1_000


def keeping() -> gr.Blocks:
    with gr.Blocks() as demo:
        state = gr.State(b"")
        gr.Button().click(lambda: b"", None, state)
    return demo


async def kept(b: Any, sessions: int) -> None:
    state = next(block for block in b.demo.blocks.values() if isinstance(block, gr.State))
    for number in range(sessions):
        session = b.engine.sessions.own(f"s{number}", "")
        session.state.set(state, os.urandom(10_000))
        b.engine.sessions.hold(session)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows when the system is asked to take memory back."""
    calls: list[int] = []
    monkeypatch.setattr(malloc_trim, "trim_function", lambda: lambda pad: calls.append(pad) or 1)
    return calls


async def leave(b: Any) -> None:
    """The time of all sessions is over, and some calm has followed."""
    b.engine.sessions.pass_time(4000)
    b.engine.expiry.pass_time(b.engine.sessions, 10)
    await asyncio.wrap_future(b.engine.threads.plain.submit(int))


async def test_the_system_is_asked_once_when_many_sessions_have_ended(bench, asked: list[int]) -> None:
    b = bench(keeping())
    await kept(b, SESSIONS)
    await leave(b)
    assert len(b.engine.sessions) == 0 and asked == [0]
    await kept(b, 10)
    await leave(b)
    assert asked == [0]


async def test_a_closed_engine_keeps_no_sessions_though_somebody_keeps_it(bench, asked: list[int]) -> None:
    b = bench(keeping())
    await kept(b, SESSIONS)
    await b.engine.close()
    assert len(b.engine.sessions) == 0 and not b.engine.sessions._holders and asked == [0]


def test_memory_between_what_is_still_used_is_given_back() -> None:
    held, used = [os.urandom(10_000) for _ in range(4_000)], []
    del held[::2], held[1::2]
    for _ in range(1_000):
        used.append(os.urandom(3_000))
        held.append(os.urandom(9_000))
    full = _resident()
    del held
    gc.collect()
    given = malloc_trim.give_back()
    assert len(used) == 1_000
    assert (given and _resident() < full - 5e6) or platform.libc_ver()[0] != "glibc"


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_elsewhere_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    malloc_trim.trim_function.cache_clear()
    assert malloc_trim.give_back() is False
    malloc_trim.trim_function.cache_clear()
