"""Over real HTTP: a connection that is cut in the middle of a stream, and a reader that goes on where it was."""

from __future__ import annotations

import itertools
import json
import queue
import socket
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

import blocks_app as gr
from blocks_app.running.updates import apply_edits
from tests.serving import serving

PATIENCE = 60
WORDS = [f"w{number} " for number in range(12)]


class Story:
    """A stream whose next word the test gives; None ends it."""

    def __init__(self) -> None:
        self.words: queue.Queue[str | None] = queue.Queue()
        self.runs = 0
        with gr.Blocks() as self.demo:
            out = gr.Textbox()
            gr.Button().click(self.tell, None, out, api_name="tell")

    def tell(self) -> Iterator[str]:
        self.runs += 1
        text = ""
        while (word := self.words.get(timeout=PATIENCE)) is not None:
            text += word
            yield text

    def say(self, *words: str | None) -> None:
        for word in words:
            self.words.put(word)


class Stream:
    """One request whose answer is read line by line from a socket of our own, so that it can be cut."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def __init__(self, url: str, path: str, **headers: str) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 80), PATIENCE)
        named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"GET /{path} HTTP/1.0\r\nHost: localhost\r\n{named}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass
        self.lines: list[bytes] = []

    def messages(self) -> Iterator[tuple[int | None, dict[str, Any]]]:
        """Each message with its number, None where it has none, until the server ends the stream."""
        number = None
        for line in self.file:
            self.lines.append(line)
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"data: "):
                yield number, json.loads(line[6:])

    def cut(self) -> None:
        """Break the connection without a word of good-bye."""
        if self.socket.fileno() < 0:
            return
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.file.close()
        self.socket.close()


def post(url: str, path: str, body: Any) -> Any:
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


class Page:
    """What a reader has heard, and the text that it adds up to."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.text = ""
        self.steps: list[str] = []
        self.ends = 0

    def receive(self, number: int | None, message: dict[str, Any]) -> None:
        if number is not None and message["msg"] != "close_stream":
            self.numbers.append(number)
        if message["msg"] == "process_generating":
            value = message["output"]["data"][0]
            self.text = apply_edits(self.text, value) if message.get("diff") else value
            self.steps.append(self.text)
        elif message["msg"] == "process_completed":
            self.ends += 1
            assert message["output"]["data"] == ["".join(WORDS)]

    def check(self) -> None:
        """Every message once and in order, and every step."""
        assert self.numbers == sorted(set(self.numbers))
        assert self.steps == ["".join(WORDS[: length + 1]) for length in range(len(WORDS))]
        assert self.ends == 1


serve = pytest.fixture(serving)


@pytest.fixture
def story() -> Iterator[Story]:
    made = Story()
    yield made
    made.say(None)


def test_a_stream_with_numbers_goes_on_after_every_cut(serve: Callable[[gr.Blocks], str], story: Story) -> None:
    url, page = serve(story.demo), Page()
    post(url, "queue/join", {"data": [], "fn_index": 0, "session_hash": "s"})
    headers = {"X_Blocks_Numbers": "1"}
    for start in range(0, len(WORDS), 3):
        stream = Stream(url, "queue/data?session_hash=s", **headers)
        story.say(*WORDS[start : start + 2])
        for number, message in stream.messages():
            page.receive(number, message)
            if len(page.steps) >= start + 2:
                break
        stream.cut()
        story.say(WORDS[start + 2])  # while nobody reads
        headers = {"Last_Event_ID": str(page.numbers[-1])}
    story.say(None)
    with Stream(url, "queue/data?session_hash=s", **headers) as last:
        for number, message in last.messages():
            page.receive(number, message)
    page.check()
    assert story.runs == 1 and b"close_stream" in last.lines[-2]


def test_a_reader_that_comes_back_twice_from_the_same_place_hears_the_same(
    serve: Callable[[gr.Blocks], str], story: Story
) -> None:
    url = serve(story.demo)
    post(url, "queue/join", {"data": [], "fn_index": 0, "session_hash": "s"})
    story.say(*WORDS)
    first = Stream(url, "queue/data?session_hash=s", X_Blocks_Numbers="1")
    seen = next(number for number, message in first.messages() if message["msg"] == "process_generating")
    first.cut()
    story.say(None)
    received = []
    for _ in range(2):
        stream = Stream(url, "queue/data?session_hash=s", Last_Event_ID=str(seen))
        received.append([(number, message) for number, message in stream.messages() if number is not None])
        stream.cut()
    completions = [[number for number, message in each if message["msg"] == "process_completed"] for each in received]
    assert completions[0] == completions[1] and len(completions[0]) == 1
    assert all(number > seen for each in received for number, _ in each if number is not None)


def test_who_asks_for_no_numbers_gets_data_lines_alone(serve: Callable[[gr.Blocks], str], story: Story) -> None:
    url = serve(story.demo)
    post(url, "queue/join", {"data": [], "fn_index": 0, "session_hash": "s"})
    story.say(*WORDS, None)
    with Stream(url, "queue/data?session_hash=s", User_Agent="gradio_client/2.7.2") as stream:
        kinds = [message["msg"] for _, message in stream.messages()]
    assert kinds[-2:] == ["process_completed", "close_stream"]
    assert all(line == b"\n" or line.startswith(b"data: {") for line in stream.lines)


def test_long_polling_goes_on_after_every_cut(serve: Callable[[gr.Blocks], str], story: Story) -> None:
    url, page, after = serve(story.demo), Page(), 0
    frame = {"type": "submit", "event_id": "e" * 32, "fn_index": 0, "data": []}
    assert post(url, "queue/poll?session_hash=s", [frame])[0]["type"] == "accepted"
    words = iter([*WORDS, None])
    while not page.ends:
        for word in itertools.islice(words, 2):
            story.say(word)
        Stream(url, f"queue/poll?session_hash=s&after={after}").cut()  # this answer is lost on its way
        with urllib.request.urlopen(f"{url}queue/poll?session_hash=s&after={after}", timeout=PATIENCE) as answer:
            for number, message in json.load(answer)["items"]:
                page.receive(number, message)
                after = number
    page.check()
    assert story.runs == 1
