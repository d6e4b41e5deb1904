"""Neon: tubes of light: lime and cyan on grey."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

VARIABLES = {
    "body_background_fill": "*neutral_100",
    "color_accent": "*secondary_700",
    "color_accent_soft": "*secondary_100",
    "color_accent_soft_dark": "*secondary_950",
    "shadow_drop": "none",
    "shadow_drop_lg": "none",
    "shadow_spread": "2px",
    "block_border_color": "*neutral_300",
    "block_border_color_dark": "*neutral_700",
    "block_border_width": "2px",
    "block_label_background_fill": "*primary_200",
    "block_label_background_fill_dark": "*primary_900",
    "block_label_text_color": "*primary_900",
    "block_label_text_color_dark": "*primary_200",
    "block_label_text_weight": "600",
    "block_shadow": "0 3px 0 0 *neutral_300",
    "block_shadow_dark": "0 3px 0 0 *neutral_800",
    "block_title_background_fill": "*primary_200",
    "block_title_background_fill_dark": "*primary_900",
    "block_title_padding": "*spacing_xs *spacing_lg",
    "block_title_radius": "*radius_sm",
    "block_title_text_color": "*primary_900",
    "block_title_text_color_dark": "*primary_200",
    "block_title_text_weight": "600",
    "panel_border_color": "*neutral_300",
    "panel_border_width": "2px",
    "checkbox_border_width": "2px",
    "checkbox_label_border_width": "2px",
    "checkbox_label_background_fill_selected": "*primary_300",
    "checkbox_label_background_fill_selected_dark": "*primary_900",
    "checkbox_label_border_color_selected": "*primary_600",
    "checkbox_label_border_color_selected_dark": "*primary_400",
    "checkbox_label_text_color_selected": "*neutral_950",
    "checkbox_label_text_color_selected_dark": "*primary_100",
    "checkbox_label_shadow": "0 4px 0 0 *neutral_300",
    "checkbox_label_shadow_hover": "0 6px 0 0 *neutral_300",
    "checkbox_label_shadow_active": "0 2px 0 0 *neutral_300",
    "checkbox_label_shadow_dark": "0 4px 0 0 *neutral_900",
    "checkbox_label_shadow_hover_dark": "0 6px 0 0 *neutral_900",
    "checkbox_label_shadow_active_dark": "0 2px 0 0 *neutral_900",
    "input_background_fill_focus": "*primary_50",
    "input_background_fill_focus_dark": "*neutral_900",
    "input_border_width": "2px",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "input_shadow_focus_dark": "0 0 12px -2px *primary_500",
    "loader_color": "*primary_600",
    "slider_color": "*primary_700",
    "slider_color_dark": "*primary_400",
    "stat_background_fill": "*primary_300",
    "button_border_width": "2px",
    "button_transform_hover": "translateY(-2px)",
    "button_transform_active": "translateY(2px)",
    "button_transition": "all .1s ease",
    "button_primary_background_fill": "*primary_400",
    "button_primary_background_fill_hover": "*primary_300",
    "button_primary_text_color": "*neutral_950",
    "button_primary_text_color_dark": "*neutral_950",
    "button_cancel_background_fill": "#fca5a5",
    "button_cancel_background_fill_hover": "#fecaca",
    "button_cancel_border_color": "#ef4444",
    "button_cancel_text_color": "#7f1d1d",
    "button_primary_shadow": "0 4px 0 0 *primary_600",
    "button_primary_shadow_dark": "0 4px 0 0 *primary_700",
    "button_primary_shadow_hover": "0 6px 0 0 *primary_600",
    "button_primary_shadow_hover_dark": "0 6px 0 0 *primary_700",
    "button_primary_shadow_active": "0 2px 0 0 *primary_600",
    "button_primary_shadow_active_dark": "0 2px 0 0 *primary_700",
    "button_secondary_shadow": "0 4px 0 0 *neutral_300",
    "button_secondary_shadow_dark": "0 4px 0 0 *neutral_950",
    "button_secondary_shadow_hover": "0 6px 0 0 *neutral_300",
    "button_secondary_shadow_hover_dark": "0 6px 0 0 *neutral_950",
    "button_secondary_shadow_active": "0 2px 0 0 *neutral_300",
    "button_secondary_shadow_active_dark": "0 2px 0 0 *neutral_950",
    "button_cancel_shadow": "0 4px 0 0 #dc2626",
    "button_cancel_shadow_dark": "0 4px 0 0 #7f1d1d",
    "button_cancel_shadow_hover": "0 6px 0 0 #dc2626",
    "button_cancel_shadow_hover_dark": "0 6px 0 0 #7f1d1d",
    "button_cancel_shadow_active": "0 2px 0 0 #dc2626",
    "button_cancel_shadow_active_dark": "0 2px 0 0 #7f1d1d",
}


class Neon(Base):
    """Tubes of light in lime and cyan, with keys to press. Parameters as in Base."""

    name = "neon"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.lime,
        "secondary_hue": colors.cyan,
        "neutral_hue": colors.neutral,
        "spacing_size": sizes.spacing_lg,
        "radius_size": sizes.radius_xxl,
        "font": (GoogleFont("Lexend"), *SANS),
        "font_mono": (GoogleFont("Space Mono"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
