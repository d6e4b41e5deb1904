"""gr.Server: functions for programs by the queue, and addresses of its own."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_client import Client


@dataclass
class Item:
    name: str
    price: float


def made() -> gr.Server:
    server = gr.Server(title="Shop")

    @server.api(name="hello")
    def hello(name: str) -> str:
        """Say hello."""
        return f"Hello {name}"

    @server.api
    def count(most: int) -> Iterator[int]:
        yield from range(most)

    @server.get("/")
    def root() -> dict[str, str]:
        return {"message": "Hello World"}

    @server.get("/items/{number}")
    async def item(number: int, full: bool = False, tags: list[str] | None = None) -> Any:
        return [number, full, tags]

    @server.get("/files/{rest:path}")
    def file(rest: str, request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.method} {rest}", content_type="text/plain")

    @server.post("/items", status_code=201)
    def add(item: Item, dry: bool = True) -> Any:
        return {"name": item.name, "sum": item.price * 2, "dry": dry}

    @server.put("/both")
    def both(first: dict, second: list) -> Any:  # type: ignore[type-arg]
        return [first, second]

    @server.delete("/items/{number}")
    def remove(number: int) -> None:
        raise Http404(f"no item {number}") if number else gr.Error("not this one")

    return server


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = made()
    yield server.launch(prevent_thread_lock=True, quiet=True).local_url
    server.close(verbose=False)


def ask(address: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, text = error.code, error.read()
    return status, json.loads(text) if text[:1] in b'[{"' else text.decode()


def test_programs_call_its_functions_by_the_queue(address: str) -> None:
    with Client(address, verbose=False) as client:
        assert client.predict("Ada", api_name="/hello") == "Hello Ada"
        assert list(client.submit(3, api_name="/count")) == [0, 1, 2]
        assert list(client.view_api(print_info=False, return_format="dict")["named_endpoints"]) == ["/hello", "/count"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer"),
    [
        ("GET", "", None, 200, {"message": "Hello World"}),
        ("GET", "items/7?full=yes&tags=a&tags=b", None, 200, [7, True, ["a", "b"]]),
        ("GET", "items/7", None, 200, [7, False, None]),
        ("GET", "files/a/b.txt", None, 200, "GET a/b.txt"),
        ("POST", "items?dry=0", {"name": "tea", "price": 2}, 201, {"name": "tea", "sum": 4, "dry": False}),
        ("PUT", "both", {"first": {}, "second": [1]}, 200, [{}, [1]]),
        ("DELETE", "items/7", None, 404, {"detail": "no item 7"}),
        ("DELETE", "items/0", None, 400, {"detail": "not this one"}),
        ("PATCH", "items/7", None, 405, {"detail": "Method PATCH is not allowed here."}),
    ],
)
def test_its_own_addresses_take_what_their_hints_say(
    address: str, method: str, path: str, body: Any, status: int, answer: Any
) -> None:
    assert ask(address + path, method, body) == (status, answer)


@pytest.mark.parametrize(
    ("method", "path", "body", "place", "text"),
    [
        ("GET", "items/x", None, ["path", "number"], "invalid literal"),
        ("GET", "items/7?full=perhaps", None, ["query", "full"], "boolean"),
        ("POST", "items", None, ["body", "item"], "required"),
        ("POST", "items", {"nam": 1}, ["body", "item"], "nam"),
        ("POST", "items", b"{", ["body", ""], "JSON"),
        ("PUT", "both", {"first": 1, "second": []}, ["body", "first"], "object"),
    ],
)
def test_a_request_that_does_not_fit_is_told_where(
    address: str, method: str, path: str, body: Any, place: list[str], text: str
) -> None:
    status, answer = ask(address + path, method, body)
    assert status == 422 and answer["detail"][0]["loc"] == place and text in answer["detail"][0]["msg"]


def test_who_may_not_use_it_may_not_call_its_addresses() -> None:
    server = made()
    address = server.launch(prevent_thread_lock=True, quiet=True, auth=("ann", "secret")).local_url
    assert ask(address)[0] == 401 and ask(f"{address}items/7")[0] == 401
    server.close(verbose=False)


def test_its_marks_for_agents_are_those_of_gr_mcp() -> None:
    assert gr.Server().mcp is gr.mcp


def test_what_is_fastapis_alone_says_what_django_has() -> None:
    server = gr.Server()
    with pytest.raises(AttributeError, match="MIDDLEWARE"):
        server.add_middleware(object)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        server.nothing
    with pytest.warns(UserWarning, match="docs_url, lifespan of FastAPI mean nothing"):
        gr.Server(lifespan=lambda: None, docs_url="/d")
    with pytest.raises(TypeError, match="unexpected keyword argument 'titel'"):
        gr.Server(titel="x")
    with pytest.raises(DeclarationError, match="begins with '/'"):
        server.get("items")(lambda: None)
    with pytest.raises(DeclarationError, match="no parameter 'number'"):
        server.get("/{number}")(lambda: None)
