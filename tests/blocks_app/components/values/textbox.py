"""Textbox."""

TRY = {"Textbox.buttons": ["copy"], "Textbox.html_attributes": {"autocomplete": "name"}}
