"""What goes wrong on the way ends in the answer or in one clear exception, never in a hang."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from blocks_client import (
    AnswerError,
    AuthenticationError,
    Client,
    DownloadError,
    QueueError,
    RedirectError,
    StreamLost,
    TooManyRequestsError,
    TransportError,
    UnavailableError,
    handle_file,
)
from blocks_client._drivers import transport
from tests.client.conftest import (
    CLOSE,
    CONFIG,
    INFO,
    Exchange,
    Faulty,
    completed,
    eventually,
    generating,
    ours,
    serving,
)

RESUMES = {**CONFIG, "websocket": "/queue/ws"}


def client(server: Faulty, **options: Any) -> Client:
    return Client(server.base, verbose=False, **options)


def ask(server: Faulty, **options: Any) -> Any:
    """One call; whatever happens, it ends."""
    with client(server, **options) as program:
        return program.submit("hi", api_name="/echo").result(timeout=30)


def in_turn(*answers: Any) -> Any:
    """The first request gets the first answer, …; the last one stays."""
    left = list(answers)
    return lambda exchange: (left.pop(0) if len(left) > 1 else left[0])(exchange)


def test_our_cut_stream_goes_on_where_it_was(faulty: Faulty) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say(RESUMES)
    faulty.answers["/queue/data"] = in_turn(
        lambda exchange: exchange.stream((1, generating(["a"])), (2, generating([[["append", [], "b"]]])), cut=True),
        lambda exchange: exchange.stream((2, generating([[["append", [], "b"]]])), cut=True),
        lambda exchange: exchange.stream((3, generating([[["append", [], "c"]]])), (4, completed(["abc"])), CLOSE),
    )
    with client(faulty) as program:
        assert list(program.submit("hi", api_name="/echo")) == ["a", "ab", "abc"]
    assert [each.get("last-event-id") for each in faulty.headers_of("/queue/data")] == [None, "2", "2"]


def test_a_complete_value_after_a_gap(faulty: Faulty) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say(RESUMES)
    faulty.answers["/queue/data"] = in_turn(
        lambda exchange: exchange.stream((1, {**generating(["a"]), "diff": False}), cut=True),
        lambda exchange: exchange.stream(
            (9, {**generating(["abcd"]), "diff": False}), (10, completed(["abcd"])), CLOSE
        ),
    )
    with client(faulty) as program:
        assert list(program.submit("hi", api_name="/echo")) == ["a", "abcd"]


def test_gradios_cut_stream_is_lost_with_what_arrived(faulty: Faulty) -> None:
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(generating(["a"]), cut=True)
    with client(faulty) as program:
        job = program.submit("hi", api_name="/echo")
        with pytest.raises(StreamLost, match="cut") as caught:
            job.result(timeout=20)
    assert caught.value.outputs == ["a"]


def test_a_stream_that_ends_too_early_without_a_word(faulty: Faulty) -> None:
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(generating(["a"]))
    with pytest.raises(StreamLost):
        ask(faulty)


def test_a_restarted_server_does_not_know_the_session(faulty: Faulty) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say(RESUMES)
    unknown = {"msg": "unexpected_error", "event_id": None, "message": "404: Not Found", "session_not_found": True}
    faulty.answers["/queue/data"] = in_turn(
        lambda exchange: exchange.stream((1, generating(["a"])), cut=True), lambda exchange: exchange.stream(unknown)
    )
    with pytest.raises(StreamLost, match="restarted") as caught:
        ask(faulty)
    assert caught.value.outputs == ["a"]


def test_a_server_that_comes_back_is_found_again() -> None:
    with serving() as first:
        first.answers["/info"] = lambda exchange: exchange.say(INFO, connection="close")
        program = client(first)
    job = program.submit("hi", api_name="/echo")
    with serving(first.server_port) as second:
        second.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["back"]), CLOSE)
        assert job.result(timeout=20) == "back"
        program.close()


def test_a_connection_that_the_server_has_closed_meanwhile(faulty: Faulty) -> None:
    def answer_and_hang_up(exchange: Exchange) -> None:
        exchange.stream(completed(["ok"]), CLOSE)
        exchange.close_connection = True  # without telling

    faulty.answers["/queue/data"] = answer_and_hang_up
    with client(faulty) as program:
        assert [program.predict("hi", api_name="/echo") for _ in range(3)] == ["ok"] * 3


def test_retry_after_is_obeyed(faulty: Faulty) -> None:
    faulty.answers["/queue/join"] = in_turn(
        lambda exchange: exchange.say({}, 429, retry_after="0"),
        lambda exchange: exchange.say({}, 503, retry_after="0"),
        lambda exchange: exchange.say({"event_id": "e1"}),
    )
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["ok"]), CLOSE)
    assert ask(faulty) == "ok"


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (429, {"retry_after": "3600"}, TooManyRequestsError),
        (429, {}, TooManyRequestsError),
        (502, {}, UnavailableError),
    ],
)
def test_refusals_say_when(faulty: Faulty, status: int, headers: dict[str, str], kind: type[Exception]) -> None:
    faulty.answers["/queue/join"] = lambda exchange: exchange.say({}, status, **headers)
    with pytest.raises(kind) as caught:
        ask(faulty)
    assert caught.value.retry_after == (3600 if headers else None)


def test_a_full_queue_is_told_at_once(faulty: Faulty) -> None:
    full = {"detail": "Queue is full. Max size is 2 and size is 2."}
    faulty.answers["/queue/join"] = lambda exchange: exchange.say(full, 503, retry_after="1")
    with pytest.raises(QueueError, match=r"Queue is full! Please try again\."):
        ask(faulty)


def hasty(server: Faulty) -> Client:
    """A client that waits 0.2 s for everything; connected, however busy the machine is."""
    while True:
        try:
            return client(server, httpx_kwargs={"timeout": 0.2})
        except httpx.TimeoutException:
            pass


def test_a_slow_server_is_given_up(faulty: Faulty) -> None:
    release = threading.Event()
    faulty.answers["/queue/join"] = lambda exchange: release.wait(20)
    with hasty(faulty) as program, pytest.raises(httpx.ReadTimeout, match="in time"):
        program.predict("hi", api_name="/echo")
    release.set()


def test_a_stream_that_says_nothing_is_given_up(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SILENCE", 0.2)
    release = threading.Event()
    faulty.answers["/queue/data"] = lambda exchange: release.wait(20)
    with hasty(faulty) as program:
        while not isinstance(error := program.submit("hi", api_name="/echo").exception(timeout=60), StreamLost):
            assert isinstance(error, httpx.TimeoutException)  # joining took too long
    release.set()


def test_a_proxy_that_buffers_the_stream(faulty: Faulty) -> None:
    messages = [generating(["a"]), generating([[["append", [], "b"]]]), completed(["ab"]), CLOSE]
    faulty.answers["/queue/data"] = lambda exchange: (time.sleep(0.3), exchange.stream(*messages))
    with client(faulty) as program:
        assert list(program.submit("hi", api_name="/echo")) == ["a", "ab"]


@pytest.mark.parametrize("place", ["/config", "/info"])
def test_a_page_instead_of_json(faulty: Faulty, place: str) -> None:
    faulty.answers[place] = lambda exchange: exchange.say(b"<html>Please log in", content_type="text/html")
    with pytest.raises(AnswerError, match="not JSON"):
        client(faulty)


def test_a_page_instead_of_an_event(faulty: Faulty) -> None:
    faulty.answers["/queue/join"] = lambda exchange: exchange.say(b"<html>", content_type="text/html")
    with pytest.raises(AnswerError, match="not JSON"):
        ask(faulty)


def test_a_stream_of_nonsense(faulty: Faulty) -> None:
    faulty.answers["/queue/data"] = lambda exchange: exchange.say(b"data: {oh\n\n")
    with pytest.raises(AnswerError, match="makes no sense"):
        ask(faulty)


def test_nobody_listens() -> None:
    with pytest.raises(httpx.ConnectError, match="cannot be reached") as caught:
        Client("http://127.0.0.1:9", verbose=False)
    assert isinstance(caught.value, TransportError)


def test_a_login_that_expires_is_renewed(faulty: Faulty) -> None:
    faulty.answers["/login"] = lambda exchange: exchange.say({"success": True}, set_cookie="access-token=new; HttpOnly")
    faulty.answers["/queue/join"] = in_turn(
        lambda exchange: exchange.say({"detail": "Not authenticated"}, 401),
        lambda exchange: exchange.say({"event_id": "e1"}),
    )
    faulty.answers["/queue/data"] = in_turn(
        lambda exchange: exchange.say({"detail": "Not authenticated"}, 401),
        lambda exchange: exchange.stream(completed(["ok"]), CLOSE),
    )
    assert ask(faulty, auth=("ada", "pw")) == "ok"
    assert len(faulty.headers_of("/login")) == 3
    assert faulty.headers_of("/queue/join")[-1]["cookie"] == "access-token=new"


def test_a_login_that_cannot_be_renewed(faulty: Faulty) -> None:
    faulty.answers["/queue/join"] = lambda exchange: exchange.say({"detail": "Not authenticated"}, 401)
    with pytest.raises(AuthenticationError, match="expired"):
        ask(faulty)


def test_redirects_carry_nothing_to_another_host(faulty: Faulty, elsewhere: Faulty) -> None:
    elsewhere.answers["/secret.txt"] = lambda exchange: exchange.say(b"public")
    file = {"path": "/t/secret.txt", "url": None, "meta": {"_type": "gradio.FileData"}}
    faulty.answers["/login"] = lambda exchange: exchange.say({"success": True}, set_cookie="access-token=a")
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed([file]), CLOSE)
    target = elsewhere.base + "secret.txt"
    faulty.answers["/secret.txt"] = lambda exchange: exchange.say({}, 302, location=target)
    options = {"token": "hf_x", "auth": ("ada", "pw"), "headers": {"x-key": "k"}, "httpx_kwargs": {"auth": ("u", "p")}}
    with client(faulty, **options) as program:
        path = program.predict("hi", api_name="/echo")
        assert Path(path).read_bytes() == b"public"
    [sent] = elsewhere.headers_of("/secret.txt")
    assert not {"cookie", "authorization", "x-hf-authorization", "x-key"} & set(sent)
    own = faulty.headers_of("/secret.txt")[0]
    assert (own["x-hf-authorization"], own["x-key"]) == ("Bearer hf_x", "k")


def test_nothing_is_posted_to_another_host(faulty: Faulty, elsewhere: Faulty) -> None:
    target = elsewhere.base + "queue/join"
    faulty.answers["/queue/join"] = lambda exchange: exchange.say({}, 307, location=target)
    with pytest.raises(RedirectError, match="another host"):
        ask(faulty)
    assert elsewhere.seen == []


def test_a_redirected_stream_stays_at_home(faulty: Faulty, elsewhere: Faulty) -> None:
    elsewhere.answers["/data"] = lambda exchange: exchange.stream(completed(["theirs"]), CLOSE)
    faulty.answers["/queue/data"] = lambda exchange: exchange.say({}, 302, location=elsewhere.base + "data")
    assert ask(faulty, token="hf_x") == "theirs"
    assert "x-hf-authorization" not in elsewhere.headers_of("/data")[0]


def test_redirects_in_a_circle(faulty: Faulty) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say({}, 302, location="/config")
    with pytest.raises(RedirectError, match="more than"):
        client(faulty)


def test_a_download_that_is_cut(faulty: Faulty) -> None:
    def half(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("content-length", "1000")
        exchange.end_headers()
        exchange.wfile.write(b"x" * 10)
        exchange.close_connection = True

    file = {"path": "/t/a.txt", "url": None, "meta": {"_type": "gradio.FileData"}}
    faulty.answers["/a.txt"] = half
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed([file]), CLOSE)
    with pytest.raises(DownloadError, match=r"a\.txt"):
        ask(faulty)
    assert len(faulty.headers_of("/a.txt")) == 2  # tried once more


def test_an_upload_that_is_refused(faulty: Faulty) -> None:
    faulty.answers["/upload"] = lambda exchange: exchange.say(b"too large", 413, content_type="text/plain")
    with client(faulty) as program, pytest.raises(ValueError, match="too large"):
        program.predict(handle_file(b"abc"), api_name="/echo")


def test_a_stopped_queue_fails_every_event(faulty: Faulty) -> None:
    ended = {"msg": "unexpected_error", "message": "Server stopped unexpectedly.", "success": False}
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(ended)
    with pytest.raises(StreamLost, match="Server stopped unexpectedly"):
        ask(faulty)


def test_closing_ends_what_runs(faulty: Faulty) -> None:
    release = threading.Event()
    faulty.answers["/queue/data"] = lambda exchange: release.wait(20)
    before = set(threading.enumerate())
    program = client(faulty)
    job = program.submit("hi", api_name="/echo")
    assert eventually(lambda: job.call.event_id)
    program.close()
    with pytest.raises(RuntimeError, match="closed"):
        job.result(timeout=5)
    assert eventually(lambda: not ours(before))
    release.set()
