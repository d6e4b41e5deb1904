"""ImageSlider: two pictures, one over the other.

Interface: `ImageSlider`.
"""

from blocks_app.components.image_slider.image_slider import ImageSlider

__all__ = ["ImageSlider"]
