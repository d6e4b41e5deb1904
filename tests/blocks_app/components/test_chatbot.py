"""Chatbot: two formats of a conversation, files, components and thoughts in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

import blocks_app as gr
from blocks_app.components.chatbot import parts
from blocks_app.files import file_data
from blocks_app.running.call import Call, Step, call_context
from blocks_app.running.steps import step_between
from blocks_app.running.updates import diff


def text(words: str) -> dict[str, str]:
    return {"text": words, "type": "text"}


def message(role: str, *content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "metadata": None, "content": list(content), "options": None, **more}


def test_a_function_gets_the_format_that_it_gave() -> None:
    chat = gr.Chatbot()
    pairs: list[Any] = [["Hi", "Hello!"], ["Bye", None]]
    assert chat.preprocess(chat.postprocess(pairs)) == pairs
    said = [message("user", text("Hi")), message("assistant", text("Hello!"))]
    assert chat.preprocess(chat.postprocess(said)) == said
    assert chat.preprocess(None) == chat.postprocess(None) == []


def test_messages_are_dicts_and_chat_messages() -> None:
    wire = gr.Chatbot().postprocess(
        [
            {"role": "user", "content": "  Hi"},
            gr.ChatMessage(
                "A", metadata={"title": "Thinking", "duration": np.float64(1.5)}, options=[{"value": "Yes"}]
            ),
            gr.Message("assistant", ["B", text("C")]),
        ]
    )
    assert wire == [
        message("user", text("Hi")),
        message("assistant", text("A"), metadata={"title": "Thinking", "duration": 1.5}, options=[{"value": "Yes"}]),
        message("assistant", text("B"), text("C")),
    ]


def test_the_type_of_messages_gives_plain_content(tmp_path: Path) -> None:
    chat = gr.Chatbot(type="messages")
    file = tmp_path / "a.txt"
    file.write_text("a")
    wire = chat.postprocess([{"role": "user", "content": "Hi"}, {"role": "user", "content": {"path": str(file)}}])
    assert [each["content"] for each in chat.preprocess(wire)] == ["Hi", (str(file),)]
    with pytest.raises(gr.Error, match='messages with "role"'):
        chat.postprocess([["Hi", "Hello!"]])
    with pytest.raises(gr.Error, match="pairs of texts"):
        gr.Chatbot(type="tuples").preprocess(wire)


@pytest.mark.parametrize(
    "value",
    [
        "Hi", {"role": "user", "content": "Hi"}, 3, [["a"]], [["a", "b", "c"]], [["a", 3]], [[("",), None]],
        [{"role": "user"}],
        [{"role": 1, "content": "a"}], [{"role": "user", "content": None}], [{"role": "user", "content": {"path": 3}}],
        [["a", "b"], {"role": "user", "content": "c"}], [{"role": "user", "content": "c"}, ["a", "b"]],
        [{"role": "user", "content": "a", "metadata": {"status": "lost"}}],
        [{"role": "user", "content": "a", "options": ["Yes"]}],
    ],
)  # fmt: skip
def test_what_is_no_conversation_is_refused_in_words(value: Any) -> None:
    chat = gr.Chatbot(label="Talk")
    for convert in (chat.preprocess, chat.postprocess):
        with pytest.raises((gr.Error, file_data.InvalidPathError)):
            convert(value)


def test_files_come_with_their_kind_and_description(tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"png")
    chat = gr.Chatbot()
    wire = chat.postprocess([[(str(picture), "A cat"), None], [("https://example.org/a.mp3",), None]])
    assert wire[0][0]["alt_text"] == "A cat"
    assert [wire[0][0]["file"]["mime_type"], wire[1][0]["file"]["mime_type"]] == ["image/png", "audio/mpeg"]
    assert chat.preprocess(wire) == [[(str(picture), "A cat"), None], [("https://example.org/a.mp3",), None]]
    said = chat.postprocess([{"role": "user", "content": ["Look", {"path": picture, "alt_text": "A cat"}]}])
    got = chat.preprocess(said)[0]["content"][1]
    assert (got["file"]["path"], got["alt_text"], got["type"]) == (str(picture), "A cat", "file")
    assert chat.postprocess(chat.preprocess(said)) == said


def test_thoughts_stand_between_tags() -> None:
    chat = gr.Chatbot(reasoning_tags=[("<think>", "</think>"), ("[", "]")])
    wire = chat.postprocess([{"role": "assistant", "content": "Well <think>2+2</think> it is 4 [or <b>"}])
    assert [(each["content"][0]["text"], each["metadata"]) for each in wire] == [
        ("Well", None),
        ("2+2", {"title": "Reasoning", "status": "done"}),
        ("it is 4", None),
        ("or <b>", {"title": "Reasoning", "status": "pending"}),
    ]


def test_a_component_comes_back_as_it_was_sent_and_only_so() -> None:
    chat = gr.Chatbot()
    said: list[Any] = [{"role": "assistant", "content": gr.Label({"cat": 1.0}, label="Animal")}]
    wire = chat.postprocess(said)
    part = wire[0]["content"][0]
    assert (part["component"], part["value"]["label"], part["props"]["label"]) == ("label", "cat", "Animal")
    assert part["element"]["tag"] == "gr-label"
    assert chat.postprocess(said) == wire
    got = chat.preprocess(wire)
    assert isinstance(got[0]["content"][0]["instance"], gr.Label)
    assert chat.postprocess(got) == wire
    part["props"]["label"] = "Another"
    for convert in (chat.preprocess, chat.postprocess):
        with pytest.raises(gr.Error, match="was not made here"):
            convert(wire)


def test_components_of_a_first_value_leave_the_page() -> None:
    with gr.Blocks() as demo:
        gr.Chatbot([{"role": "assistant", "content": [gr.Label("cat")]}])
    assert [block["type"] for block in demo.get_config_file()["components"]] == ["chatbot"]


def test_a_yield_sends_what_was_added() -> None:
    chat = gr.Chatbot()
    history: list[Any] = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "On"}]
    before = chat.postprocess(history)
    history[1]["content"] += "ce"
    assert diff(before, chat.postprocess(history)) == [["append", [1, "content", 0, "text"], "ce"]]
    assert diff(chat.postprocess([["Hi", "On"]]), chat.postprocess([["Hi", "Once"]])) == [["append", [0, 1], "ce"]]


def test_the_schema_is_that_of_the_format() -> None:
    assert gr.Chatbot().api_info()["title"] == "ChatbotData"
    assert gr.Chatbot(type="messages").api_info()["title"] == "ChatbotDataMessages"
    assert gr.Chatbot([{"role": "user", "content": "Hi"}]).example_payload()[0]["role"] == "user"


class Untold:
    """Its own `__repr__` fails."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("wrong", [Untold(), [Untold()], [{"role": "user", "content": Untold()}], [("Hi", Untold())]])
