"""A model in three dimensions, to be looked at from all sides.

Interface: the name of this package.
"""

from blocks_app.components.model3d.model3d import Model3D

__all__ = ["Model3D"]
