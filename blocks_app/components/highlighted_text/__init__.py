"""HighlightedText: a text whose parts are marked with categories or scores.

Interface: the names of this package.
"""

from blocks_app.components.highlighted_text.highlighted_text import Highlight, HighlightedText, Highlightedtext

__all__ = ["Highlight", "HighlightedText", "Highlightedtext"]