def test_what_cannot_even_be_told_is_refused_in_words(wrong: object) -> None:
    with pytest.raises(gr.Error, match="Chatbot: .* (Untold|list)"):
        gr.Chatbot().postprocess(wrong)


def test_a_yield_sends_what_was_added_to_a_conversation() -> None:
    def answer() -> Iterator[list[Any]]:
        history = [{"role": "user", "content": "Hello! " * 50} for _ in range(200)]
        history.append({"role": "assistant", "content": ""})
        for word in ("One", " more", " word"):
            history[-1]["content"] += word
            yield history

    with gr.Blocks() as demo:
        gr.Button().click(answer, None, gr.Chatbot())
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
    try:
        asked = {"data": [], "fn_index": 0, "session_hash": "chat"}
        httpx.post(f"{url}queue/join", json=asked).raise_for_status()
        lines = httpx.get(f"{url}queue/data?session_hash=chat", timeout=30).text.splitlines()
    finally:
        demo.close(verbose=False)
    messages = [json.loads(line[5:]) for line in lines if line.startswith("data:")]
    steps = [each["output"]["data"][0] for each in messages if each["msg"] == "process_generating"]
    assert len(steps[0]) == 201
    assert steps[1:3] == [[["append", [200, "content", 0, "text"], word]] for word in (" more", " word")]


