"""Button."""

READ_AS_OTHERS = {
    "Button.label": "another word for the text on it, as in DownloadButton",
    "Button.show_label": "a button has no label beside its text",
}
OTHER_DEFAULTS = {"Button.value": "Run, unless `label` is given", "Button.size": "lg, which None means"}
