"""Default: quiet surfaces, one deep green for what calls for action."""

from __future__ import annotations

from blocks_app.themes.base import MONO, SANS, Base, Fonts
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.colors import Color
from blocks_app.themes.utils.sizes import Size


class Default(Base):
    """The look of a page without `theme=`. Parameters as in Base."""

    name = "default"

    def __init__(
        self,
        *,
        primary_hue: Color | str = colors.emerald,
        secondary_hue: Color | str = colors.teal,
        neutral_hue: Color | str = colors.slate,
        text_size: Size | str = sizes.text_md,
        spacing_size: Size | str = sizes.spacing_md,
        radius_size: Size | str = sizes.radius_md,
        font: Fonts = SANS,
        font_mono: Fonts = MONO,
    ) -> None:
        super().__init__(
            primary_hue=primary_hue,
            secondary_hue=secondary_hue,
            neutral_hue=neutral_hue,
            text_size=text_size,
            spacing_size=spacing_size,
            radius_size=radius_size,
            font=font,
            font_mono=font_mono,
        )
