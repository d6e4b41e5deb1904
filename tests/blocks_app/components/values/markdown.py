"""Markdown."""

TRY = {"Markdown.buttons": ["copy"]}
