"""Soft: round corners, tinted fields, no hard lines."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

FONT = (GoogleFont("Montserrat"), *SANS)


class Soft(Base):
    """Round and gentle, indigo. Parameters as in Base."""

    name = "soft"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.indigo,
        "secondary_hue": colors.indigo,
        "radius_size": sizes.radius_lg,
        "font": FONT,
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(
            body_background_fill="*neutral_100",
            background_fill_secondary="*neutral_100",
            block_border_width="0px",
            block_shadow="0 1px 3px rgb(0 0 0 / .04), 0 8px 24px -8px rgb(0 0 0 / .08)",
            block_label_background_fill="*primary_100",
            block_label_background_fill_dark="*primary_900",
            block_label_border_width="0px",
            block_label_text_color="*primary_800",
            block_label_text_color_dark="*primary_100",
            block_title_text_color="*primary_700",
            block_title_text_color_dark="*primary_300",
            panel_border_width="0px",
            input_background_fill="*neutral_50",
            input_border_color="*neutral_200",
            input_shadow="none",
            button_shadow="0 2px 6px -1px rgb(0 0 0 / .1)",
            button_secondary_border_color="transparent",
            button_secondary_border_color_dark="transparent",
            button_secondary_border_color_hover="transparent",
            button_secondary_border_color_hover_dark="transparent",
        )
