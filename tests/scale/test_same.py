"""Whatever holds in one process holds in several: the same functions, visitors and messages, whoever serves them.

Each scenario is acted at the proxy, where every request goes to the next web process, and at a process that runs
everything by itself. What is told has to be the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from blocks_client import AppError, Client
from project.settings import MIDDLEWARE
from tests.blocks_app.remote import test_load
from tests.ports import free_port
from tests.scale.arrangement import Arrangement, arranged
from tests.scale.place import APP, Place
from tests.scale.same_elsewhere import giving_up, kept_conversations, loaded
from tests.scale.same_figures import figures
from tests.scale.same_pages import a_page_that_comes_back, leaving, links, the_server, watching
from tests.scale.visitor import PATIENCE, plain


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of a server whose app the site has loaded."""
    demo = test_load.there()
    yield demo.launch(prevent_thread_lock=True, quiet=True).local_url
    demo.close()


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Iterator[Arrangement]:
    """Two web processes, two workers, a proxy without stickiness; and "alone", which is all of it."""
    folder, alone = tmp_path_factory.mktemp("several"), tmp_path_factory.mktemp("alone")
    settings = {"MIDDLEWARE": [*MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"], "TIME_ZONE": "Asia/Tokyo"}
    settings |= {"BLOCKS_TRACING": True, "BLOCKS_UNLOAD_GRACE": 1.0}
    here, there = (
        {"SAME_FOLDER": str(each), "PROMETHEUS_MULTIPROC_DIR": str(each), "SAME_ELSEWHERE": elsewhere}
        for each in (folder, alone)
    )
    with arranged(
        folder, "tests.scale.same_site", timeout=8.0, database="sqlite", settings=settings, environment=here
    ) as site:
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "project.asgi:application", "--port", str(port)]
        site.processes.start("alone", [*command, "--no-proxy-headers"], {"BLOCKS_ENGINE": "", **there})
        site.urls["alone"] = f"http://127.0.0.1:{port}/"
        (folder / "alone").symlink_to(alone)
        site.processes.wait("alone", lambda: "running on" in site.processes.said("alone"))
        yield site


@pytest.fixture
def places(several: Arrangement) -> list[Place]:
    return [Place(several.url, several.folder), Place(several.urls["alone"], several.folder / "alone")]


def echoes(place: Place) -> Any:
    with place.visitor() as visitor:
        return visitor.messages("echo", "ä\u2028\x00 x"), visitor.values("direct", "x")


def streams(place: Place) -> Any:
    with place.visitor() as visitor:
        return visitor.messages("spell", "abc"), visitor.messages("fail_late", "begun")


def progress_and_toasts(place: Place) -> Any:
    with place.visitor() as visitor:
        messages = visitor.messages("steps", "end")
        return [each for each in messages if each["msg"] != "progress"], messages[-1]


def errors(place: Place) -> Any:
    with place.visitor() as visitor, place.visitor("open/") as other:
        told = [visitor.messages("fail", text) for text in ("told", "me")]
        return (
            told,
            other.messages("fail", "me"),
            visitor.messages("checked", "good"),
            visitor.status("queue/join", fn_index=visitor.fn("checked"), data=["bad"], session_hash=visitor.session),
        )


def who_asks(place: Place) -> Any:
    found = []
    with place.visitor(accept_language="de", cookie="taste=sweet") as visitor:
        visitor.session = "mysession"
        found += [visitor.values("who", ""), visitor.values("speak", "")]
        found.append(visitor.post("run/who", data=[""], session_hash=visitor.session)["data"])
        event = visitor.post("call/who", data=[""])["event_id"]
        found.append(visitor.http.get(f"call/who/{event}").text.replace(event, "EVENT"))
    with place.visitor("known/", x_name="cleo") as visitor:
        visitor.session = "another"
        found.append(visitor.values("who", ""))
    return found


def logins(place: Place) -> Any:
    found: list[Any] = []
    with place.visitor("private/") as nobody, place.visitor("private/") as ann, place.visitor("private/") as bob:
        found.append(nobody.status("queue/join", fn_index=0, data=[""], session_hash="s"))
        ann.log_in("ann", "one"), bob.log_in("bob", "two")
        ann.session, bob.session = "of-ann", "of-bob"
        found.append(ann.values("who", ""))
        found.append(bob.post("run/who", data=[""], session_hash=bob.session)["data"])
        found.append(ann.values("for_ann", "x"))
        found.append(bob.status("queue/join", fn_index=ann.fn("for_ann"), data=[""], session_hash="of-bob"))
        ann.http.get("logout")
        found.append(ann.status("queue/join", fn_index=0, data=[""], session_hash="of-ann"))
    return found


def state(place: Place) -> Any:
    with place.visitor() as one, place.visitor() as other:
        values = [one.values("remember", text, None) for text in "abc"]
        return values, other.values("remember", "x", None), one.values("keep", "before", "after")


def options(place: Place) -> Any:
    """What an update has changed is checked by whichever process is asked next."""
    with place.visitor() as visitor, place.visitor() as other:
        return visitor.messages("update", "c"), visitor.values("choose", "c"), other.values("choose", "c")


def batches(place: Place) -> Any:
    with place.visitor() as visitor:
        events = [visitor.join("together", text) for text in ("ab", "cd", "ef")]
        ends = {each["event_id"]: each for each in visitor.told(*events) if each["msg"] == "process_completed"}
        return [plain(ends[event]) for event in events]


def files(place: Place) -> Any:
    with place.visitor() as visitor, place.visitor() as other:
        [path] = visitor._checked(visitor.http.post("upload", files={"files": ("a ü.txt", b"hello")}))
        given, first = visitor.file("shout", {"path": path, "meta": {"_type": "gradio.FileData"}})
        again, picture = visitor.http.get(first.url), visitor.file("draw", 3)
        stolen = other.values("shout", {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}})
        assert (first.text, again.text) == ("HELLO", "HELLO") and picture[1].content
        return given, picture[0], picture[1].content, stolen


