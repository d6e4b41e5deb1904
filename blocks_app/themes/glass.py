"""Glass: translucent surfaces over a soft gradient."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes

_SANS = ("Optima", "Candara", "Segoe UI", "Noto Sans", "Liberation Sans", "sans-serif")


class Glass(Base):
    """Cool stone with bevelled fields. Parameters as in Base."""

    name = "glass"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.stone,
        "secondary_hue": colors.stone,
        "neutral_hue": colors.stone,
        "spacing_size": sizes.spacing_sm,
        "radius_size": sizes.radius_sm,
        "font": _SANS,
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(
            body_background_fill="linear-gradient(160deg, *primary_100, *neutral_50 45%, *secondary_200)",
            body_background_fill_dark="linear-gradient(160deg, *neutral_900, *neutral_950 45%, *neutral_800)",
            block_background_fill="rgb(255 255 255 / .72)",
            block_background_fill_dark="rgb(255 255 255 / .05)",
            block_border_color="rgb(255 255 255 / .9)",
            block_border_color_dark="rgb(255 255 255 / .1)",
            block_shadow="0 4px 20px -6px rgb(0 0 0 / .12)",
            panel_background_fill="rgb(255 255 255 / .5)",
            panel_background_fill_dark="rgb(255 255 255 / .04)",
            input_background_fill="rgb(255 255 255 / .8)",
            input_background_fill_dark="rgb(0 0 0 / .35)",
            button_primary_background_fill="linear-gradient(180deg, *primary_600, *primary_800)",
            button_primary_background_fill_hover="linear-gradient(180deg, *primary_700, *primary_900)",
            button_primary_background_fill_dark="linear-gradient(180deg, *primary_200, *primary_400)",
            button_primary_background_fill_hover_dark="linear-gradient(180deg, *primary_100, *primary_300)",
            button_secondary_background_fill="linear-gradient(180deg, white, *neutral_100)",
            button_secondary_background_fill_hover="linear-gradient(180deg, *neutral_50, *neutral_200)",
            button_secondary_background_fill_dark="linear-gradient(180deg, *neutral_700, *neutral_800)",
            button_secondary_background_fill_hover_dark="linear-gradient(180deg, *neutral_600, *neutral_700)",
        )
