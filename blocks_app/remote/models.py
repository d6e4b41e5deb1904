"""Models of the hub as Interfaces, by what the hub says that they are for: `gr.load("models/owner/name")`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blocks_app.blocks import Blocks
from blocks_app.components import JSON, Audio, Image, Textbox
from blocks_app.exceptions import DeclarationError
from blocks_app.interfaces.interface import Interface
from blocks_app.interfaces.load_chat import load_chat
from blocks_app.interfaces.pipelines.kinds import PipelineKind
from blocks_app.interfaces.pipelines.transformers import KINDS
from blocks_app.remote.inference import Inference, hub_says
from blocks_app.tree.component import Component


@dataclass(frozen=True)
class Task:
    """What a model is for: how it is shown and read, and how it wants to be asked."""

    kind: PipelineKind
    #: Asks the model with the values of the inputs, and gives what the kind reads.
    ask: Callable[..., Any]


def _text(label: str, lines: int = 1) -> Component:
    return Textbox(label=label, lines=lines, render=False)


def _picture(label: str) -> Component:
    return Image(type="filepath", label=label, render=False)


def _as_it_is(found: Any) -> Any:
    return found


_SIMILAR = PipelineKind(
    lambda: [_text("Source Sentence"), _text("Sentences to compare to, one in each line", 7)],
    lambda: [JSON(label="Similarity scores", render=False)],
    _as_it_is,
    (None, "sentences"),
    change={1: str.splitlines},
)
_DRAWN = PipelineKind(lambda: [_text("Input")], lambda: [_picture("Output")], _as_it_is)
_SPOKEN = PipelineKind(lambda: [_text("Input")], lambda: [Audio(label="Audio", render=False)], _as_it_is)
_CHANGED_SOUND = PipelineKind(
    lambda: [Audio(type="filepath", label="Input", render=False)],
    lambda: [Audio(label="Output", render=False)],
    _as_it_is,
)
_REDRAWN = PipelineKind(
    lambda: [_picture("Input Image"), _text("Input")], lambda: [_picture("Output")], _as_it_is, (None, "prompt")
)
_SEEN = PipelineKind(
    lambda: [_picture("Input Image"), _text("Input Text")],
    lambda: [_text("Generated Text")],
    _as_it_is,
    ("image", "text"),
)


def _of(name: str) -> PipelineKind:
    return KINDS[f"{name}Pipeline"]


TASKS: dict[str, Task] = {
    "audio-classification": Task(_of("AudioClassification"), Inference.file),
    "audio-to-audio": Task(_CHANGED_SOUND, Inference.made_of_file),
    "automatic-speech-recognition": Task(_of("AutomaticSpeechRecognition"), Inference.file),
    "document-question-answering": Task(_of("DocumentQuestionAnswering"), Inference.record),
    "feature-extraction": Task(_of("FeatureExtraction"), Inference.features),
    "fill-mask": Task(_of("FillMask"), Inference.text),
    "image-classification": Task(_of("ImageClassification"), Inference.file),
    "image-text-to-text": Task(_SEEN, Inference.conversation),
    "image-to-image": Task(_REDRAWN, Inference.made_of_file),
    "image-to-text": Task(_of("ImageToText"), Inference.file),
    "object-detection": Task(_of("ObjectDetection"), Inference.file),
    "question-answering": Task(_of("QuestionAnswering"), Inference.record),
    "sentence-similarity": Task(_SIMILAR, Inference.similarity),
    "summarization": Task(_of("Summarization"), Inference.text),
    "text-classification": Task(_of("TextClassification"), Inference.text),
    "text-generation": Task(_of("TextGeneration"), Inference.text),
    "text-to-image": Task(_DRAWN, Inference.made_of_text),
    "text-to-speech": Task(_SPOKEN, Inference.made_of_text),
    "text2text-generation": Task(_of("Text2TextGeneration"), Inference.text),
    "token-classification": Task(_of("TokenClassification"), Inference.text),
    "translation": Task(_of("Translation"), Inference.text),
    "visual-question-answering": Task(_of("VisualQuestionAnswering"), Inference.record),
    "zero-shot-classification": Task(_of("ZeroShotClassification"), Inference.ranking),
}


def load_model(name: str, token: str | None, provider: str | None, kwargs: dict[str, Any]) -> Blocks:
    """An Interface of a model, or a ChatInterface of one that talks.

    Raises:
        DeclarationError: there is no such model, or none for which there is a form.
    """
    purpose, tags = hub_says(name, token)
    others = provider not in (None, "auto", "hf-inference")
    if purpose == "text-generation" and "conversational" in tags:
        base = f"{_router()}/v1/" if others else f"{inference_address()}/models/{name}/v1/"
        options = {"title": name, "file_types": None, **kwargs}
        return load_chat(base, f"{name}:{provider}" if others else name, token, **options)
    task = TASKS.get(purpose)
    if task is None:
        raise DeclarationError(
            f"gr.load() has no form for {name}, which the hub says is for {purpose or 'nothing'}. Known are "
            f"{', '.join(sorted(TASKS))}; call any other in a function of your own gr.Interface."
        )
    if others:
        raise DeclarationError(
            f"gr.load(provider={provider!r}): models that do not converse are asked of 'hf-inference' alone, since "
            "each provider speaks its own language. Call it in a function of your own gr.Interface."
        )
    model = Inference(f"{inference_address()}/models/{name}", token, purpose)

    def ask(*args: Any, **named: Any) -> Any:
        return task.ask(model, *args, **named)

    def predict(*values: Any) -> Any:
        return task.kind.call(ask, values)

    options = {"title": name, "api_name": "predict", "concurrency_limit": None, **kwargs}
    fn, inputs = options.pop("fn", predict), options.pop("inputs", None)
    outputs = options.pop("outputs", None)
    return Interface(fn, inputs or task.kind.inputs(), outputs or task.kind.outputs(), **options)


def inference_address() -> str:
    """Where models are asked: `HF_INFERENCE_ENDPOINT`, or the public one."""
    return (os.environ.get("HF_INFERENCE_ENDPOINT") or "https://router.huggingface.co/hf-inference").rstrip("/")


def _router() -> str:
    return inference_address().removesuffix("/hf-inference")
