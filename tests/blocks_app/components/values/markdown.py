"""Markdown."""

TRY = {"Markdown.buttons": ["copy"]}
OTHER_DEFAULTS = {"Markdown.latex_delimiters": "`$$` with a line of its own, which None means"}
