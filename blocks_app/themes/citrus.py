"""Citrus: ripe amber, keys that go down when they are pressed."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont

VARIABLES = {
    "body_background_fill": "*neutral_100",
    "background_fill_primary": "*neutral_50",
    "block_border_color": "*neutral_300",
    "block_border_color_dark": "*neutral_700",
    "block_shadow": "0 3px 0 0 *neutral_300",
    "block_shadow_dark": "0 3px 0 0 *neutral_800",
    "checkbox_label_border_width": "2px",
    "checkbox_label_background_fill_selected": "*primary_300",
    "checkbox_label_background_fill_selected_dark": "*primary_900",
    "checkbox_label_border_color_selected": "*primary_500",
    "checkbox_label_border_color_selected_dark": "*primary_500",
    "checkbox_label_text_color_selected": "*neutral_900",
    "checkbox_label_text_color_selected_dark": "*primary_100",
    "input_background_fill_focus": "*primary_50",
    "input_background_fill_focus_dark": "*neutral_900",
    "input_shadow": "none",
    "slider_color": "*primary_600",
    "stat_background_fill": "*primary_300",
    "button_transform_hover": "translateY(-2px)",
    "button_transform_active": "translateY(2px)",
    "button_transition": "all .1s",
    "button_primary_background_fill": "*primary_400",
    "button_primary_background_fill_hover": "*primary_300",
    "button_primary_text_color": "*neutral_950",
    "button_primary_text_color_dark": "*neutral_950",
    "button_secondary_background_fill": "*primary_100",
    "button_secondary_background_fill_hover": "*primary_200",
    "button_secondary_background_fill_dark": "*neutral_700",
    "button_secondary_background_fill_hover_dark": "*neutral_600",
    "button_secondary_border_color": "transparent",
    "button_secondary_border_color_hover": "transparent",
    "button_secondary_text_color": "*neutral_900",
    "button_secondary_text_color_dark": "white",
    "button_primary_shadow": "0 3px 0 0 *primary_600",
    "button_primary_shadow_dark": "0 3px 0 0 *primary_700",
    "button_primary_shadow_hover": "0 5px 0 0 *primary_600",
    "button_primary_shadow_hover_dark": "0 5px 0 0 *primary_700",
    "button_primary_shadow_active": "0 1px 0 0 *primary_600",
    "button_primary_shadow_active_dark": "0 1px 0 0 *primary_700",
    "button_secondary_shadow": "0 3px 0 0 *primary_300",
    "button_secondary_shadow_dark": "0 3px 0 0 *neutral_900",
    "button_secondary_shadow_hover": "0 5px 0 0 *primary_300",
    "button_secondary_shadow_hover_dark": "0 5px 0 0 *neutral_900",
    "button_secondary_shadow_active": "0 1px 0 0 *primary_300",
    "button_secondary_shadow_active_dark": "0 1px 0 0 *neutral_900",
    "button_cancel_shadow": "0 3px 0 0 #f87171",
    "button_cancel_shadow_dark": "0 3px 0 0 #7f1d1d",
    "button_cancel_shadow_hover": "0 5px 0 0 #f87171",
    "button_cancel_shadow_hover_dark": "0 5px 0 0 #7f1d1d",
    "button_cancel_shadow_active": "0 1px 0 0 #f87171",
    "button_cancel_shadow_active_dark": "0 1px 0 0 #7f1d1d",
}


class Citrus(Base):
    """Amber on warm grey, with keys to press. Parameters as in Base."""

    name = "citrus"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.amber,
        "secondary_hue": colors.amber,
        "neutral_hue": colors.stone,
        "spacing_size": sizes.spacing_lg,
        "font": (GoogleFont("Ubuntu"), *SANS),
        "font_mono": (GoogleFont("Roboto Mono"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
