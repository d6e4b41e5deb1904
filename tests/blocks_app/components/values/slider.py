"""Slider."""

TRY: dict[str, list[str]] = {"Slider.buttons": []}
