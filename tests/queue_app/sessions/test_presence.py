"""Who is there: one count for every kind of connection, by the session's name."""

from __future__ import annotations

from typing import Any

from blocks_app.running.request import RequestInfo
from queue_app.execution.engine import Engine
from queue_app.sessions.presence import VisitorInfo
from queue_app.signals import session_changed
from tests.queue_app.conftest import app

WHO = VisitorInfo("s", "", None, RequestInfo())


def there(engine: Engine) -> int:
    found = engine.session_snapshot("s")
    return 0 if found is None else found.connections


async def test_readers_and_whoever_only_stays_are_counted_alike(bench) -> None:
    engine = bench(app(lambda text: text)).engine
    page = engine.subscribe("s", visitor=WHO)
    stream = engine.subscribe("s", takeover=False, plain=True)
    heartbeat = engine.attend("s", WHO)
    assert there(engine) == 3
    for reader in (page, stream):
        reader.close()
        reader.close()  # said twice, counted once
    assert there(engine) == 1
    heartbeat.leave(for_good=True)
    assert there(engine) == 0


async def test_a_visit_ends_with_its_last_connection_and_not_with_a_reader_beside(bench) -> None:
    demo = app(lambda text: text)
    left: list[Any] = []
    with demo:
        demo.unload(lambda: left.append(1))
    engine = bench(demo).engine
    page, stream = engine.subscribe("s", visitor=WHO), engine.subscribe("s", takeover=False)
    stream.close(for_good=True)
    assert left == []
    page.close(for_good=True)
    await engine.sessions.presence.close()
    assert left == [1]


async def test_a_connection_of_a_forgotten_session_counts_for_the_new_one_of_its_name(bench, monkeypatch) -> None:
    reported: list[tuple[str, int]] = []
    monkeypatch.setattr(
        session_changed, "receivers", [lambda change: reported.append((change.what, change.connections))]
    )
    engine = bench(app(lambda text: text)).engine
    old = engine.subscribe("s")
    await engine.end_session("s")
    new = engine.subscribe("s")
    new.close()
    assert there(engine) == 1  # the old page has not yet heard that it was ended
    old.close()
    assert there(engine) == 0
    assert reported == [("attached", 1), ("forgotten", 1), ("attached", 2), ("left", 0), ("forgotten", 0)]
