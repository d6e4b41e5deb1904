"""HighlightedText."""

TRY = {"HighlightedText.color_map": {"noun": "red"}}
