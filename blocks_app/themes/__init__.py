"""`gr.themes`: built-in themes and what they are made of.

For users by name, and for `page`, which makes style sheets of them.

Interface: the names of this package.
"""

from __future__ import annotations

from blocks_app.themes.base import Base
from blocks_app.themes.default import Default
from blocks_app.themes.glass import Glass
from blocks_app.themes.monochrome import Monochrome
from blocks_app.themes.soft import Soft
from blocks_app.themes.theme import ThemeClass
from blocks_app.themes.utils import colors, fonts, sizes
from blocks_app.themes.utils.colors import Color
from blocks_app.themes.utils.fonts import Font, GoogleFont, LocalFont
from blocks_app.themes.utils.sizes import Size

__all__ = [
    "Base",
    "Color",
    "Default",
    "Font",
    "Glass",
    "GoogleFont",
    "LocalFont",
    "Monochrome",
    "Size",
    "Soft",
    "ThemeClass",
    "colors",
    "fonts",
    "sizes",
]
