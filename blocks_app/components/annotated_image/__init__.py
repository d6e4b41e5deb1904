"""AnnotatedImage: a picture with regions drawn over it.

Interface: the names of this package.
"""

from blocks_app.components.annotated_image.annotated_image import AnnotatedImage, Annotatedimage

__all__ = ["AnnotatedImage", "Annotatedimage"]