def talk_of(component: gr.Chatbot, values: Iterable[Any]) -> list[Step]:
    """What a generator's yields are on the wire, one after the other."""
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, None, component.render())
    call = Call(demo.dependencies[0], [], differs=True)
    return [call_context(call).run(step_between, call, value, 0.0) for value in values]


def told(step: Step) -> Any:
    """All values of a step."""
    assert step.encoded is not None
    return json.loads(bytes(step.encoded.raw()))


def test_only_messages_that_have_changed_are_converted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(parts, "to_wire", lambda owner, content: made.append(content) or text(str(content)))
    history: list[Any] = [{"role": "user", "content": f"message {number}"} for number in range(1000)]

    def words() -> Iterator[list[Any]]:
        for word in range(100):
            history[-1]["content"] += f" {word}"
            yield history

    steps = talk_of(gr.Chatbot(), words())
    assert len(made) == 2 * 1000 + 98
    assert told(steps[-1])[0] == [message("user", text(each["content"])) for each in history]
    assert json.loads(steps[-1].edits or "") == [[["append", [999, "content", 0, "text"], " 99"]]]


def test_messages_that_change_in_place_in_any_way_are_seen() -> None:
    chat = gr.Chatbot(reasoning_tags=[("<t>", "</t>")])
    history: list[Any] = [
        {"role": "user", "content": "Hi"}, gr.ChatMessage("On", metadata={"title": "T", "id": 1}),
        {"role": "assistant", "content": [text("a"), "b"]}, {"role": "assistant", "content": "<t>Hm</t>Yes"},
    ]  # fmt: skip
    first = history[0]
    changes: list[Callable[[], Any]] = [
        lambda: None, lambda: None, lambda: setattr(history[1], "content", "On!"),
        lambda: history.insert(1, dict(first)),
        lambda: history[2].metadata.update(status="done"), lambda: history[2].options.append({"value": "x"}),
        lambda: history[3]["content"].append("c"), lambda: history[3]["content"][0].update(text="z"),
        lambda: history[4].update(content="<t>Hm</t>Yes!"), lambda: history.pop(0), history.reverse, history.clear,
        lambda: history.append({"role": "user", "content": "Hi"}),
    ]  # fmt: skip

    def values() -> Iterator[Any]:
        for change in changes:
            change()
            wanted.append(gr.Chatbot(reasoning_tags=chat.reasoning_tags).postprocess(history))
            yield history

    wanted: list[Any] = []
    steps = talk_of(chat, values())
    assert [told(step) for step in steps] == [[each] for each in wanted]


@pytest.mark.parametrize("wrong", [np.array(["Hi", "Hi"]), np.array("Hi"), Untold(), True, None, b"Hi", {"path": 3}])
def test_a_message_that_becomes_none_is_refused_also_after_others(wrong: object) -> None:
    history: list[Any] = [{"role": "user", "content": "Hi"}]

    def values() -> Iterator[Any]:
        yield from (history, history, history)
        history[0]["content"] = wrong
        yield history

    with pytest.raises(gr.Error, match="Chatbot: "):
        talk_of(gr.Chatbot(), values())


def test_a_class_that_changes_what_it_converts_starts_from_the_messages_each_time() -> None:
    class Shouting(gr.Chatbot):
        def postprocess(self, value: Any) -> list[Any]:
            wire = super().postprocess(value)
            wire[0]["content"][0]["text"] += "!"
            return [*wire, message("user", text("end"))]

    history = [{"role": "user", "content": "Hi"}]
    steps = talk_of(Shouting(), [history] * 4)
    assert [told(step)[0][0]["content"] for step in steps] == [[text("Hi!")]] * 4
