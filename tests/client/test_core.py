"""The client's core, without a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks_client import AppError, ArgumentError, ClosedError, RedirectError, SpaceError, handle_file
from blocks_client._core.api import App, described, public_info
from blocks_client._core.core import Core
from blocks_client._core.event_stream import Differences, Lines, apply_edits
from blocks_client._core.files import Folder, Form, found, is_file_data, is_input, safe_name
from blocks_client._core.http import Response, Send, Sleep, is_same
from blocks_client._core.session import Session
from blocks_client._drivers.transport import failed, ours
from tests.client.conftest import CLOSE, CONFIG, INFO, completed, generating
from tests.dispatch.data import edits

SRC = "http://app.example/sub/"


def app(**changes: Any) -> App:
    return App(SRC, {**CONFIG, **changes}, INFO)


def run(flow: Any, answer: Callable[[Any], Any]) -> Any:
    """Drive a flow with a function from commands to results."""
    result = None
    try:
        while True:
            result = answer(flow.send(result))
    except StopIteration as stop:
        return stop.value


def answer(status: int = 200, body: bytes = b"{}", url: str = SRC, **headers: str) -> Response:
    return Response(status, {name.replace("_", "-"): text for name, text in headers.items()}, body, url, {})


class Recorder:
    """Takes what a session delivers."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def deliver(self, item: Any) -> None:
        self.items.append(item if isinstance(item, Exception) else item.message["msg"])


# The stream


@given(st.binary(max_size=3), st.integers(1, 9))
def test_lines_do_not_depend_on_where_bytes_are_cut(end: bytes, step: int) -> None:
    text = ': hello\r\nid: 7\r\ndata: {"msg": "a\u2028\x85"}\r\n\r\nevent: x\ndata: {"msg": "b"}\n\n'.encode()
    lines = Lines()
    items = [item for start in range(0, len(text), step) for item in lines.feed(text[start : start + step])]
    assert [(item.number, item.message["msg"]) for item in items] == [(7, "a\u2028\x85"), (None, "b")]


@pytest.mark.parametrize(("old", "changes", "new"), edits())
def test_edits_apply_as_the_page_and_the_server_apply_them(old: Any, changes: list[Any], new: Any) -> None:
    before = repr(old)
    assert apply_edits(old, changes) == new
    assert repr(old) == before


def test_values_handed_out_stay_as_they_were() -> None:
    follow = Differences()
    first = follow.whole([{"items": [1]}])
    second = follow.whole([[["add", ["items", 1], 2]]])
    assert (first, second) == ([{"items": [1]}], [{"items": [1, 2]}])


def test_more_outputs_than_before_start_from_nothing() -> None:
    follow = Differences()
    follow.whole(["a"])
    assert follow.whole([[], [["replace", [], "b"]]]) == ["a", "b"]


# The session


def feed(session: Session, *messages: dict[str, Any]) -> bool:
    import json

    return session.receive("".join(f"data: {json.dumps(each)}\n\n" for each in messages).encode())


def test_messages_that_are_faster_than_the_answer_to_the_join() -> None:
    session, recorder = Session(app(), lambda: None), Recorder()
    session.join()
    feed(session, generating(["a"]), completed(["a"]), CLOSE)
    session.joined("e1", recorder)
    assert recorder.items == ["process_generating", "process_completed"]
    assert not session.is_wanted


def test_events_share_a_stream() -> None:
    session, one, two = Session(app(), lambda: None), Recorder(), Recorder()
    for name, recorder in (("e1", one), ("e2", two)):
        session.join()
        session.joined(name, recorder)
    assert not feed(
        session, completed(["a"], "e2"), {"msg": "heartbeat"}, completed(["b"], "e1"), completed(["b"], "e1")
    )
    assert (one.items, two.items) == (["process_completed"], ["process_completed"])
    assert feed(session, CLOSE)


def test_an_older_protocol_ends_when_nothing_is_pending() -> None:
    session, recorder = Session(app(protocol="sse_v1"), lambda: None), Recorder()
    session.join()
    session.joined("e1", recorder)
    assert feed(session, completed(["a"]))


def test_tries_to_come_back_end() -> None:
    session, recorder = Session(app(websocket="/ws"), lambda: None), Recorder()
    session.join()
    session.joined("e1", recorder)
    pauses = [session.cut(None) for _ in range(7)]
    assert all(pause is not None and 0 < pause < 3 for pause in pauses[:6])
    assert pauses[6] is None
    assert "tries to come back failed" in str(recorder.items[0])


def numbered(session: Session, number: int, message: dict[str, Any]) -> None:
    import json

    session.receive(f"id: {number}\ndata: {json.dumps(message)}\n\n".encode())


