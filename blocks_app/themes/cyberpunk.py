"""Cyberpunk: hard edges, no shadow, two colours that fight."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

VARIABLES = {
    "body_background_fill": "*neutral_100",
    "color_accent": "*secondary_700",
    "color_accent_soft": "*secondary_50",
    "color_accent_soft_dark": "*secondary_950",
    "shadow_drop": "none",
    "shadow_drop_lg": "none",
    "shadow_spread": "2px",
    "block_border_color": "*neutral_300",
    "block_border_color_dark": "*primary_800",
    "block_border_width": "2px",
    "block_label_background_fill": "*primary_100",
    "block_label_background_fill_dark": "*primary_900",
    "block_label_radius": "0",
    "block_label_right_radius": "0",
    "block_label_text_color": "*primary_800",
    "block_label_text_color_dark": "*primary_100",
    "block_label_text_weight": "700",
    "block_title_background_fill": "*primary_100",
    "block_title_background_fill_dark": "*primary_900",
    "block_title_padding": "*spacing_xs *spacing_lg",
    "block_title_text_color": "*primary_800",
    "block_title_text_color_dark": "*primary_100",
    "block_title_text_weight": "700",
    "panel_border_color": "*neutral_300",
    "panel_border_width": "2px",
    "checkbox_border_width": "2px",
    "checkbox_label_border_width": "2px",
    "checkbox_label_background_fill_hover": "*primary_50",
    "checkbox_label_background_fill_hover_dark": "*primary_950",
    "checkbox_label_background_fill_selected": "*primary_700",
    "checkbox_label_background_fill_selected_dark": "*primary_700",
    "checkbox_label_border_color_selected": "*primary_700",
    "checkbox_label_border_color_selected_dark": "*secondary_400",
    "checkbox_label_text_color_selected": "white",
    "checkbox_label_text_color_selected_dark": "white",
    "input_border_width": "2px",
    "input_border_color_focus_dark": "*secondary_400",
    "input_shadow_focus": "0 0 0 2px *primary_200",
    "input_shadow_focus_dark": "0 0 12px -2px *secondary_400",
    "loader_color": "*secondary_600",
    "loader_color_dark": "*secondary_400",
    "slider_color": "*secondary_700",
    "slider_color_dark": "*secondary_400",
    "stat_background_fill": "*primary_300",
    "table_row_focus": "*primary_50",
    "table_row_focus_dark": "*primary_950",
    "button_border_width": "2px",
    "button_transition": "all .1s ease",
    "button_primary_border_color": "*primary_800",
    "button_primary_border_color_dark": "*primary_300",
    "button_primary_shadow_hover": "none",
    "button_primary_shadow_hover_dark": "0 0 16px -2px *primary_400",
    "button_secondary_border_color_dark": "*secondary_700",
    "button_secondary_border_color_hover_dark": "*secondary_400",
    "button_secondary_text_color_dark": "*secondary_200",
}


class Cyberpunk(Base):
    """Hard edges in fuchsia and cyan. Parameters as in Base."""

    name = "cyberpunk"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.fuchsia,
        "secondary_hue": colors.cyan,
        "neutral_hue": colors.slate,
        "radius_size": sizes.radius_sm,
        "font": (GoogleFont("Chakra Petch"), *SANS),
        "font_mono": (GoogleFont("Share Tech Mono"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
