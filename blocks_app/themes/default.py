"""Default: quiet surfaces, one deep green for what calls for action."""

from __future__ import annotations

from typing import ClassVar

from blocks_app.themes.base import Base, ThemeOptions
from blocks_app.themes.utils import colors


class Default(Base):
    """The look of a page without `theme=`. Parameters as in Base."""

    name = "default"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.emerald,
        "secondary_hue": colors.teal,
        "neutral_hue": colors.slate,
    }