def test_numbers_count_within_one_process() -> None:
    session, before, after = Session(app(websocket="/ws"), lambda: None), Recorder(), Recorder()
    session.join()
    session.joined("e1", before, "A")
    session.opened()
    session.answered("A")
    for number in (1, 2, 3):
        numbered(session, number, generating(["a"], "e1"))
    assert (session.headers["last-event-id"], session.headers["x-blocks-server"]) == ("3", "A")
    assert session.cut(ConnectionError("cut"))
    session.join()
    session.joined("e2", after, "B")  # the server was restarted meanwhile, and is quick
    session.opened()
    session.answered("B")
    assert "restarted" in str(before.items[-1])
    assert "last-event-id" not in session.headers
    numbered(session, 1, completed(["b"], "e2"))
    assert after.items == ["process_completed"]


def test_a_server_that_has_nothing_more_to_say_is_not_asked_for_ever() -> None:
    session, known, late = Session(app(websocket="/ws"), lambda: None), Recorder(), Recorder()
    session.join()
    session.joined("e1", known)
    session.opened()
    session.join()
    session.joined("e2", late)  # too late for this stream
    feed(session, CLOSE)
    assert session.cut(None) == 0.0
    assert "nothing of this call" in str(known.items[-1]) and late.items == []
    session.opened()
    feed(session, CLOSE)
    assert session.cut(None) is None
    assert "nothing of this call" in str(late.items[-1])


# Endpoints


def test_which_endpoint() -> None:
    endpoint = app().endpoint()
    assert (endpoint.fn_index, endpoint.api_name) == (0, "/echo")
    with pytest.raises(ArgumentError, match="leading slash"):
        app().endpoint("echo")
    with pytest.raises(ValueError, match=r"Invalid function index: 5\."):
        app().endpoint(fn_index=5)
    private = [{**CONFIG["dependencies"][0], "api_visibility": "private"}]
    with pytest.raises(ArgumentError, match="multiple endpoints"):
        app(dependencies=private).endpoint()


def test_arguments() -> None:
    endpoint = app().endpoint("/echo")
    endpoint.parameters_info = [
        {"parameter_name": "a", "parameter_has_default": False},
        {"parameter_name": "b", "parameter_has_default": True, "parameter_default": 2},
    ]
    assert endpoint.arguments((1,), {}) == [1, 2]
    assert endpoint.arguments((), {"b": 5, "a": 1}) == [1, 5]
    for args, kwargs, text in [
        ((), {}, "No value provided for required argument: a"),
        ((1,), {"a": 1}, "Parameter `a` is already set as a positional argument"),
        ((1,), {"zz": 1}, "Parameter `zz` is not a valid key-word argument"),
        ((1, 2, 3), {}, "Too many arguments provided for the endpoint /echo: it takes 2: a, b; 3 were given"),
    ]:
        with pytest.raises(TypeError, match=text):
            endpoint.arguments(args, kwargs)


def test_states_are_sent_as_nothing_and_not_shown() -> None:
    components = [{"id": 1, "type": "state"}, {"id": 2, "type": "textbox"}]
    dependency = {"id": 4, "inputs": [1, 2], "outputs": [2, 1], "api_name": "x"}
    endpoint = app(components=components, dependencies=[dependency]).endpoint("/x")
    assert endpoint.with_states(["a"]) == [None, "a"]
    assert endpoint.shown(["b", None]) == ["b"]


def test_the_description_is_gradios_to_the_byte() -> None:
    text = {"python_type": {"type": "str", "description": ""}, "component": "Textbox"}
    number = {"python_type": {"type": "float", "description": "any"}, "component": "Number", "label": "A number"}
    parameters = [
        {**text, "label": "Text", "parameter_name": "text", "parameter_has_default": False},
        {**number, "parameter_has_default": True, "parameter_default": 3},
        {**text, "label": "c", "parameter_has_default": True, "parameter_default": None},
    ]
    shown = {"parameters": parameters, "returns": [{**text, "label": "out"}, number], "api_visibility": "public"}
    info = {"named_endpoints": {"/echo": shown, "/no": {**shown, "api_visibility": "private"}}, "unnamed_endpoints": {}}
    assert described(public_info(info)) == (
        "Client.predict() Usage Info\n---------------------------\nNamed API endpoints: 1\n\n"
        ' - predict(text, a_number, c, api_name="/echo") -> (out, a_number)\n'
        "    Parameters:\n     - [Textbox] text: str (required)  \n"
        "     - [Number] a_number: float (not required, defaults to:   3)  (any) \n"
        "     - [Textbox] c: str | None (not required, defaults to:   None)  \n"
        "    Returns:\n     - [Textbox] out: str \n     - [Number] a_number: float (any) \n"
    )


def test_an_app_of_gradio_3_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"Gradio 4\.8 and newer"):
        app(protocol="ws")


# Requests


def test_who_we_are_is_told_to_the_app_alone() -> None:
    core = Core(SRC, "hf_x", headers={"X-Key": "k"}, cookies={"a": "1"}, download_files=False)
    own = core.outgoing(core.request("GET", SRC + "config"))
    assert (own["x-hf-authorization"], own["x-key"], own["cookie"]) == ("Bearer hf_x", "k", "a=1")
    assert set(core.outgoing(core.request("GET", "http://other.example/"))) == {"user-agent"}


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://app.example/x", True),
        ("https://app.example/x", True),  # the same host, now with TLS
        ("http://app.example:81/", False),
        ("https://app.example:8443/", False),
        ("http://app.example.evil/", False),
        ("http://app.example@evil/", False),
    ],
)
def test_what_is_our_own_host(url: str, is_own: bool) -> None:
    assert is_same(url, SRC) is is_own


