"""When answers to examples are kept: what the arguments say, else the environment."""

from __future__ import annotations

import os
from typing import Any, Literal

from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError

Mode = Literal["eager", "lazy"] | None


def mode_of(cache_examples: Any, cache_mode: Any, possible: bool) -> Mode:
    """How answers are kept; None where they are not.

    Args:
        cache_examples: True, False, "lazy", or None for what GRADIO_CACHE_EXAMPLES says.
        cache_mode: "eager", "lazy", or None for what GRADIO_CACHE_MODE says.
        possible: whether there are a function and outputs; the environment alone demands nothing else.

    Raises:
        DeclarationError: one of them is something else.
    """
    if cache_mode not in ("eager", "lazy", None):
        raise DeclarationError(f"Examples: cache_mode is 'eager', 'lazy' or None, not {cache_mode!r}.")
    if cache_examples is None:
        cache_examples = _of_environment() if possible else False
    elif cache_examples not in (True, False, "lazy"):
        raise DeclarationError(
            f"Examples: the `cache_examples` parameter must be one of: True, False, 'lazy'; not {cache_examples!r}."
        )
    if not cache_examples:
        return None
    if cache_examples == "lazy":
        return "lazy"
    return cache_mode or _mode_of_environment()


def _of_environment() -> Any:
    given = os.environ.get("GRADIO_CACHE_EXAMPLES", "").lower()
    if given not in ("", "true", "false", "lazy"):
        raise DeclarationError(
            f"The environment variable GRADIO_CACHE_EXAMPLES must be 'true', 'false' or 'lazy', not {given!r}."
        )
    return {"true": True, "lazy": "lazy"}.get(given, False)


def _mode_of_environment() -> Mode:
    given = os.environ.get("GRADIO_CACHE_MODE", "").lower()
    if given == "lazy":
        return "lazy"
    if given not in ("", "eager"):
        warn(
            f"The environment variable GRADIO_CACHE_MODE is 'eager' or 'lazy', not {given!r}; examples are cached "
            "eagerly.",
        )
    return "eager"
