"""The kinds of pipelines of `transformers`, by the names of their classes; a derived class is what it derives from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocks_app.components import AnnotatedImage, Audio, Checkbox, Dataframe, HighlightedText, Image, Label, Textbox
from blocks_app.interfaces.pipelines.kinds import PipelineKind
from blocks_app.tree.component import Component


def _text(label: str = "Input", lines: int = 1) -> Callable[[], Component]:
    return lambda: Textbox(label=label, lines=lines, render=False)


def _picture(label: str = "Input Image") -> Callable[[], Component]:
    return lambda: Image(type="filepath", label=label, render=False)


def _sound() -> Component:
    return Audio(type="filepath", label="Input", render=False)


def _classes(label: str = "Classification") -> Callable[[], Component]:
    return lambda: Label(label=label, render=False)


def _each(*parts: Callable[[], Component]) -> Callable[[], list[Component]]:
    return lambda: [make() for make in parts]


def _first(found: Any) -> Any:
    """The result of one input: pipelines that were made to give all of them nest it once more."""
    while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    return found


def _scores(name: str) -> Callable[[Any], dict[str, float]]:
    def read(found: Any) -> dict[str, float]:
        results = _first(found)
        return {each[name]: each["score"] for each in ([results] if isinstance(results, dict) else results)}

    return read


def _field(name: str) -> Callable[[Any], Any]:
    def read(found: Any) -> Any:
        results = _first(found)
        return (results if isinstance(results, dict) else results[0])[name]

    return read


def _generated(found: Any) -> Any:
    """The text; of a conversation that was given as messages, the last one's."""
    text = _field("generated_text")(found)
    return text[-1]["content"] if isinstance(text, list) else text


def _answer(found: Any) -> tuple[Any, Any]:
    result = _first(found)
    result = result[0] if isinstance(result, list) else result
    return result["answer"], str(result["score"])


def _entities(found: Any, text: str) -> dict[str, Any]:
    entities = [{**each, "entity": each.get("entity", each.get("entity_group"))} for each in _first(found)]
    return {"text": text, "entities": entities}


def _ranked(found: Any) -> dict[str, float]:
    result = _first(found)
    result = result[0] if isinstance(result, list) else result
    return dict(zip(result["labels"], result["scores"]))


def _boxes(found: Any, picture: str) -> tuple[str, list[tuple[tuple[int, int, int, int], str]]]:
    boxes = [(each["box"], each["label"]) for each in _first(found)]
    return picture, [((box["xmin"], box["ymin"], box["xmax"], box["ymax"]), label) for box, label in boxes]


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


_ASKED = ("image", "question")

KINDS: dict[str, PipelineKind] = {
    "AudioClassificationPipeline": PipelineKind(_each(_sound), _each(_classes("Class")), _scores("label")),
    "AutomaticSpeechRecognitionPipeline": PipelineKind(_each(_sound), _each(_text("Output")), _field("text")),
    "DocumentQuestionAnsweringPipeline": PipelineKind(
        _each(_picture("Input Document"), _text("Question")), _each(_classes("Label")), _scores("answer"), _ASKED
    ),
    "FeatureExtractionPipeline": PipelineKind(
        _each(_text()), _each(lambda: Dataframe(label="Output", render=False)), lambda found: found[0]
    ),
    "FillMaskPipeline": PipelineKind(_each(_text()), _each(_classes()), _scores("token_str")),
    "ImageClassificationPipeline": PipelineKind(_each(_picture()), _each(_classes()), _scores("label")),
    "ImageToTextPipeline": PipelineKind(_each(_picture()), _each(_text("Text")), _field("generated_text")),
    "ObjectDetectionPipeline": PipelineKind(
        _each(_picture()),
        _each(lambda: AnnotatedImage(label="Objects Detected", render=False)),
        _boxes,
        with_inputs=True,
    ),
    "QuestionAnsweringPipeline": PipelineKind(
        _each(_text("Context", 7), _text("Question")),
        _each(_text("Answer"), _classes("Score")),
        _answer,
        ("context", "question"),
    ),
    "SummarizationPipeline": PipelineKind(_each(_text(lines=7)), _each(_text("Summary")), _field("summary_text")),
    "Text2TextGenerationPipeline": PipelineKind(
        _each(_text()), _each(_text("Generated Text")), _field("generated_text")
    ),
    "TextClassificationPipeline": PipelineKind(_each(_text()), _each(_classes()), _scores("label")),
    "TextGenerationPipeline": PipelineKind(_each(_text()), _each(_text("Output")), _generated),
    "TokenClassificationPipeline": PipelineKind(
        _each(_text()),
        _each(lambda: HighlightedText(label="Entities", render=False)),
        _entities,
        with_inputs=True,
    ),
    "TranslationPipeline": PipelineKind(_each(_text()), _each(_text("Translation")), _field("translation_text")),
    "VisualQuestionAnsweringPipeline": PipelineKind(
        _each(_picture(), _text("Question")), _each(_classes("Score")), _scores("answer"), _ASKED
    ),
    "ZeroShotClassificationPipeline": PipelineKind(
        _each(
            _text(),
            _text("Possible class names (comma-separated)"),
            lambda: Checkbox(label="Allow multiple true classes", render=False),
        ),
        _each(_classes()),
        _ranked,
        (None, "candidate_labels", "multi_label"),
        change={1: _names},
    ),
}
