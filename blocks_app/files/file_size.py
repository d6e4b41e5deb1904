"""Sizes of files in bytes, by the names of their units."""

from __future__ import annotations

from typing import ClassVar


class FileSize:
    """`demo.launch(max_file_size=5 * gr.FileSize.MB)`: units of 1024 in bytes."""

    B: ClassVar[int] = 1
    KB: ClassVar[int] = 1024
    MB: ClassVar[int] = 1024**2
    GB: ClassVar[int] = 1024**3
    TB: ClassVar[int] = 1024**4
