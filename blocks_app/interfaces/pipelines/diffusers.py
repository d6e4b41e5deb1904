"""The kinds of pipelines of `diffusers`, by the names of their classes: texts and pictures in, a picture out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocks_app.components import Image, Slider, Textbox
from blocks_app.interfaces.pipelines.kinds import PipelineKind
from blocks_app.tree.component import Component

#: Pixels that the models were trained with.
_SIZE = (768, 768)
#: By the name in the pipeline's call: label, least, most, value at first, step.
_SLIDERS: dict[str, tuple[str, float, float, float, float]] = {
    "guidance_scale": ("Guidance scale", 1, 20, 7.5, 0.5),
    "image_guidance_scale": ("Image Guidance scale", 1, 5, 1.5, 0.5),
    "noise_level": ("Noise level", 1, 100, 20, 1),
    "num_inference_steps": ("Number of inference steps", 1, 500, 50, 1),
    "strength": ("Strength", 0, 1, 0.8, 0.1),
}
_TEXTS = {"prompt": "Prompt", "negative_prompt": "Negative prompt"}
_PICTURES = {"image": "Image", "mask_image": "Mask Image"}


def _input(name: str) -> Component:
    if name in _TEXTS:
        return Textbox(label=_TEXTS[name], render=False)
    if name in _PICTURES:
        return Image(type="pil", label=_PICTURES[name], render=False)
    label, minimum, maximum, value, step = _SLIDERS[name]
    return Slider(minimum, maximum, value, step=step, label=label, render=False)


def _resized(picture: Any) -> Any:
    return None if picture is None else picture.resize(_SIZE)


def _kind(*names: str) -> PipelineKind:
    def inputs() -> list[Component]:
        return [_input(name) for name in names]

    def outputs() -> list[Component]:
        return [Image(type="pil", label="Generated Image", render=False)]

    change: dict[int, Callable[[Any], Any]] = {
        number: _resized for number, name in enumerate(names) if name in _PICTURES
    }
    return PipelineKind(inputs, outputs, _picture_of, names, change=change)


def _picture_of(found: Any) -> Any:
    """The first picture; with `safety_checker` and the like it stands in an object that is a dict too."""
    return (found["images"] if isinstance(found, dict) or not hasattr(found, "images") else found.images)[0]


_WORDS = ("prompt", "negative_prompt")
_RUN = ("num_inference_steps", "guidance_scale")

KINDS: dict[str, PipelineKind] = {
    "StableDiffusionDepth2ImgPipeline": _kind(*_WORDS, "image", "strength", *_RUN),
    "StableDiffusionImageVariationPipeline": _kind("image", *_RUN),
    "StableDiffusionImg2ImgPipeline": _kind(*_WORDS, "image", "strength", *_RUN),
    "StableDiffusionInpaintPipeline": _kind(*_WORDS, "image", "mask_image", "strength", *_RUN),
    "StableDiffusionInstructPix2PixPipeline": _kind(*_WORDS, "image", *_RUN, "image_guidance_scale"),
    "StableDiffusionPipeline": _kind(*_WORDS, *_RUN),
    "StableDiffusionUpscalePipeline": _kind(*_WORDS, "image", *_RUN, "noise_level"),
}
