"""What layouts check alike."""

from __future__ import annotations

import warnings


def check_scale(scale: float | None) -> float | None:
    """The scale as given, with a warning when it is no whole number."""
    if scale is not None and not isinstance(scale, int):
        warnings.warn(f"'scale' value should be an integer. Using {scale} will cause issues.", stacklevel=4)
    return scale
