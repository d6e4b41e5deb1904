"""The kinds of an Interface, by what it has: inputs, outputs, both, or the same components as both."""

from __future__ import annotations

from enum import Enum


class InterfaceTypes(Enum):
    """Which panels an Interface has."""

    STANDARD = "standard"
    INPUT_ONLY = "input_only"
    OUTPUT_ONLY = "output_only"
    UNIFIED = "unified"
