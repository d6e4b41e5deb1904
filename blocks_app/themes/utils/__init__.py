"""Palettes, sizes and fonts that themes are made of."""

from __future__ import annotations

from blocks_app.themes.utils import colors, fonts, sizes

__all__ = ["colors", "fonts", "sizes"]
