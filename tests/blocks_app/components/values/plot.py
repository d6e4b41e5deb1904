"""Plot."""

TRY = {"Plot.format": "png"}
ODD_SCHEMAS = {"Plot": "it says that there is always a figure, and the example is none, as in Gradio"}
