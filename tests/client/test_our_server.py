"""The client and our server, in this process."""

from __future__ import annotations

import concurrent.futures
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

import blocks_app as gr
from blocks_client import AppError, AsyncClient, Client, handle_file
from blocks_client._core.core import Core
from tests.client.conftest import Opened, eventually, ours


def count(number: float) -> Iterator[str]:
    """Count slowly enough to be cut."""
    for each in range(int(number)):
        time.sleep(0.01)
        yield str(each)


def shout(file: str) -> str:
    """The file in capitals."""
    target = Path(file).parent / "loud.txt"
    target.write_text(Path(file).read_text().upper())
    return str(target)


def remember(item: str, items: list[str]) -> tuple[str, list[str]]:
    """What the session has said."""
    return ",".join([*items, item]), [*items, item]


def header(name: str, request: gr.Request) -> str:
    """A header of the request."""
    return str(request.headers.get(name, "none"))


def visitor(space: str) -> str:
    """Who this app's own client would name to a Space."""
    client = Client.__new__(Client)
    client._core = Core("http://127.0.0.1/", download_files=False)
    client.space_id = space or None
    return str(client.add_zero_gpu_headers({}))


def fail(text: str) -> str:
    """Fail."""
    raise gr.Error(text)


def app() -> gr.Blocks:
    with gr.Blocks() as blocks:
        text, number, file, kept = (
            gr.Textbox(label="text"),
            gr.Number(label="number"),
            gr.File(label="file"),
            gr.State([]),
        )
        out, result = gr.Textbox(label="out"), gr.File(label="result")
        go = gr.Button()
        go.click(lambda text: text, text, out, api_name="echo", concurrency_limit=20)
        go.click(count, number, out, api_name="count", concurrency_limit=20)
        go.click(shout, file, result, api_name="shout")
        go.click(remember, [text, kept], [out, kept], api_name="remember")
        go.click(header, text, out, api_name="header")
        go.click(fail, text, out, api_name="fail")
        data = gr.JSON()
        go.click(lambda value: value, data, data, api_name="same")
        go.click(visitor, text, out, api_name="visitor")
    blocks.queue(max_size=2000)
    return blocks


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The app's address."""
    blocks = app()
    launched = blocks.launch(prevent_thread_lock=True, quiet=True)
    assert launched is not None
    yield launched.local_url
    blocks.close()


@pytest.fixture
def client(base: str) -> Iterator[Client]:
    """A client of it."""
    with Client(base, verbose=False) as made:
        yield made


class Cutting:
    """A proxy that cuts every connection that has brought `after` bytes of a stream; `times` often."""

    def __init__(self, base: str, after: int, times: int) -> None:
        url = httpx.URL(base)
        self.target, self.after, self.left = (url.host, url.port), after, times
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection((str(self.target[0]), int(self.target[1] or 80)))
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        streamed, is_stream = 0, False
        try:
            while piece := source.recv(65536):
                is_stream = is_stream or (is_answer and b"text/event-stream" in piece)
                streamed += len(piece) if is_stream else 0
                if self.left and streamed > self.after:
                    self.left -= 1
                    break
                sink.sendall(piece)
        except OSError:
            pass  # the other side has gone
        for each in (source, sink):
            with contextlib.suppress(OSError):  # already
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def test_a_stream_that_is_cut_again_and_again_loses_and_doubles_nothing(base: str) -> None:
    proxy = Cutting(base, after=3000, times=5)
    with Client(proxy.base, verbose=False) as client:
        assert list(client.submit(120, api_name="/count")) == [str(each) for each in range(120)]
    assert proxy.left == 0
    proxy.listener.close()


async def test_the_same_with_asyncio(base: str) -> None:
    proxy = Cutting(base, after=3000, times=3)
    async with AsyncClient(proxy.base, verbose=False) as client:
        values = [value async for value in client.submit(80, api_name="/count")]
    assert (values, proxy.left) == ([str(each) for each in range(80)], 0)
    proxy.listener.close()


def test_a_long_generator_arrives_whole(client: Client) -> None:
    jobs = [client.submit(150, api_name="/count") for _ in range(4)]
    assert [list(job) for job in jobs] == [[str(each) for each in range(150)]] * 4


