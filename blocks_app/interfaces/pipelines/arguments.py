"""What an Interface is built from for a pipeline."""

from __future__ import annotations

from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.interfaces.pipelines import diffusers, transformers

_KNOWN = {"transformers": transformers.KINDS, "diffusers": diffusers.KINDS}


def arguments_for(pipeline: Any) -> dict[str, Any]:
    """The arguments of the Interface that fits a pipeline.

    Raises:
        DeclarationError: it is no pipeline of these packages, or of a kind that is not known here.
    """
    package = type(pipeline).__module__.partition(".")[0]
    if package not in _KNOWN:
        raise DeclarationError(
            f"from_pipeline takes a pipeline of transformers or diffusers, not {type(pipeline).__module__}."
            f"{type(pipeline).__qualname__}. Around any other function write gr.Interface(fn, inputs, outputs)."
        )
    known = _KNOWN[package]
    kind = next((known[cls.__name__] for cls in type(pipeline).__mro__ if cls.__name__ in known), None)
    if kind is None:
        raise DeclarationError(
            f"Unsupported {package} pipeline type: {type(pipeline).__name__}. Known are "
            f"{', '.join(sorted(known))}; around any other write gr.Interface(fn, inputs, outputs)."
        )

    def run(*values: Any) -> Any:
        return kind.call(pipeline, values)

    run.__name__ = run.__qualname__ = "predict"
    return {"fn": run, "inputs": kind.inputs(), "outputs": kind.outputs(), "title": _title(pipeline)}


def _title(pipeline: Any) -> str:
    config = getattr(getattr(pipeline, "model", None), "config", None)
    for name in ("name_or_path", "_name_or_path"):
        found = getattr(config, name, None)
        if isinstance(found, str) and found:
            return found
    return type(pipeline).__name__
