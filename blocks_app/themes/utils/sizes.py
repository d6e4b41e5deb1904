"""Sizes of text, spacing and radius: seven steps each. A theme takes one by object or by name (`"lg"`)."""

from __future__ import annotations

from typing import ClassVar


class Size:
    """Seven lengths from xxs to xxl.

    Args:
        xxs … xxl: CSS lengths from small to large.
        name: how the size is called in dumps and shortcuts, such as `radius_lg`.
    """

    all: ClassVar[list[Size]] = []
    steps: ClassVar[tuple[str, ...]] = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl")

    def __init__(
        self, xxs: str, xs: str, sm: str, md: str, lg: str, xl: str, xxl: str, name: str | None = None
    ) -> None:
        self.xxs, self.xs, self.sm, self.md = xxs, xs, sm, md
        self.lg, self.xl, self.xxl = lg, xl, xxl
        self.name = name
        Size.all.append(self)

    def expand(self) -> list[str]:
        """The seven lengths, small first."""
        return [getattr(self, step) for step in self.steps]

    def __repr__(self) -> str:
        return f"Size({self.name or self.md})"


def _scale(name: str, *pixels: int) -> Size:
    size = Size(*[f"{length}px" for length in pixels])
    size.name = name
    return size


radius_lg = _scale("radius_lg", 2, 4, 6, 8, 12, 16, 24)
radius_md = _scale("radius_md", 1, 2, 4, 6, 8, 12, 22)
radius_none = _scale("radius_none", 0, 0, 0, 0, 0, 0, 0)
radius_sm = _scale("radius_sm", 1, 1, 2, 4, 6, 8, 12)
radius_xxl = _scale("radius_xxl", 6, 8, 10, 20, 24, 28, 32)
spacing_lg = _scale("spacing_lg", 2, 4, 6, 8, 10, 14, 28)
spacing_md = _scale("spacing_md", 1, 2, 4, 6, 8, 10, 16)
spacing_sm = _scale("spacing_sm", 1, 1, 2, 4, 6, 9, 12)
text_lg = _scale("text_lg", 10, 12, 14, 16, 20, 24, 28)
text_md = _scale("text_md", 9, 10, 12, 14, 16, 22, 26)
text_sm = _scale("text_sm", 8, 9, 11, 13, 16, 20, 24)
