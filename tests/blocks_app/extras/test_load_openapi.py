"""An app made of the description of an API, against an API that is served here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from queue_app.testing import PageUser

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.2",
    "info": {"title": "Shelf"},
    "paths": {
        "/books/{id}": {
            "get": {
                "summary": "One book",
                "parameters": [
                    {"name": "id", "in": "path", "schema": {"type": "string"}},
                    {"$ref": "#/components/parameters/full"},
                ],
            }
        },
        "/books": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}},
                }
            }
        },
        "/films": {
            "parameters": [{"name": "shelf", "in": "header", "schema": {"type": "string", "default": "a"}}],
            "post": {
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "title": {"type": "string"},
                                    "film": {"type": "string", "format": "binary"},
                                    "stills": {"type": "array", "items": {"type": "string", "format": "binary"}},
                                },
                            }
                        }
                    }
                }
            },
            "put": {
                "requestBody": {
                    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
                }
            },
            "patch": {
                "parameters": [{"name": "tags", "in": "query", "schema": {"type": "array"}}],
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {"properties": {"year": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}}
                        }
                    }
                },
            },
        },
        "/gone": {"get": {}, "head": {}},
        "/away": {"get": {}},
    },
    "components": {
        "parameters": {"full": {"name": "full", "in": "query", "schema": {"type": "boolean", "default": True}}},
        "schemas": {
            "Book": {"type": "object", "properties": {"title": {"type": "string"}, "pages": {"type": "integer"}}}
        },
    },
}


class Api(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def answer(self, status: int = 200, **headers: str) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = {"path": self.path, "body": self.rfile.read(length).decode(), "token": self.headers.get("Authorization")}
        if "shelf" in self.headers:
            told = {"body": told["body"], "type": self.headers["Content-Type"], "shelf": self.headers["shelf"]}
            told["path"] = self.path
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def do_GET(self) -> None:
        if self.path == "/gone":
            self.answer(410)
        elif self.path == "/away":
            self.answer(302, Location="http://127.0.0.1:9/elsewhere")
        else:
            self.answer()

    def do_POST(self) -> None:
        self.answer()

    do_PUT = do_PATCH = do_POST

    def log_message(self, *given: Any) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_form_calls_the_operation_with_its_parameters(api: str) -> None:
    demo = gr.load_openapi(DOCUMENT, api, auth_token="secret")
    assert list(demo.get_api_info()["named_endpoints"]) == [
        "/get__books_id",
        "/post__books",
        "/post__films",
        "/put__films",
        "/patch__films",
        "/get__gone",
        "/get__away",
    ]
    asked = demo("a/b", True, api_name="/get__books_id")
    assert asked == {"path": "/books/a%2Fb?full=true", "body": "", "token": "Bearer secret"}
    assert demo('{"title": "x"}', api_name="/post__books")["body"] == '{"title": "x"}'
    assert "secret" not in json.dumps(demo.get_config_file(), default=str)


def test_the_page_shows_answers_and_what_went_wrong(api: str) -> None:
    demo = gr.load_openapi(DOCUMENT, api)
    boxes = [block for block in demo.blocks.values() if isinstance(block, gr.Textbox)]
    buttons = [each for each in demo.blocks.values() if getattr(each, "value", "") in ("Submit", "Generate")]
    buttons = [*buttons[:2], *buttons[-2:]]  # the last two take nothing
    answers = [block for block in demo.blocks.values() if isinstance(block, gr.JSON)]
    with PageUser(demo) as page:
        assert json.loads(page.value(boxes[1])) == {"title": "", "pages": 0}
        page.set(boxes[0], "7")
        page.click(buttons[0])
        assert page.value(answers[0])["path"] == "/books/7?full=true"
        page.set(boxes[1], "{no json")
        page.click(buttons[1])
        page.click(buttons[2])
        page.click(buttons[3])
        assert "The request body is no JSON" in page.errors[0]
        assert "The API answered 410" in page.errors[1]
        assert "The API answered 302" in page.errors[2]  # the token is for the API alone


def test_files_and_forms_are_sent_as_the_document_says(api: str, tmp_path: Path) -> None:
    demo = gr.load_openapi(DOCUMENT, api)
    film, still = tmp_path / 'fi"lm.txt', tmp_path / "still.png"
    film.write_text("moving")
    still.write_text("pixels")
    asked = demo("a", "Film", str(film), [str(still), str(still)], api_name="/post__films")
    boundary = asked["type"].removeprefix("multipart/form-data; boundary=")
    parts = asked["body"].split(f"--{boundary}")
    assert parts[1] == '\r\nContent-Disposition: form-data; name="title"\r\n\r\nFilm\r\n'
    assert 'name="film"; filename="fi%22lm.txt"\r\nContent-Type: text/plain\r\n\r\nmoving\r\n' in parts[2]
    assert [each.count('name="stills"; filename="still.png"') for each in parts[3:]] == [1, 1, 0]
    asked = demo("b", str(film), api_name="/put__films")
    assert (asked["body"], asked["type"], asked["shelf"]) == ("moving", "application/octet-stream", "b")
    asked = demo("a", '["x", "y"]', 1999, api_name="/patch__films")
    assert (asked["path"], asked["body"]) == ("/films?tags=x&tags=y", "year=1999")


def test_each_operation_is_an_interface_with_the_arguments_that_are_given() -> None:
    demo = gr.load_openapi(DOCUMENT, "http://127.0.0.1", submit_btn="Ask", paths=["/books$"])
    assert [each.value for each in demo.blocks.values() if isinstance(each, gr.Button)] == ["Clear", "Ask"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"paths": ["/books"]}, ["/get__books_id", "/post__books"]),
        ({"methods": ["put"], "title": "x", "submit_btn": "Go"}, ["/put__films"]),
        ({"exclude_paths": [".*id.*"], "methods": ["GET"]}, ["/get__gone", "/get__away"]),
    ],
)
def test_paths_and_methods_are_chosen(tmp_path: Path, options: dict[str, Any], names: list[str]) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(DOCUMENT))
    assert list(gr.load_openapi(file, "http://127.0.0.1", **options).get_api_info()["named_endpoints"]) == names


@pytest.mark.parametrize(
    ("given", "base", "text"),
    [
        ("/nowhere.json", "http://x", "cannot read"),
        ({"paths": {}}, "http://x", "no operation"),
        (DOCUMENT, "file:///etc", "http or https"),
        ({"paths": {"/a": {"get": {}}}, "x": 1}, "ftp://x", "http or https"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(given: Any, base: str, text: str) -> None:
    with pytest.raises(DeclarationError, match=text):
        gr.load_openapi(given, base)


def test_our_own_description_makes_an_app() -> None:
    def double(a: int) -> int:
        return a * 2

    with gr.Blocks() as demo:
        gr.api(double)
    from blocks_app.page.openapi import openapi_document

    made = gr.load_openapi(openapi_document(demo, "http://here"), "http://here", methods=["post"])
    assert "/post__gradio_api_call_v2_double" in made.get_api_info()["named_endpoints"]
