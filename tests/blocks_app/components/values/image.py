"""Image."""

TRY = {"Image.buttons": ["download"], "Image.format": "png"}
