"""from_pipeline: stand-ins with the names and calls of transformers' and diffusers' pipelines, which are not needed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

import blocks_app as gr


def pipeline(path: str, call: Any, base: str | None = None) -> Any:
    """An object of a class of this name and module; `base` names the class that it derives from."""
    module, _, name = path.rpartition(".")
    bases = (type(base, (), {"__module__": module}),) if base else ()
    model = SimpleNamespace(config=SimpleNamespace(name_or_path="org/model"))
    return type(name, bases, {"__module__": module, "__call__": call, "model": model})()


def kinds(components: list[Any]) -> list[str]:
    return [type(each).__name__ for each in components]


def label(**scores: float) -> dict[str, Any]:
    """The value of a Label, best class first."""
    return {
        "label": next(iter(scores)),
        "confidences": [{"label": name, "confidence": score} for name, score in scores.items()],
    }


@pytest.fixture
def picture(tmp_path: Any) -> str:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return str(path)


TEXTS: list[tuple[str, Any, tuple[Any, ...], Any, list[str]]] = [
    (
        "text_classification.TextClassificationPipeline",
        lambda self, inputs, **kwargs: [{"label": f"of {inputs}", "score": 0.9}, {"label": "no", "score": 0.1}],
        ("me",),
        label(**{"of me": 0.9, "no": 0.1}),
        ["Textbox", "Label"],
    ),
    (
        "text_generation.TextGenerationPipeline",
        lambda self, text_inputs, **kwargs: [{"generated_text": f"{text_inputs} and on"}],
        ("Once",),
        "Once and on",
        ["Textbox", "Textbox"],
    ),
    (
        "text2text_generation.TranslationPipeline",
        lambda self, *args, **kwargs: [{"translation_text": args[0][::-1]}],
        ("ab",),
        "ba",
        ["Textbox", "Textbox"],
    ),
    (
        "text2text_generation.SummarizationPipeline",
        lambda self, *args, **kwargs: [{"summary_text": args[0][:2]}],
        ("abcd",),
        "ab",
        ["Textbox", "Textbox"],
    ),
    (
        "fill_mask.FillMaskPipeline",
        lambda self, inputs, **kwargs: [{"token_str": "dog", "score": 1.0}],
        ("a <mask>",),
        label(dog=1.0),
        ["Textbox", "Label"],
    ),
    (
        "question_answering.QuestionAnsweringPipeline",
        lambda self, *args, **kwargs: {"answer": f"{kwargs['context']}|{kwargs['question']}", "score": 0.5},
        ("It is red.", "Colour?"),
        ["It is red.|Colour?", {"label": "0.5", "confidences": None}],
        ["Textbox", "Textbox", "Textbox", "Label"],
    ),
    (
        "zero_shot_classification.ZeroShotClassificationPipeline",
        lambda self, sequences, *args, **kwargs: {
            "labels": kwargs["candidate_labels"], "scores": [0.7, 0.3] if kwargs["multi_label"] else [1.0, 0.0],
        },
        ("red", "colour, taste", True),
        label(colour=0.7, taste=0.3),
        ["Textbox", "Textbox", "Checkbox", "Label"],
    ),
    (
        "token_classification.TokenClassificationPipeline",
        lambda self, inputs, **kwargs: [{"entity_group": "PER", "word": "Ada", "start": 0, "end": 3}],
        ("Ada ran",),
        [
            {"token": "", "class_or_confidence": None},
            {"token": "Ada", "class_or_confidence": "PER"},
            {"token": " ran", "class_or_confidence": None},
        ],
        ["Textbox", "HighlightedText"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "call", "given", "answer", "shown"), TEXTS, ids=[each[0].split(".")[1] for each in TEXTS]
)
def test_texts(name: str, call: Any, given: tuple[Any, ...], answer: Any, shown: list[str]) -> None:
    demo = gr.Interface.from_pipeline(pipeline(f"transformers.pipelines.{name}", call))
    assert kinds(demo.input_components + demo.output_components) == shown
    assert demo.title == "org/model"
    assert demo(*given) == answer


def test_a_class_that_derives_is_what_it_derives_from() -> None:
    mine = pipeline(
        "transformers.pipelines.mine.Mine", lambda self, text, **_: [{"generated_text": text}], "TextGenerationPipeline"
    )
    assert gr.Interface.from_pipeline(mine, title="Mine")("x") == "x"


def test_pictures_and_sounds(picture: str) -> None:
    seen = pipeline(
        "transformers.pipelines.image_classification.ImageClassificationPipeline",
        lambda self, images=None, **kwargs: [{"label": images.rsplit(".")[-1], "score": 1.0}],
    )
    assert gr.Interface.from_pipeline(seen)(picture)["label"] == "png"
    box = {"xmin": 1, "ymin": 1, "xmax": 4, "ymax": 4}
    found = pipeline(
        "transformers.pipelines.object_detection.ObjectDetectionPipeline",
        lambda self, *args, **kwargs: [{"label": "cat", "score": 1.0, "box": box}],
    )
    assert [each["label"] for each in gr.Interface.from_pipeline(found)(picture)["annotations"]] == ["cat"]
    asked = pipeline(
        "transformers.pipelines.visual_question_answering.VisualQuestionAnsweringPipeline",
        lambda self, image, question=None, **kwargs: [{"answer": question, "score": 1.0}],
    )
    assert gr.Interface.from_pipeline(asked)(picture, "Red?")["label"] == "Red?"
    heard = pipeline(
        "transformers.pipelines.automatic_speech_recognition.AutomaticSpeechRecognitionPipeline",
        lambda self, inputs, **kwargs: {"text": "hello"},
    )
    assert kinds(gr.Interface.from_pipeline(heard).input_components) == ["Audio"]


def test_diffusers(picture: str) -> None:
    given: dict[str, Any] = {}

    def paint(self: Any, prompt: str, image: Any = None, strength: float = 0.8, **kwargs: Any) -> Any:
        given.update(prompt=prompt, size=image.size, strength=strength, **kwargs)
        return SimpleNamespace(images=[image], nsfw_content_detected=[False])

    module = "diffusers.pipelines.stable_diffusion"
    demo = gr.Interface.from_pipeline(pipeline(f"{module}.StableDiffusionImg2ImgPipeline", paint))
    assert kinds(demo.input_components) == ["Textbox", "Textbox", "Image", "Slider", "Slider", "Slider"]
    assert demo("a cat", "dogs", picture, 0.5, 20, 7)["path"].endswith(".webp")
    assert given == {
        "prompt": "a cat", "negative_prompt": "dogs", "size": (768, 768), "strength": 0.5, "num_inference_steps": 20,
        "guidance_scale": 7,
    }  # fmt: skip


def test_other_things_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="pipeline of transformers or diffusers"):
        gr.Interface.from_pipeline(object())
    with pytest.raises(ValueError, match="Unsupported transformers pipeline type: MaskGenerationPipeline"):
        gr.Interface.from_pipeline(pipeline("transformers.pipelines.mask.MaskGenerationPipeline", None))