def parts(place: Place) -> Any:
    """A part that one worker has built, used at others."""
    with place.visitor() as visitor:
        [number] = [
            each["id"]
            for each in visitor.get("config")["dependencies"]
            if each.get("rendered_in") is None and each["targets"] and each["targets"][0][1] == "load"
        ][-1:]
        end = visitor.messages(number, "Ada")[-1]
        built = end["output"]["render_config"]
        listeners = [each["id"] for each in built["dependencies"]]
        submit, spelled = listeners
        return (
            [each["props"].get("label") for each in built["components"]],
            visitor.values(submit, "x"),
            visitor.values(spelled, "ab"),
            visitor.status("queue/join", fn_index=submit + 1000, data=[""], session_hash=visitor.session)[0],
        )


def conversation(place: Place) -> Any:
    with place.visitor("chat/") as visitor:
        found = [visitor.messages("chat", text) for text in ("one", "two")]
        event = visitor.post("call/chat", data=["three"], session_hash=visitor.session)["event_id"]
        return found, visitor.http.get(f"call/chat/{event}").text


def programs(place: Place) -> Any:
    with place.visitor() as visitor:
        info = visitor.get("info")["named_endpoints"]["/slices"]
        event = visitor.post("call/v2/slices", a=2)["event_id"]
        return (
            info,
            visitor.http.get(f"call/slices/{event}").text,
            visitor.values("costly", "x"),
            visitor.values("costly", "x"),
        )


