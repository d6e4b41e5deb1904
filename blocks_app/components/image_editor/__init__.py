"""A picture that visitors draw on: the component, its templates and the options of its tools."""

from blocks_app.components.image_editor.image_editor import ImageEditor
from blocks_app.components.image_editor.templates import ImageMask, Paint, Sketchpad
from blocks_app.components.image_editor.tools import Brush, Eraser, LayerOptions

__all__ = ["Brush", "Eraser", "ImageEditor", "ImageMask", "LayerOptions", "Paint", "Sketchpad"]
