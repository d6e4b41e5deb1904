"""`gr.load_chat` against a server that speaks as OpenAI's does, and against servers that fail in every way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.files.file_data import default_store
from queue_app.testing import PageUser

PNG = str(Path(gr.get_image()).resolve())


class Model:
    """A server; `answer` decides what it does with a request."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.status = 200
        self.lines: list[bytes] = []
        self.whole: Any = None
        self.cut = False

    def words(self, *words: str, **more: Any) -> None:
        """Stream these."""
        chunks = [{"choices": [{"delta": {"content": word}}]} for word in words]
        first = [{"choices": [{"delta": more}]}] if more else []
        self.lines = [
            b": a comment",
            *(self.event(each) for each in [*first, *chunks, {"choices": []}]),
            b"data: [DONE]",
        ]

    @staticmethod
    def event(data: Any) -> bytes:
        return b"data: " + json.dumps(data, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Model, str]]:
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            model.tokens.append(self.headers["Authorization"])
            assert self.path == "/v1/chat/completions"
            body = b"".join(line + b"\n\n" for line in model.lines)
            if model.whole is not None:
                body = json.dumps(model.whole).encode()
            self.send_response(model.status)
            self.send_header("Content-Length", str(len(body) + (100 if model.cut else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield model, f"http://127.0.0.1:{http.server_port}/v1/"
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def model(server: tuple[Model, str]) -> Model:
    server[0].__init__()  # type: ignore[misc]
    return server[0]


@pytest.fixture
def url(server: tuple[Model, str]) -> str:
    return server[1]


def ask(page: PageUser, demo: gr.ChatInterface, text: str, *files: str) -> None:
    store = default_store()
    sent = [{"path": store.save(Path(each), Path(each).name).path} for each in files]
    page.set(demo.textbox, {"text": text, "files": sent} if demo.multimodal else text)
    page.submit(demo.textbox)


def texts(page: PageUser, demo: gr.ChatInterface) -> list[str]:
    return [part["text"] for each in page.value(demo.chatbot) for part in each["content"] if part["type"] == "text"]


def test_an_answer_is_streamed_and_the_conversation_is_told(model: Model, url: str) -> None:
    demo = gr.load_chat(url, "small", "secret", system_message="Be brief.", file_types=None)
    with PageUser(demo) as page:
        model.words("Hel", "lo\u2028", "\x85 you")
        ask(page, demo, "Hi")
        assert texts(page, demo) == ["Hi", "Hello\u2028\x85 you"]
        assert len(page.history(demo.chatbot)) >= 3
        model.words("Bye")
        ask(page, demo, "And?")
    first = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    assert model.asked[0] == {"model": "small", "messages": first, "stream": True}
    told = [{"role": "assistant", "content": "Hello\u2028\x85 you"}, {"role": "user", "content": "And?"}]
    assert model.asked[1]["messages"] == first + told
    assert model.tokens == ["Bearer secret"] * 2


def test_an_answer_may_come_at_once(model: Model, url: str) -> None:
    demo = gr.load_chat(url, "small", streaming=False, file_types=None)
    model.whole = {"choices": [{"message": {"content": "Hello"}}]}
    with PageUser(demo) as page:
        ask(page, demo, "Hi")
        assert texts(page, demo) == ["Hi", "Hello"]
    assert model.tokens == [None] and model.asked[0]["stream"] is False


def test_files_go_along_as_text_and_as_pictures(model: Model, url: str, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("In it.")
    demo = gr.load_chat(url, "small", file_types=["text_encoded", "image"])
    model.words("Seen")
    with PageUser(demo) as page:
        ask(page, demo, "Look", str(note), PNG)
        ask(page, demo, "Again")
    text, picture, said = model.asked[0]["messages"][0]["content"]
    assert "In it." in text["text"] and picture["image_url"]["url"].startswith("data:image/")
    assert said == {"type": "text", "text": "Look"}
    assert model.asked[1]["messages"][0]["content"] == [text, picture, said]


def test_what_a_model_thinks_is_folded_away_and_not_told_again(model: Model, url: str) -> None:
    demo = gr.load_chat(url, "small", file_types=None)
    model.words("So", reasoning_content="Hm.")
    with PageUser(demo) as page:
        ask(page, demo, "Hi")
        shown = page.value(demo.chatbot)
        assert [(each["metadata"] or {}).get("status") for each in shown] == [None, "done", None]
        ask(page, demo, "And?")
    assert [each["content"] for each in model.asked[1]["messages"]] == ["Hi", "So", "And?"]


@pytest.mark.parametrize(
    ("status", "whole", "lines", "sentence"),
    [
        (
            401,
            {"error": {"message": "bad key sk-123"}},
            [],
            "The model's server does not accept the token of this app.",
        ),
        (404, {}, [], "The model's server does not know 'small', or is not there."),
        (429, {}, [], "The model has too much to do. Try again in a moment."),
        (400, {"error": {"message": "too long"}}, [], "The model's server answered 400: too long"),
        (500, ["?"], [], "The model's server answered 500: Internal Server Error"),
        (200, None, [b"data: {"], "The model's server answered something that is not understood."),
        (200, None, [b"data: []"], "The model's server answered something that is not understood."),
        (200, None, [b'data: {"error": "out of memory"}'], "The model failed: out of memory"),
        (200, None, [b"data: [DONE]"], "The model gave no answer."),
        (200, None, [b"cut"], "The connection to the model was lost."),
    ],
)
def test_what_goes_wrong_is_told_in_words(
    model: Model, url: str, status: int, whole: Any, lines: list[bytes], sentence: str
) -> None:
    model.status, model.whole, model.lines, model.cut = status, whole, lines, lines == [b"cut"]
    demo = gr.load_chat(url, "small", file_types=None)
    with PageUser(demo) as page:
        ask(page, demo, "Hi")
        assert page.errors == [sentence]
        assert page.prop(demo.textbox, "interactive")


def test_an_answer_that_breaks_off_stays(model: Model, url: str) -> None:
    model.lines, model.cut = [Model.event({"choices": [{"delta": {"content": "Half"}}]})], True
    demo = gr.load_chat(url, "small", file_types=None)
    with PageUser(demo) as page:
        ask(page, demo, "Hi")
        assert texts(page, demo) == ["Hi", "Half"]
        assert page.errors == ["The connection to the model was lost."]


def test_a_server_that_is_not_there_is_told_in_words() -> None:
    demo = gr.load_chat("http://127.0.0.1:9/v1", "small", file_types=None)
    with PageUser(demo) as page:
        ask(page, demo, "Hi")
        assert page.errors == ["The model cannot be reached."]


@pytest.mark.parametrize(("url", "options"), [("localhost/v1", {}), ("http://x/v1", {"file_types": "sound"})])
def test_what_makes_no_sense_is_told_when_it_is_declared(url: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"is an address such as|Invalid file type"):
        gr.load_chat(url, "small", **options)
