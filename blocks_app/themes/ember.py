"""Ember: warm, with labels like tags."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

VARIABLES = {
    "background_fill_secondary": "*neutral_100",
    "shadow_drop": "0 1px 3px 0 rgb(0 0 0 / .08)",
    "shadow_drop_lg": "0 4px 12px 0 rgb(0 0 0 / .1)",
    "block_border_width": "0px",
    "block_label_background_fill": "*primary_50",
    "block_label_background_fill_dark": "*primary_900",
    "block_label_border_width": "0px",
    "block_label_radius": "*radius_md",
    "block_label_margin": "*spacing_md",
    "block_label_text_color": "*primary_800",
    "block_label_text_color_dark": "*primary_100",
    "block_label_text_weight": "600",
    "block_title_background_fill": "*primary_50",
    "block_title_background_fill_dark": "*primary_900",
    "block_title_padding": "*spacing_xs *spacing_md",
    "block_title_radius": "*radius_md",
    "block_title_text_color": "*primary_800",
    "block_title_text_color_dark": "*primary_100",
    "block_title_text_weight": "600",
    "checkbox_label_background_fill_selected": "*primary_700",
    "checkbox_label_background_fill_selected_dark": "*primary_700",
    "checkbox_label_text_color_selected": "white",
    "checkbox_label_text_color_selected_dark": "white",
    "checkbox_label_border_color_selected": "*primary_700",
    "checkbox_label_border_color_selected_dark": "*primary_500",
    "checkbox_label_shadow": "*shadow_drop",
    "input_border_color": "*neutral_200",
    "input_border_color_focus": "*primary_500",
    "input_shadow_focus": "0 0 0 3px *primary_100",
    "input_shadow_focus_dark": "0 0 0 3px *primary_900",
    "table_even_background_fill": "*neutral_50",
    "table_even_background_fill_dark": "*neutral_900",
    "table_odd_background_fill": "white",
    "table_odd_background_fill_dark": "*neutral_950",
    "button_transition": "all .15s ease",
    "button_primary_shadow_hover": "0 4px 6px -1px rgb(0 0 0 / .1), 0 2px 4px -2px rgb(0 0 0 / .1)",
    "button_primary_shadow_active": "none",
    "button_secondary_shadow_hover": "*shadow_drop_lg",
}


class Ember(Base):
    """Warm paper, labels like tags, orange. Parameters as in Base."""

    name = "ember"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.orange,
        "secondary_hue": colors.orange,
        "neutral_hue": colors.stone,
        "radius_size": sizes.radius_lg,
        "font": (GoogleFont("Source Sans 3"), *SANS),
        "font_mono": (GoogleFont("Source Code Pro"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
