"""What a server that means harm cannot make the client do: read files, visit others, write elsewhere."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blocks_client import AsyncClient, Client, RedirectError, handle_file
from blocks_client._core.files import safe_name
from tests.client.conftest import CONFIG, INFO, Faulty

META = {"_type": "gradio.FileData"}
CLOSE = {"msg": "close_stream"}


def sync_call(server: Faulty, *values: Any, **options: Any) -> Any:
    with Client(server.base, verbose=False, **options) as client:
        return client.submit(*values, api_name="/echo").result(timeout=30)


def async_call(server: Faulty, *values: Any, **options: Any) -> Any:
    async def ask() -> Any:
        async with AsyncClient(server.base, verbose=False, **options) as client:
            return await asyncio.wait_for(client.predict(*values, api_name="/echo"), 30)

    return asyncio.run(ask())


@pytest.fixture(params=[sync_call, async_call], ids=["Client", "AsyncClient"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    found: Callable[..., Any] = request.param
    return found


def gives(server: Faulty, value: Any) -> None:
    """Its function returns this."""
    output = {"data": [value], "is_generating": False}
    done = {"msg": "process_completed", "event_id": "e1", "output": output, "success": True}
    server.answers["/queue/data"] = lambda exchange: exchange.stream(done, CLOSE)


def bodies_of(server: Faulty) -> list[bytes]:
    """What is sent to it, from now on."""
    bodies: list[bytes] = []

    def take(exchange: Any) -> None:
        bodies.append(exchange.body)
        exchange.say(["/t/up"] if exchange.path.endswith("upload") else {"event_id": "e1"})

    server.answers["/queue/join"] = server.answers["/upload"] = take
    gives(server, "done")
    return bodies


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "id_rsa"
    path.write_text("my secret key")
    return path


@pytest.mark.parametrize("more", [{}, {"url": None, "size": 3}, {"orig_name": "x", "is_stream": False}])
def test_a_default_of_the_server_uploads_no_file(
    faulty: Faulty, call: Callable[..., Any], secret: Path, more: dict[str, Any]
) -> None:
    info = copy.deepcopy(INFO)
    default = {"path": str(secret), "meta": META, **more}
    [parameter] = info["named_endpoints"]["/echo"]["parameters"]
    parameter |= {"parameter_has_default": True, "parameter_default": [default], "example_input": default}
    faulty.answers["/info"] = lambda exchange: exchange.say(info)
    bodies = bodies_of(faulty)
    assert call(faulty) == "done"
    assert len(bodies) == 1 and b"my secret key" not in bodies[0]
    assert not faulty.headers_of("/upload")


def test_a_result_that_is_sent_back_uploads_no_file(faulty: Faulty, call: Callable[..., Any], secret: Path) -> None:
    gives(faulty, {"path": str(secret), "meta": META})
    result = call(faulty, "hi", download_files=False)
    bodies = bodies_of(faulty)
    call(faulty, result)
    assert len(bodies) == 1 and b"my secret key" not in bodies[0]


def test_a_file_that_the_caller_names_is_uploaded(faulty: Faulty, call: Callable[..., Any], secret: Path) -> None:
    bodies = bodies_of(faulty)
    call(faulty, {"image": [copy.deepcopy(handle_file(secret))]})
    assert b"my secret key" in bodies[0] and b"/t/up" in bodies[1]


@pytest.mark.parametrize(
    "value",
    [
        {"path": "{}x", "url": "{}x"},
        {"path": "{}x", "size": 1, "orig_name": "x", "mime_type": None},
        {"path": "/t/x", "url": "{}x", "is_stream": True},
        {"path": "{}x", "url": "{}x", "meta": {}},
        {"path": "{}x", "url": "{}x", "meta": None},
        {"path": "HTTP://USER@{host}/x", "url": None},
    ],
)
def test_data_makes_nobody_visited(
    faulty: Faulty, elsewhere: Faulty, call: Callable[..., Any], value: dict[str, Any]
) -> None:
    base = elsewhere.base
    host = base[len("http://") : -1]
    filled = {
        key: each.replace("{}", base).replace("{host}", host) if isinstance(each, str) else each
        for key, each in value.items()
    }
    elsewhere.answers["/x"] = faulty.answers["/x"] = lambda exchange: exchange.say(b"x")
    gives(faulty, {"deep": [filled]})
    call(faulty, "hi")
    assert elsewhere.seen == []


def test_not_by_a_redirect_either(faulty: Faulty, elsewhere: Faulty, call: Callable[..., Any]) -> None:
    faulty.answers["/x"] = lambda exchange: exchange.say({}, 302, location=elsewhere.base + "x")
    gives(faulty, {"path": "/t/x", "size": 1})
    with pytest.raises(RedirectError, match="another host"):
        call(faulty, "hi")
    assert elsewhere.seen == []


def test_a_marked_file_of_another_host_comes_without_our_credentials(
    faulty: Faulty, elsewhere: Faulty, call: Callable[..., Any], tmp_path: Path
) -> None:
    elsewhere.answers["/x.txt"] = lambda exchange: exchange.say(b"public")
    address = elsewhere.base + "x.txt?key=1"
    gives(faulty, {"path": address, "url": address, "meta": META})
    options = {"token": "hf_x", "headers": {"x-key": "k"}, "httpx_kwargs": {"auth": ("u", "p"), "cookies": {"c": "1"}}}
    path = Path(call(faulty, "hi", download_files=str(tmp_path), **options))
    assert (path.name, path.read_bytes()) == ("x.txt", b"public")
    [sent] = elsewhere.headers_of("/x.txt")
    assert not {"cookie", "authorization", "x-hf-authorization", "x-key"} & set(sent)


@pytest.mark.parametrize(
    "options",
    [
        {"token": "hf_x"},
        {"headers": {"x-key": "k"}},
        {"httpx_kwargs": {"auth": ("u", "p")}},
        {"httpx_kwargs": {"cookies": {"c": "1"}}},
    ],
)
def test_an_app_that_moves_to_another_host_is_not_told_who_we_are(
    faulty: Faulty, elsewhere: Faulty, call: Callable[..., Any], options: dict[str, Any]
) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say({}, 302, location=elsewhere.base + "config")
    elsewhere.answers["/config"] = lambda exchange: exchange.say(CONFIG)
    with pytest.raises(RedirectError, match="use its address"):
        call(faulty, "hi", **options)
    for _, _, sent in elsewhere.seen:
        assert not {"cookie", "authorization", "x-hf-authorization", "x-key"} & set(sent)


NAMES = {
    "what?.txt": "what_.txt",
    "a?b=1.txt": "a_b=1.txt",
    "50% #1&2.txt": "50% #1&2.txt",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "über 日本 🙂.txt": "über 日本 🙂.txt",
    "NUL.txt": "_NUL.txt",
    "con": "_con",
    "line\nend.txt": "line_end.txt",
    "txt.\u202eexe": "txt._exe",
    "half \ud83d.txt": "half _.txt",
    "..": "file",
    "/": "file",
    "?": "_",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_results_survive_inside_the_folder(
    faulty: Faulty, call: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    faulty.answers["/x"] = lambda exchange: exchange.say(b"content")
    gives(faulty, {"path": "/t/x", "orig_name": name, "meta": META})
    path = Path(call(faulty, "hi", download_files=str(tmp_path)))
    assert (path.name, path.read_bytes()) == (NAMES[name], b"content")
    assert path.parent.parent == tmp_path


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "🙂" * 300 + ".csv", "é" * 99 + "a" * 200 + ".csv"])
def test_long_names_keep_their_end(tmp_path: Path, name: str) -> None:
    short = safe_name(name)
    (tmp_path / short).write_text("x")
    assert short.endswith(".csv") and len(short.encode()) <= 200
