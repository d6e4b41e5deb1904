"""Monochrome: black on white, square corners, like print."""

from __future__ import annotations

from blocks_app.themes.base import MONO, Base, Fonts
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.colors import Color
from blocks_app.themes.utils.fonts import GoogleFont
from blocks_app.themes.utils.sizes import Size

FONT = (GoogleFont("Lora"), "ui-serif", "Georgia", "serif")


class Monochrome(Base):
    """Black, white and nothing round. Parameters as in Base."""

    name = "monochrome"

    def __init__(
        self,
        *,
        primary_hue: Color | str = colors.neutral,
        secondary_hue: Color | str = colors.neutral,
        neutral_hue: Color | str = colors.neutral,
        text_size: Size | str = sizes.text_lg,
        spacing_size: Size | str = sizes.spacing_lg,
        radius_size: Size | str = sizes.radius_none,
        font: Fonts = FONT,
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