def test_a_thousand_calls_with_few_threads_and_sockets(opened: Opened, client: Client) -> None:
    before = threading.active_count()
    jobs = [client.submit(str(each), api_name="/echo") for each in range(1000)]
    threads = sockets = 0
    for job in concurrent.futures.as_completed(jobs, timeout=120):
        assert job.exception() is None
        threads = max(threads, threading.active_count() - before)
        sockets = max(sockets, opened.count)
    assert [job.result() for job in jobs] == [str(each) for each in range(1000)]
    ours = client.max_workers + 2
    assert threads <= ours + 40 + 10  # the server's own threads are in this process too
    assert 1 < sockets <= client.max_workers + 8


def test_max_workers_bounds_what_runs(base: str) -> None:
    before = set(threading.enumerate())
    with Client(base, max_workers=1, verbose=False) as client:
        jobs = [client.submit(5, api_name="/count") for _ in range(3)]
        assert [job.result(timeout=60) for job in jobs] == ["4"] * 3
        assert [name for name in ours(before) if name[-1].isdigit()] == ["blocks-client-0"]


@pytest.mark.parametrize("value", [{"__type__": "update", "visible": False}, {"id": [2**64 + 3, 1.5, "ü"]}], ids=str)
def test_data_comes_back_as_it_was_sent(client: Client, value: Any) -> None:
    assert client.predict(value, api_name="/same") == value


def test_arguments_may_be_numbers_and_arrays_of_numpy(client: Client) -> None:
    sent = {"one": np.int64(3), "row": np.arange(4)[::2], "share": np.float64(0.5)}
    assert client.predict(sent, api_name="/same") == {"one": 3, "row": [0, 2], "share": 0.5}
    with pytest.raises(TypeError, match="type set has no form in JSON"):
        client.predict({1}, api_name="/same")


def test_a_job_is_a_future(client: Client) -> None:
    job, received = client.submit("a", api_name="/echo"), []
    assert concurrent.futures.wait([job], timeout=20) == ({job}, set())
    job.add_done_callback(received.append)
    assert (received, job.done(), job.running(), job.cancelled(), job.cancel()) == ([job], True, False, False, False)
    assert (job.status().code.name, job.status().success) == ("FINISHED", True)


def test_a_cancelled_job(client: Client) -> None:
    job = client.submit(1000, api_name="/count")
    first = next(job)
    assert (first, job.cancel(), job.cancelled()) == ("0", True, True)
    with pytest.raises(concurrent.futures.CancelledError):
        job.result()
    assert [done.cancelled() for done in concurrent.futures.as_completed([job], timeout=5)] == [True]
    assert len(list(job)) < 1000
    assert job.status().code.name == "CANCELLED"
    assert client.predict("after", api_name="/echo") == "after"


def test_a_failed_job_is_iterated_to_its_end(client: Client) -> None:
    job = client.submit("oh", api_name="/fail")
    with pytest.raises(AppError, match="oh"):
        list(job)
    assert (job.status().code.name, job.status().success) == ("FINISHED", False)


