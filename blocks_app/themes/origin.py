"""Origin: the look that Gradio had first."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors
from blocks_app.themes.utils.fonts import GoogleFont

VARIABLES = {
    "block_shadow": "*shadow_drop",
    "form_gap_width": "1px",
    "checkbox_label_background_fill": "linear-gradient(to top, *neutral_50, white)",
    "checkbox_label_background_fill_dark": "linear-gradient(to top, *neutral_900, *neutral_800)",
    "checkbox_label_background_fill_hover": "linear-gradient(to top, *neutral_100, white)",
    "checkbox_label_background_fill_hover_dark": "linear-gradient(to top, *neutral_900, *neutral_800)",
    "checkbox_label_shadow": "*shadow_drop",
    "input_shadow": "*shadow_inset",
    "input_shadow_dark": "*shadow_inset",
    "button_transition": "none",
    "button_primary_background_fill": "linear-gradient(to bottom right, *primary_100, *primary_300)",
    "button_primary_background_fill_hover": "linear-gradient(to bottom right, *primary_100, *primary_200)",
    "button_primary_background_fill_dark": "linear-gradient(to bottom right, *primary_700, *primary_800)",
    "button_primary_background_fill_hover_dark": "linear-gradient(to bottom right, *primary_700, *primary_700)",
    "button_primary_border_color": "*primary_200",
    "button_primary_border_color_dark": "*primary_600",
    "button_primary_text_color": "*primary_900",
    "button_primary_text_color_dark": "white",
    "button_secondary_background_fill": "linear-gradient(to bottom right, *neutral_100, *neutral_200)",
    "button_secondary_background_fill_hover": "linear-gradient(to bottom right, *neutral_100, *neutral_100)",
    "button_secondary_background_fill_dark": "linear-gradient(to bottom right, *neutral_600, *neutral_700)",
    "button_secondary_background_fill_hover_dark": "linear-gradient(to bottom right, *neutral_600, *neutral_600)",
    "button_secondary_border_color": "*neutral_200",
    "button_secondary_border_color_dark": "*neutral_600",
    "button_secondary_text_color": "*neutral_800",
    "button_secondary_text_color_dark": "white",
    "button_cancel_background_fill": "linear-gradient(to bottom right, #fee2e2, #fecaca)",
    "button_cancel_background_fill_hover": "linear-gradient(to bottom right, #fee2e2, #fee2e2)",
    "button_cancel_text_color": "#991b1b",
    "button_primary_shadow": "*shadow_drop",
    "button_primary_shadow_hover": "*shadow_drop_lg",
    "button_primary_shadow_active": "*shadow_inset",
    "button_secondary_shadow": "*shadow_drop",
    "button_secondary_shadow_hover": "*shadow_drop_lg",
    "button_secondary_shadow_active": "*shadow_inset",
    "button_cancel_shadow": "*shadow_drop",
    "button_cancel_shadow_hover": "*shadow_drop_lg",
    "button_cancel_shadow_active": "*shadow_inset",
}


class Origin(Base):
    """Soft gradients on buttons and choices, orange. Parameters as in Base."""

    name = "origin"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.orange,
        "secondary_hue": colors.blue,
        "neutral_hue": colors.gray,
        "font": (GoogleFont("Source Sans Pro"), *SANS),
        "font_mono": (GoogleFont("IBM Plex Mono"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
