"""ImageEditors that start in another way."""

from blocks_app.components.image_editor.image_editor import ImageEditor
from blocks_app.components.image_editor.tools import Brush


class Sketchpad(ImageEditor):
    """An ImageEditor to draw in black on an empty sheet."""

    is_template = True
    defaults = {"sources": ()}
    own_brush = Brush(colors=["#000000"], color_mode="fixed")


class Paint(ImageEditor):
    """An ImageEditor to draw in colours on an empty sheet."""

    is_template = True
    defaults = {"sources": ()}


class ImageMask(ImageEditor):
    """An ImageEditor to paint over parts of a picture in black."""

    is_template = True
    own_brush = Brush(colors=["#000000"], color_mode="fixed")
