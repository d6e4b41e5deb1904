"""Every variable of a theme with the value of the Default theme: one line each.

A plain text has no dark form. A pair is (light, dark); dark None means "as in light". `*name` refers to another
variable.

The colours hold the WCAG AA contrast of 4.5:1 for text with each of the 22 palettes: text on white or a c50 takes c600
and darker, text on a filled button is white on c700; in the dark c400 and lighter on c900, or a dark text on c400.
"""

from __future__ import annotations

from typing import Union

Value = Union[str, "tuple[str, str | None]"]

_CHECK = (
    "url(\"data:image/svg+xml,%3Csvg viewBox='0 0 16 16' fill='none' stroke='white' stroke-width='2.4' "
    "stroke-linecap='round' stroke-linejoin='round' xmlns='http://www.w3.org/2000/svg'%3E"
    "%3Cpath d='m3.6 8.4 3 3 5.8-6.6'/%3E%3C/svg%3E\")"
)
_CIRCLE = (
    "url(\"data:image/svg+xml,%3Csvg viewBox='0 0 16 16' fill='white' xmlns='http://www.w3.org/2000/svg'%3E"
    "%3Ccircle cx='8' cy='8' r='3.2'/%3E%3C/svg%3E\")"
)

VALUES: dict[str, Value] = {
    # Page
    "body_background_fill": ("*neutral_50", "*neutral_950"),
    "body_text_color": ("*neutral_900", "*neutral_100"),
    "body_text_size": "*text_md",
    "body_text_color_subdued": ("*neutral_600", "*neutral_400"),
    "body_text_weight": "400",
    "embed_radius": "*radius_lg",
    "background_fill_primary": ("white", "*neutral_900"),
    "background_fill_secondary": ("*neutral_50", "*neutral_800"),
    "border_color_accent": ("*primary_300", "*primary_700"),
    "border_color_accent_subdued": ("*primary_200", "*primary_800"),
    "border_color_primary": ("*neutral_200", "*neutral_800"),
    "color_accent": "*primary_600",
    "color_accent_soft": ("*primary_50", "*primary_950"),
    "link_text_color": ("*primary_700", "*primary_400"),
    "link_text_color_active": ("*primary_900", "*primary_300"),
    "link_text_color_hover": ("*primary_800", "*primary_300"),
    "link_text_color_visited": ("*primary_700", "*primary_400"),
    "prose_text_size": "calc(*text_md + 1px)",
    "prose_text_weight": "400",
    "prose_header_text_weight": "650",
    "code_background_fill": ("*neutral_100", "*neutral_800"),
    "shadow_drop": "0 1px 2px 0 rgb(0 0 0 / .05)",
    "shadow_drop_lg": "0 4px 6px -2px rgb(0 0 0 / .05), 0 12px 24px -6px rgb(0 0 0 / .12)",
    "shadow_inset": "inset 0 1px 2px 0 rgb(0 0 0 / .05)",
    "shadow_spread": ("3px", "2px"),
    # The frame around a component
    "block_background_fill": ("*background_fill_primary", None),
    "block_border_color": ("*border_color_primary", None),
    "block_border_width": ("1px", None),
    "block_info_text_color": ("*body_text_color_subdued", None),
    "block_info_text_size": "calc(*text_md - 1px)",
    "block_info_text_weight": "400",
    "block_label_background_fill": ("*background_fill_primary", None),
    "block_label_border_color": ("*border_color_primary", None),
    "block_label_border_width": ("1px", None),
    "block_label_shadow": "none",
    "block_label_text_color": ("*neutral_700", "*neutral_300"),
    "block_label_margin": "0",
    "block_label_padding": "*spacing_sm *spacing_lg",
    "block_label_radius": "calc(*block_radius - 1px) 0 *radius_lg 0",
    "block_label_right_radius": "0 calc(*block_radius - 1px) 0 *radius_lg",
    "block_label_text_size": "*text_sm",
    "block_label_text_weight": "550",
    "block_padding": "calc(*spacing_lg + *spacing_sm) *spacing_xxl",
    "block_radius": "*radius_xl",
    "block_shadow": ("*shadow_drop", "none"),
    "block_title_background_fill": ("none", None),
    "block_title_border_color": ("transparent", None),
    "block_title_border_width": ("0px", None),
    "block_title_text_color": ("*neutral_800", "*neutral_200"),
    "block_title_padding": "0",
    "block_title_radius": "0",
    "block_title_text_size": "*text_md",
    "block_title_text_weight": "550",
    "container_radius": "*radius_xl",
    "form_gap_width": "0px",
    "layout_gap": "*spacing_xxl",
    "panel_background_fill": ("*neutral_100", "*neutral_900"),
    "panel_border_color": ("*border_color_primary", None),
    "panel_border_width": ("1px", None),
    "section_header_text_size": "*text_md",
    "section_header_text_weight": "550",
    "accordion_text_color": ("*body_text_color", None),
    # Choices
    "checkbox_background_color": ("white", "*neutral_800"),
    "checkbox_background_color_focus": ("*checkbox_background_color", None),
    "checkbox_background_color_hover": ("*checkbox_background_color", None),
    "checkbox_background_color_selected": ("*primary_700", "*primary_600"),
    "checkbox_border_color": ("*neutral_400", "*neutral_500"),
    "checkbox_border_color_focus": ("*primary_600", "*primary_400"),
    "checkbox_border_color_hover": ("*neutral_500", "*neutral_400"),
    "checkbox_border_color_selected": ("*primary_700", "*primary_600"),
    "checkbox_border_radius": "*radius_sm",
    "checkbox_border_width": ("1px", None),
    "checkbox_check": _CHECK,
    "radio_circle": _CIRCLE,
    "checkbox_shadow": "none",
    "checkbox_label_background_fill": ("*background_fill_primary", "*neutral_800"),
    "checkbox_label_background_fill_hover": ("*neutral_50", "*neutral_700"),
    "checkbox_label_background_fill_selected": ("*primary_50", "*primary_950"),
    "checkbox_label_border_color": ("*neutral_300", "*neutral_700"),
    "checkbox_label_border_color_hover": ("*neutral_400", "*neutral_600"),
    "checkbox_label_border_width": ("1px", None),
    "checkbox_label_gap": "*spacing_lg",
    "checkbox_label_padding": "*spacing_md calc(*spacing_lg + *spacing_sm)",
    "checkbox_label_shadow": "none",
    "checkbox_label_text_size": "*text_md",
    "checkbox_label_text_weight": "450",
    "checkbox_label_text_color": ("*body_text_color", None),
    "checkbox_label_text_color_selected": ("*primary_900", "*primary_100"),
    # Errors
    "error_background_fill": ("#fef2f2", "#2b1316"),
    "error_border_color": ("#fecaca", "#7f1d1d"),
    "error_border_width": ("1px", None),
    "error_text_color": ("#b91c1c", "#fca5a5"),
    "error_icon_color": ("#dc2626", "#f87171"),
    # Fields
    "input_background_fill": ("white", "*neutral_950"),
    "input_background_fill_focus": ("*input_background_fill", None),
    "input_background_fill_hover": ("*input_background_fill", None),
    "input_border_color": ("*neutral_300", "*neutral_700"),
    "input_border_color_focus": ("*primary_600", "*primary_500"),
    "input_border_color_hover": ("*neutral_400", "*neutral_600"),
    "input_border_width": ("1px", None),
    "input_padding": "*spacing_lg calc(*spacing_xl + 2px)",
    "input_placeholder_color": ("*neutral_500", "*neutral_400"),
    "input_radius": "*radius_lg",
    "input_shadow": ("*shadow_drop", "none"),
    "input_shadow_focus": ("0 0 0 *shadow_spread *primary_100", "0 0 0 *shadow_spread *primary_900"),
    "input_text_size": "calc(*text_md + 1px)",
    "input_text_weight": "400",
    "loader_color": ("*primary_600", "*primary_400"),
    "slider_color": ("*primary_600", "*primary_500"),
    "stat_background_fill": ("*primary_200", "*primary_800"),
    # Tables
    "table_border_color": ("*neutral_200", "*neutral_800"),
    "table_even_background_fill": ("*background_fill_primary", None),
    "table_odd_background_fill": ("*neutral_50", "*neutral_950"),
    "table_radius": "*radius_lg",
    "table_row_focus": ("*color_accent_soft", None),
    "table_text_color": ("*body_text_color", None),
    # Buttons
    "button_border_width": ("1px", None),
    "button_shadow": "*shadow_drop",
    "button_shadow_active": "none",
    "button_shadow_hover": "*button_shadow",
    "button_transition": "background-color .15s, border-color .15s, color .15s, box-shadow .15s",
    "button_large_padding": "*spacing_lg calc(2 * *spacing_lg + *spacing_xxs)",
    "button_large_radius": "*radius_lg",
    "button_large_text_size": "calc(*text_md + 1px)",
    "button_large_text_weight": "550",
    "button_small_padding": "*spacing_sm calc(*spacing_lg + *spacing_xs)",
    "button_small_radius": "*radius_md",
    "button_small_text_size": "calc(*text_md - 1px)",
    "button_small_text_weight": "500",
    "button_primary_background_fill": ("*primary_700", "*primary_400"),
    "button_primary_background_fill_hover": ("*primary_800", "*primary_300"),
    "button_primary_border_color": ("transparent", None),
    "button_primary_border_color_hover": ("*button_primary_border_color", None),
    "button_primary_text_color": ("white", "*neutral_950"),
    "button_primary_text_color_hover": ("*button_primary_text_color", None),
    "button_secondary_background_fill": ("white", "*neutral_800"),
    "button_secondary_background_fill_hover": ("*neutral_100", "*neutral_700"),
    "button_secondary_border_color": ("*neutral_300", "*neutral_700"),
    "button_secondary_border_color_hover": ("*neutral_400", "*neutral_600"),
    "button_secondary_text_color": ("*neutral_800", "*neutral_100"),
    "button_secondary_text_color_hover": ("*button_secondary_text_color", None),
    "button_cancel_background_fill": ("#fef2f2", "#2b1316"),
    "button_cancel_background_fill_hover": ("#fee2e2", "#451a1e"),
    "button_cancel_border_color": ("#fecaca", "#7f1d1d"),
    "button_cancel_border_color_hover": ("#fca5a5", "#b91c1c"),
    "button_cancel_text_color": ("#b91c1c", "#fca5a5"),
    "button_cancel_text_color_hover": ("*button_cancel_text_color", None),
}

# Names that came with Gradio 5 and 6; they appear in the style sheet once a theme sets them.
_LATER_PAIRS = (
    *("checkbox_label_border_color_selected", "checkbox_label_shadow_hover", "checkbox_label_shadow_active"),
    *(
        f"button_{kind}_shadow{state}"
        for kind in ("primary", "secondary", "cancel")
        for state in ("", "_hover", "_active")
    ),
)
LATER = frozenset(
    [
        *("chatbot_text_size", "checkbox_label_shadow_dark", "button_transform_hover", "button_transform_active"),
        *("button_medium_padding", "button_medium_radius", "button_medium_text_size", "button_medium_text_weight"),
        *_LATER_PAIRS,
        *(f"{name}_dark" for name in _LATER_PAIRS),
    ]
)

NAMES = frozenset([*VALUES, *(f"{name}_dark" for name, value in VALUES.items() if isinstance(value, tuple))])
"""The 238 names that `.set()` takes since Gradio 4."""


def flat(values: dict[str, Value]) -> dict[str, str | None]:
    """The table as `.set()` takes it: `name` and `name_dark` apart."""
    found: dict[str, str | None] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            found[name], found[f"{name}_dark"] = value
        else:
            found[name] = value
    return found