def test_callbacks_come_in_order_and_may_fail(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    received: list[str] = []
    done = threading.Event()
    callbacks = [received.append, lambda value: 1 / 0, lambda value: done.set()]
    client.submit("x", api_name="/echo", result_callbacks=callbacks)
    assert done.wait(20)
    assert received == ["x"]
    assert "callback" in caplog.text


def test_files_go_both_ways(client: Client, tmp_path: Path) -> None:
    reported: list[int] = []
    file = handle_file(b"hello", name="up.txt", progress=lambda sent, total: reported.append(sent))
    path = Path(client.predict(file, api_name="/shout"))
    assert (path.read_text(), path.name, reported) == ("HELLO", "loud.txt", [5])
    client.close()
    assert not path.exists()


def test_a_folder_of_ones_own_is_kept(base: str, tmp_path: Path) -> None:
    with Client(base, verbose=False, download_files=str(tmp_path)) as client:
        path = Path(client.predict(handle_file(b"hi"), api_name="/shout"))
    assert path.read_text() == "HI"
    assert path.parent.parent == tmp_path


def test_files_may_stay_on_the_server(base: str) -> None:
    with Client(base, verbose=False, download_files=False) as client:
        assert client.predict(handle_file(b"hi"), api_name="/shout")["orig_name"] == "loud.txt"


def test_state_belongs_to_the_session(client: Client) -> None:
    first = client.session_hash
    assert [client.predict(each, api_name="/remember") for each in "ab"] == ["a", "a,b"]
    client.reset_session()
    assert client.predict("c", api_name="/remember") == "c"
    assert client.session_hash != first


def test_headers_cookies_and_agent(base: str) -> None:
    options: dict[str, Any] = {"headers": {"X-Custom": "v"}, "httpx_kwargs": {"cookies": {"k": "v"}}}
    with Client(base, verbose=False, **options) as client:
        assert client.predict("x-custom", api_name="/header") == "v"
        assert "k=v" in client.predict("cookie", api_name="/header")
        assert client.predict("user-agent", api_name="/header").startswith("blocks_client/")
        assert client.predict("x-more", api_name="/header", headers={"x-more": "1"}) == "1"
    assert options["httpx_kwargs"] == {"cookies": {"k": "v"}}
    with Client(base, verbose=False, headers={"User-Agent": "mine"}) as client:
        assert client.predict("user-agent", api_name="/header") == "mine"


def test_the_visitors_token_goes_on_to_spaces_alone(base: str) -> None:
    with Client(base, verbose=False, headers={"x-ip-token": "t"}) as client:
        assert client.predict("me/app", api_name="/visitor") == "{'x-ip-token': 't'}"
        assert client.predict("", api_name="/visitor") == "{}"
    assert visitor("me/app") == "{}"


@pytest.mark.parametrize("name", ["proxy", "proxies"])
def test_a_proxy_is_used(base: str, name: str) -> None:
    proxy: Any = "http://127.0.0.1:1"
    with pytest.raises(httpx.ConnectError):
        Client(base, verbose=False, httpx_kwargs={name: proxy if name == "proxy" else {"http://": proxy}})


def test_a_timeout_of_ones_own(base: str) -> None:
    with pytest.raises(httpx.TimeoutException):
        Client(base, verbose=False, httpx_kwargs={"timeout": 1e-5})


def test_what_is_printed(base: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Client(base) as client:
        assert capsys.readouterr().out == f"Loaded as API: {client.src} ✔\n"
        assert client.view_api() is None
        text = capsys.readouterr().out
        assert client.view_api(print_info=False, return_format="str") + "\n" == text
        assert str(client) + "\n" == repr(client) + "\n" == text
        assert "/echo" in client.view_api(print_info=False, return_format="dict")["named_endpoints"]
        assert "Unnamed API endpoints: 0" in client.view_api(True, False, "str")


def test_close_leaves_nothing(base: str) -> None:
    before = set(threading.enumerate())
    client = Client(base, verbose=False)
    client.predict("a", api_name="/remember")
    client.close()
    client.close()
    assert eventually(lambda: not ours(before))
    with pytest.raises(RuntimeError, match="closed"):
        client.predict("a", api_name="/echo")


async def test_asyncio(base: str) -> None:
    async with AsyncClient(base, verbose=False) as client:
        assert await client.predict("hi", api_name="/echo") == "hi"
        job = client.submit(3, api_name="/count")
        assert [value async for value in job] == ["0", "1", "2"]
        assert (await job, job.status().code.name, job.outputs()) == ("2", "FINISHED", ["0", "1", "2"])
        path = Path(await client.predict(handle_file(b"hi"), api_name="/shout"))
        assert path.read_text() == "HI"
        with pytest.raises(AppError, match="oh"):
            await client.predict("oh", api_name="/fail")
        slow = client.submit(1000, api_name="/count")
        async for _ in slow:
            await slow.cancel()
        assert slow.cancelled()
    assert not path.exists()


async def test_asyncio_a_thousand_calls(base: str) -> None:
    async with AsyncClient(base, verbose=False) as client:
        jobs = [client.submit(str(each), api_name="/echo") for each in range(1000)]
        assert [await job for job in jobs] == [str(each) for each in range(1000)]


async def test_asyncio_closing_ends_what_runs(base: str) -> None:
    client = await AsyncClient(base, verbose=False).connect()
    job = client.submit(1000, api_name="/count")
    async for _ in job:
        break
    await client.close()
    with pytest.raises(RuntimeError, match="closed"):
        await job
