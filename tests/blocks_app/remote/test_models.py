"""gr.load of models: forms by what the hub says that they are for, against a stand-in of the hub."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.remote.models import TASKS
from queue_app.testing import PageUser
from tests.client.conftest import Exchange, Faulty, serving

PICTURE = gr.get_image("cheetah1.jpg")
SOUND = gr.get_audio("cantina.wav")


@pytest.fixture(scope="module")
def served() -> Iterator[Faulty]:
    with serving() as server:
        yield server


@pytest.fixture
def hub(served: Faulty, monkeypatch: pytest.MonkeyPatch) -> Faulty:
    """The hub, and where models are asked: `told` is what they were sent."""
    served.answers.clear()
    served.seen.clear()
    monkeypatch.setenv("HF_ENDPOINT", served.base.rstrip("/"))
    monkeypatch.setenv("HF_INFERENCE_ENDPOINT", f"{served.base}hf-inference")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return served


def model(hub: Faulty, task: str, answer: Any, *tags: str, **headers: str) -> list[Any]:
    """A model for a task that answers so; what it will be told."""
    told: list[Any] = []

    def say(exchange: Exchange) -> None:
        kind = exchange.headers["content-type"]
        told.append(json.loads(exchange.body) if kind == "application/json" else (kind, exchange.body))
        exchange.say(answer, **headers)

    hub.answers["/api/models/ann/m"] = lambda exchange: exchange.say({"pipeline_tag": task, "tags": list(tags)})
    for end in ("/hf-inference/models/ann/m", "/pipeline/" + task, "/chat/completions"):
        hub.answers[end] = say
    return told


SCORES = [{"label": "cat", "score": 0.9}, {"label": "dog", "score": 0.1}]
BOX = {"label": "cat", "score": 1.0, "box": {"xmin": 0, "ymin": 1, "xmax": 2, "ymax": 3}}


@pytest.mark.parametrize(
    ("task", "given", "answer", "told", "shown"),
    [
        ("text-classification", ["hi"], [SCORES], {"inputs": "hi"}, "cat"),
        ("summarization", ["long"], [{"summary_text": "short"}], {"inputs": "long"}, "short"),
        ("translation", ["hi"], [{"translation_text": "salut"}], {"inputs": "hi"}, "salut"),
        ("text-generation", ["once"], [{"generated_text": "once upon"}], {"inputs": "once"}, "once upon"),
        (
            "question-answering",
            ["text", "who?"],
            {"answer": "Ada", "score": 0.5},
            {"inputs": {"context": "text", "question": "who?"}},
            "Ada",
        ),
        (
            "zero-shot-classification",
            ["hi", "cat, dog", False],
            SCORES,
            {"inputs": "hi", "parameters": {"candidate_labels": ["cat", "dog"], "multi_label": False}},
            "cat",
        ),
        (
            "sentence-similarity",
            ["a", "b\nc"],
            [0.5, 0.25],
            {"inputs": {"source_sentence": "a", "sentences": ["b", "c"]}},
            [0.5, 0.25],
        ),
        ("feature-extraction", ["hi"], [[1, 2]], {"inputs": "hi"}, None),
    ],
)
def test_a_model_is_asked_as_its_task_wants(
    hub: Faulty, task: str, given: list[Any], answer: Any, told: Any, shown: Any
) -> None:
    heard = model(hub, task, answer)
    app = gr.load("models/ann/m", token="hf_mine")
    assert isinstance(app, gr.Interface) and app.title == "ann/m" and list(app.get_api_info()["named_endpoints"])
    found = app(*given)
    found = found[0] if isinstance(found, list) and task == "question-answering" else found
    assert heard == [told]
    assert shown is None or (found["label"] if isinstance(found, dict) else found) == shown
    assert {each["authorization"] for _, _, each in hub.seen} == {"Bearer hf_mine"}
    assert "hf_mine" not in json.dumps(app.get_config_file(), default=str)


def test_pictures_and_sounds_go_and_come_as_files(hub: Faulty) -> None:
    content = Path(PICTURE).read_bytes()
    heard = model(hub, "image-classification", SCORES)
    assert gr.load("ann/m", src="models")(PICTURE)["label"] == "cat"
    assert heard == [("image/jpeg", content)]
    model(hub, "object-detection", [BOX])
    assert gr.load("models/ann/m")(PICTURE)["annotations"][0]["label"] == "cat"
    model(hub, "text-to-image", content, content_type="image/jpeg")
    assert Path(gr.load("huggingface/ann/m")("a cat")["path"]).stat().st_size
    sound = {"blob": base64.b64encode(Path(SOUND).read_bytes()).decode(), "content-type": "audio/wav"}
    model(hub, "audio-to-audio", [sound])
    assert Path(gr.load("models/ann/m")(SOUND)["path"]).suffix == ".wav"
    heard = model(hub, "image-text-to-text", {"choices": [{"message": {"content": "a cat"}}]})
    assert gr.load("models/ann/m")(PICTURE, "what?") == "a cat"
    assert heard[0]["messages"][0]["content"][1] == {"type": "text", "text": "what?"}


def test_a_model_that_converses_is_a_chat(hub: Faulty) -> None:
    model(
        hub,
        "text-generation",
        b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\ndata: [DONE]\n\n',
        "conversational",
    )
    app = gr.load("models/ann/m", title="Mine")
    assert isinstance(app, gr.ChatInterface) and app.title == "Mine"
    box = next(each for each in app.blocks.values() if isinstance(each, gr.Textbox))
    with PageUser(app) as page:
        page.set(box, "Hi")
        page.submit(box)
        assert "Hello" in str(page.value(app.chatbot)[-1]["content"])


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (401, "wants a token"),
        (429, "too much to do"),
        (503, "not ready yet"),
        (500, "answered 500"),
        (302, "answered 302"),
    ],
)
def test_a_model_that_refuses_is_told_in_plain_words(hub: Faulty, status: int, text: str) -> None:
    model(hub, "text-classification", {})
    app = gr.load("models/ann/m")
    hub.answers["/hf-inference/models/ann/m"] = lambda exchange: exchange.say(
        {}, status, location="http://127.0.0.1:9/"
    )
    with pytest.raises(gr.Error, match=text):
        app("hi")
    hub.answers["/hf-inference/models/ann/m"] = lambda exchange: exchange.say(b"no json")
    with pytest.raises(gr.Error, match="not understood"):
        app("hi")


def test_what_has_no_form_is_told_when_the_app_is_declared(hub: Faulty) -> None:
    model(hub, "tabular-regression", {})
    with pytest.raises(DeclarationError, match="no form for ann/m, which the hub says is for tabular-regression"):
        gr.load("models/ann/m")
    model(hub, "summarization", {})
    with pytest.raises(DeclarationError, match="'hf-inference' alone"):
        gr.load("models/ann/m", provider="replicate")
    hub.answers["/api/models/ann/m"] = lambda exchange: exchange.say({}, 404)
    with pytest.raises(DeclarationError, match="there is no model ann/m"):
        gr.load("models/ann/m")


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_task_has_a_form(hub: Faulty, task: str) -> None:
    model(hub, task, {})
    assert gr.load("models/ann/m").get_config_file()["dependencies"]
