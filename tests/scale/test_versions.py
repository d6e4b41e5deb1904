"""Two versions of an app beside each other, each with a web process and a worker: what they share, and what not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from tests.scale.arrangement import Arrangement, arranged
from tests.scale.place import Place
from tests.scale.visitor import PATIENCE, Visitor

APP = "app/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrangement]:
    """The first version alone."""
    folder = tmp_path_factory.mktemp("versions")
    second, here = {"VERSION": "second"}, {"VERSION_FOLDER": str(folder)}
    apart = {"web2": second, "worker2": second}
    with arranged(folder, "tests.scale.version_site", environment=here, apart=apart) as made:
        yield made


@pytest.fixture
def first(site: Arrangement) -> Place:
    return Place(site.urls["web1"], site.folder)


@pytest.fixture
def second(site: Arrangement) -> Place:
    return Place(site.urls["web2"], site.folder)


@pytest.fixture
def both(site: Arrangement) -> Arrangement:
    """The second version runs beside it."""
    if "web2" not in site.processes.running:
        site.start("web2", "worker2")
    return site


def frames_until_end(visitor: Visitor, socket: ClientConnection, event: str) -> list[dict[str, Any]]:
    """All frames up to that with an event's end, which is acknowledged."""
    frames: list[dict[str, Any]] = []
    while not any(each["msg"] == "process_completed" for _, each in (frames[-1].get("items", ()) if frames else ())):
        frames.append(json.loads(socket.recv(PATIENCE)))
    socket.send(json.dumps({"type": "ack", "number": frames[-1]["items"][-1][0]}))
    return frames


def test_an_idle_page_hears_that_a_newer_version_is_up_and_another_one_when_its_event_has_ended(
    site: Arrangement, first: Place, second: Place
) -> None:
    with first.visitor(APP) as idle, first.visitor(APP) as busy, first.visitor(APP) as polling:
        with idle.page() as socket, busy.page() as other:
            hello = polling.get("queue/poll", session_hash=polling.session, hello="1")
            event = busy.submit(other, "hold", "busy")
            first.noted("first holds busy")
            site.start("web2", "worker2")
            with second.visitor(APP) as new, new.page():
                revision = new.welcome["revision"]
            assert idle.welcome["revision"] == hello["revision"] != revision
            assert idle.frames(socket, "welcome")[-1]["revision"] == revision
            polled = polling.get("queue/poll", session_hash=polling.session, after="0")
            assert (polled["type"], polled["revision"]) == ("welcome", revision)
            first.go("busy")
            frames = frames_until_end(busy, other, event)
            assert {each["type"] for each in frames} <= {"accepted", "messages"}
            assert busy.frames(other, "welcome")[-1]["revision"] == revision


def test_a_limit_is_one_for_both_versions_and_each_event_is_run_by_its_own(
    both: Arrangement, first: Place, second: Place
) -> None:
    with first.visitor(APP) as old, second.visitor(APP) as new, old.page() as here, new.page() as there:
        one = old.submit(here, "hold", "one")
        first.noted("first holds one")
        two = new.submit(there, "hold", "two")
        new.until(there, "estimation", two)
        three = old.submit(here, "hold", "three")
        old.until(here, "estimation", three)
        assert not {"second holds two", "first holds three"} & set(first.notes())
        first.go("one")
        first.noted("second holds two")
        assert "first holds three" not in first.notes()
        first.go("two", "three")
        ends = [old.until(here, "process_completed", one)[-1], new.until(there, "process_completed", two)[-1]]
        ends.append(old.until(here, "process_completed", three)[-1])
        told = [each["output"]["data"] for each in ends]
        assert told == [["one of the first"], ["two of the second"], ["three of the first"]]


def test_each_version_gets_ready_once_in_its_worker_and_in_no_web_process(both: Arrangement, first: Place) -> None:
    pids = {name: both.process(name).pid for name in ("worker1", "worker2")}
    wanted = [f"ready first {pids['worker1']} worker", f"ready second {pids['worker2']} worker"]
    first.until(lambda: set(wanted) <= set(first.notes()), str(wanted))
    assert sorted(each for each in first.notes() if each.startswith("ready")) == sorted(wanted)