def agents(place: Place) -> Any:
    def ask(method: str, **params: Any) -> Any:
        headers = {"accept": "application/json, text/event-stream"}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = visitor.http.post("gradio_api/mcp/", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    with place.visitor() as visitor:
        tools = [each["name"] for each in ask("tools/list")["tools"]]
        return (
            sorted(tools),
            ask("tools/call", name="slices", arguments={"a": 3}),
            ask("tools/call", name="fail", arguments={"text": "told"}),
        )


def flags(place: Place) -> Any:
    with place.visitor("face/") as visitor:
        end = visitor.messages("predict", "x")[-1]
        visitor.messages("Flag", "x", "X")
        [kept] = list((place.folder / "flags").glob("**/*.csv"))
        return end, kept.read_text().splitlines()[1].rpartition(",")[0]


def limits(place: Place) -> Any:
    with place.visitor("narrow/") as visitor:
        events = [visitor.join("hold", "narrow")]
        place.noted("holds narrow")
        events += [visitor.join("hold", "narrow") for _ in range(2)]
        refused = visitor.status("queue/join", fn_index=visitor.fn("hold"), data=["x"], session_hash=visitor.session)
        place.go("narrow")
        ends = [each for each in visitor.told(*events) if each["msg"] == "process_completed"]
        return refused, [each["output"]["data"] for each in ends]


def fairness(place: Place) -> Any:
    """One visitor has one of the four places, however many requests come; the other one has another."""
    with place.visitor("fair/") as one, place.visitor("fair/") as other:
        first = one.join("hold", "fair one")
        place.noted("holds fair one")
        second, third = one.join("hold", "fair two"), other.join("hold", "fair three")
        place.noted("holds fair three")
        waits = "holds fair two" not in place.notes()
        place.go("fair one", "fair two", "fair three")
        one.told(first, second), other.told(third)
        return waits


def priorities(place: Place) -> Any:
    with place.visitor() as visitor:
        first = visitor.join("hold", "first")
        place.noted("holds first")
        events = [first, visitor.join("hold", "second"), visitor.join("hold_first", "urgent")]
        place.go("first", "second", "urgent")
        ends = [each for each in visitor.told(*events) if each["msg"] == "process_completed"]
        return [each["output"]["data"] for each in ends]


def cancelling(place: Place) -> Any:
    """By the page's socket, by the endpoint, of one that waits and of one that runs."""
    with place.visitor() as visitor, visitor.page() as socket:
        event = visitor.submit(socket, "hold_async", "by socket")
        place.noted("holds by socket")
        socket.send(json.dumps({"type": "cancel", "event_id": event}))
        end = visitor.until(socket, "process_completed", event)[-1]
        place.noted("cancelled by socket")
        running = visitor.submit(socket, "hold", "running")
        place.noted("holds running")
        waiting = visitor.submit(socket, "hold", "never")
        visitor.until(socket, "estimation", waiting)
        answer = visitor.status("cancel", session_hash=visitor.session, event_id=waiting, fn_index=0)
        gone = visitor.until(socket, "process_completed", waiting)[-1]
        place.go("running")
        visitor.until(socket, "process_completed", running)
        return plain(end), answer, plain(gone), "holds never" in place.notes()


def our_client(place: Place) -> Any:
    """It keeps its session and reads on from a number, wherever it comes to."""
    with Client(f"{place.url}{APP}", verbose=False) as client:
        found: list[Any] = [client.predict("x", api_name="/echo"), list(client.submit("abcd", api_name="/spell"))]
        found += [client.predict(text, api_name="/remember") for text in "ab"]
        job = client.submit("our client", api_name="/watched")
        steps = iter(job)
        found.append(next(steps))
        place.go("our client")
        found += steps
        with pytest.raises(AppError) as failed:
            client.predict("told", api_name="/fail")
        job = client.submit("of our client", api_name="/hold_async")
        place.noted("holds of our client")
        job.cancel()
        place.noted("cancelled of our client")
        return found, str(failed.value)


SCENARIOS = [
    echoes, streams, progress_and_toasts, errors, who_asks, logins, state, options, batches, files, parts, conversation,
    programs, agents, flags, limits, fairness, priorities, cancelling, watching, a_page_that_comes_back, leaving, links,
    the_server, our_client, loaded, giving_up, kept_conversations, figures,
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_several_processes_tell_what_one_does(scenario: Callable[[Place], Any], places: list[Place]) -> None:
    several, alone = (scenario(place) for place in places)
    assert several == alone


def test_operators_act_at_any_process_on_what_any_other_has(places: list[Place]) -> None:
    place = places[0]
    with place.operator() as operator, place.visitor() as visitor, visitor.page() as socket:
        event = visitor.submit(socket, "hold_async", "for operators")
        place.noted("holds for operators")
        row = operator.row("event", event, "Running")
        assert "done for 1" in operator.act("event", "cancel", row)
        visitor.until(socket, "process_completed", event)
        operator.row("event", event, "Cancelled")
        failed = visitor.submit(socket, "fail", "told")
        visitor.until(socket, "process_completed", failed)
        row = operator.row("event", failed, "Failed")
        assert "done for 1" in operator.act("event", "retry", row)
        assert "tried again already" in operator.act("event", "retry", row)
        kept = visitor.submit(socket, "remember", "a", None)
        visitor.until(socket, "process_completed", kept)
        operator.row("event", kept, "Done")  # what its worker knew of the end, not what was known at its beginning
        row = operator.row("session", visitor.session, "1 value, ")
        assert "done for 1" in operator.act("session", "delete_state", row)
        kept = visitor.submit(socket, "remember", "b", None)
        assert visitor.until(socket, "process_completed", kept)[-1]["output"]["data"][0] == "b"
        assert "done for 1" in operator.act("session", "end", row)
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv(PATIENCE)


def test_a_redis_that_answers_late_is_waited_for(several: Arrangement, places: list[Place]) -> None:
    """Its disk was busy for a moment: that is no reason to send visitors away."""
    with places[0].visitor() as visitor, several.redis() as client:
        number = visitor.fn("echo")
        client.client_pause(1300)
        assert visitor.values(number, "late") == ["LATE"]


def test_a_worker_that_drains_ends_what_it_runs_and_takes_nothing_new(
    several: Arrangement, places: list[Place]
) -> None:
    place, pid, other = places[0], several.process("worker1").pid, several.process("worker2").pid
    with place.operator() as operator, place.visitor() as visitor, place.visitor() as asking:
        held: dict[str, str] = {}
        while f"{pid} stays" not in " ".join(place.notes()):
            name = f"stay {len(held)}"
            held[visitor.join("stay", name)] = name
            place.until(lambda name=name: any(each.endswith(f"stays {name}") for each in place.notes()), name)
        assert "drains: it takes nothing new, and ends what it runs" in operator.control("drain", "celery@worker1")
        assert {asking.values("where", "")[0] for _ in range(6)} == {str(other)}
        place.until(lambda: operator.processes().count('value="reopen"') == 1)
        assert operator.nobody_works() == []
        place.go(*held.values(), "after")
        ends = [each for each in visitor.told(*held) if each["msg"] == "process_completed"]
        assert {each["event_id"]: each["output"]["data"][0] for each in ends} == held
        operator.control("drain", "celery@worker2")
        place.until(operator.nobody_works)
        waiting = visitor.join("stay", "after")
        assert operator.processes().count('value="reopen"') == 2
        assert not any(each.endswith("stays after") for each in place.notes())
        for name in ("celery@worker1", "celery@worker2"):
            operator.control("reopen", name)
        assert visitor.told(waiting)[-1]["output"]["data"] == ["after"]
        place.until(lambda: operator.nobody_works() == [])
