"""Ocean: round as pebbles, green that turns to blue."""

from __future__ import annotations

from typing import ClassVar, Unpack

from blocks_app.themes.base import MONO, SANS, Base, ThemeOptions
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.fonts import GoogleFont


def _flow(start: str, middle: str, end: str) -> str:
    """A fill that runs through three steps of the palettes."""
    return f"linear-gradient(120deg, *{start} 0%, *{middle} 60%, *{end} 100%)"


VARIABLES = {
    "block_shadow": "*shadow_drop_lg",
    "block_shadow_dark": "none",
    "checkbox_label_background_fill_selected": _flow("primary_200", "primary_100", "primary_200"),
    "checkbox_label_background_fill_selected_dark": _flow("primary_800", "primary_900", "primary_800"),
    "checkbox_label_border_color_selected": "*primary_400",
    "checkbox_label_border_color_selected_dark": "*primary_500",
    "input_background_fill": "*neutral_100",
    "input_background_fill_dark": "*neutral_800",
    "input_placeholder_color": "*neutral_600",
    "input_placeholder_color_dark": "*neutral_400",
    "input_border_width": "0px",
    "input_shadow": "none",
    "stat_background_fill": "*primary_300",
    "button_transform_hover": "scale(1.02)",
    "button_transition": "all .1s ease-in-out",
    "button_primary_background_fill": _flow("secondary_400", "primary_300", "primary_400"),
    "button_primary_background_fill_hover": _flow("secondary_300", "primary_300", "primary_300"),
    "button_primary_background_fill_dark": _flow("secondary_400", "primary_300", "primary_400"),
    "button_primary_background_fill_hover_dark": _flow("secondary_300", "primary_300", "primary_300"),
    "button_primary_text_color": "*neutral_950",
    "button_primary_text_color_dark": "*neutral_950",
    "button_primary_shadow_hover": "0 1px 3px 0 *primary_300",
    "button_primary_shadow_hover_dark": "0 1px 3px 0 *primary_700",
    "button_secondary_background_fill": _flow("neutral_300", "neutral_100", "neutral_200"),
    "button_secondary_background_fill_hover": _flow("neutral_200", "neutral_100", "neutral_100"),
    "button_secondary_background_fill_dark": _flow("neutral_700", "neutral_600", "neutral_700"),
    "button_secondary_background_fill_hover_dark": _flow("neutral_600", "neutral_600", "neutral_700"),
    "button_secondary_border_color": "transparent",
    "button_secondary_border_color_dark": "transparent",
    "button_secondary_border_color_hover": "transparent",
    "button_secondary_border_color_hover_dark": "transparent",
    "button_secondary_text_color_dark": "white",
    "button_secondary_shadow_hover": "*shadow_drop_lg",
}


class Ocean(Base):
    """Round, with colours that run from sky to emerald. Parameters as in Base."""

    name = "ocean"
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.emerald,
        "secondary_hue": colors.sky,
        "neutral_hue": colors.zinc,
        "radius_size": sizes.radius_xxl,
        "font": (GoogleFont("IBM Plex Sans"), *SANS),
        "font_mono": (GoogleFont("IBM Plex Mono"), *MONO),
    }

    def __init__(self, **options: Unpack[ThemeOptions]) -> None:
        super().__init__(**options)
        self.set(**VARIABLES)
