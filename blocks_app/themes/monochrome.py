"""Monochrome: black on white, square corners, like print."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

FONT = (GoogleFont("Lora"), "ui-serif", "Georgia", "serif")


class Monochrome(Base):
    """Black, white and nothing round. Parameters as in Base."""

    name = "monochrome"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.neutral,
        "secondary_hue": colors.neutral,
        "neutral_hue": colors.neutral,
        "text_size": sizes.text_lg,
        "spacing_size": sizes.spacing_lg,
        "radius_size": sizes.radius_none,
        "font": FONT,
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(
            body_background_fill="white",
            body_background_fill_dark="*neutral_950",
            background_fill_secondary="white",
            block_border_color="*neutral_800",
            block_border_color_dark="*neutral_600",
            block_shadow="none",
            block_title_text_weight="700",
            input_border_color="*neutral_800",
            input_border_color_dark="*neutral_600",
            input_shadow="none",
            input_border_color_focus="black",
            input_border_color_focus_dark="white",
            button_shadow="none",
            button_primary_background_fill="black",
            button_primary_background_fill_hover="*neutral_700",
            button_primary_background_fill_dark="white",
            button_primary_background_fill_hover_dark="*neutral_300",
            button_primary_text_color_dark="black",
            button_secondary_border_color="*neutral_800",
            button_secondary_border_color_dark="*neutral_500",
            checkbox_border_color="*neutral_800",
            checkbox_border_color_dark="*neutral_400",
            checkbox_background_color_selected="black",
            checkbox_label_background_fill_selected_dark="*neutral_700",
            link_text_color="black",
            link_text_color_dark="white",
            slider_color="*neutral_800",
            slider_color_dark="*neutral_300",
            table_border_color="*neutral_800",
            table_border_color_dark="*neutral_600",
        )