def test_the_token_never_leaves_tls_again() -> None:
    assert not is_same("http://app.example/", "https://app.example/")


def test_a_server_that_asks_for_patience() -> None:
    core = Core(SRC, download_files=False)
    answers = [answer(503, retry_after="2"), 0, answer(429, retry_after="3"), 0, answer()]
    commands: list[Any] = []

    def reply(command: Any) -> Any:
        commands.append(command)
        return answers.pop(0)

    assert run(core.fetch(core.request("GET", SRC)), reply).status == 200
    assert [each.seconds for each in commands if isinstance(each, Sleep)] == [2, 3]


def test_patience_has_an_end() -> None:
    core = Core(SRC, download_files=False)
    slept: list[float] = []

    def reply(command: Any) -> Any:
        if isinstance(command, Send):
            return answer(503, retry_after="8")
        return slept.append(command.seconds)

    assert run(core.fetch(core.request("GET", SRC)), reply).status == 503
    assert sum(slept) <= 30


def test_a_redirect_to_something_that_is_no_web() -> None:
    core = Core(SRC, download_files=False)
    with pytest.raises(RedirectError, match="no address"):
        run(core.fetch(core.request("GET", SRC)), lambda command: answer(302, location="file:///etc/passwd"))


def test_a_name_that_is_no_space() -> None:
    for name in ("nonsense", "a/b/c", "a/..%2f", "/etc", "localhost:7860"):
        with pytest.raises(SpaceError, match="neither a URL"):
            run(Core(name, token=False, download_files=False).resolve(), lambda command: answer())


def test_errors_of_httpx_are_ours_too() -> None:
    error = failed(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "https://h/")
    assert isinstance(error, httpx.ConnectError)
    assert "ssl_verify=False" in str(error)


# Files


def test_handle_file(tmp_path: Any) -> None:
    path = tmp_path / "a b.txt"
    path.write_text("hi")
    assert handle_file(path) == {"path": str(path), "meta": {"_type": "gradio.FileData"}, "orig_name": "a b.txt"}
    assert handle_file("http://h/x.png?y=1")["orig_name"] == "x.png?y=1"
    assert b"".join(handle_file(bytearray(b"abc"), name="x").chunks()) == b"abc"
    with path.open("rb") as opened:
        assert handle_file(opened)["orig_name"] == "a b.txt"
    with pytest.raises(ValueError, match="does not exist on local filesystem and is not a valid URL"):
        handle_file("/nowhere")


def test_a_form_tells_its_size_and_its_progress(tmp_path: Any) -> None:
    path = tmp_path / 'quo"te.bin'
    path.write_bytes(b"x" * 2_500_000)
    reported: list[tuple[int, int | None]] = []
    form = Form(handle_file(path, progress=lambda sent, total: reported.append((sent, total))))
    body = b"".join(form)
    assert len(body) == form.size
    assert b'filename="quo%22te.bin"' in body
    assert reported[-1] == (2_500_000, 2_500_000)
    assert len(reported) == 3


def test_only_files_are_downloaded() -> None:
    assert is_file_data({"path": "/a", "url": None, "meta": {"_type": "gradio.FileData"}})
    assert not is_file_data({"path": "/a"})
    assert not is_file_data({"path": "/a", "anything": 1})
    assert not is_input({"path": "/etc/passwd"})


def test_files_are_found_anywhere() -> None:
    file = handle_file(b"x")
    assert found({"a": [1, (file,)]}, is_input) == [file]


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a\\x", "x", "c:x", "..", "", "a\x00b", "x" * 500])
def test_names_of_downloads_stay_in_their_folder(tmp_path: Any, name: str) -> None:
    arrival = Folder(tmp_path, keep=True).open(safe_name(name), None)
    arrival.write(b"x")
    assert (tmp_path / arrival.done()).resolve().parent.parent == tmp_path.resolve()


def test_a_folder_that_is_a_file(tmp_path: Any) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(ValueError, match=r"Path: .*f is not a directory\."):
        Core(SRC, download_files=tmp_path / "f")


def test_app_errors_have_gradios_attributes() -> None:
    error = AppError("bad", duration=3, title="Oh")
    assert (str(error), error.duration, error.title, error.visible) == ("bad", 3, "Oh", True)


@pytest.mark.parametrize("kind", [httpx.Client, httpx.AsyncClient])
def test_a_request_under_way_in_a_client_that_is_closed_says_so(kind: type[httpx.Client]) -> None:
    class Closed:
        is_closed = True

    error = RuntimeError("Cannot send a request, as the client has been closed.")
    assert isinstance(ours(error, Closed(), "https://h/", True), ClosedError)
    assert ours(error, kind(), "https://h/", True) is None
