"""Gallery: the component, and what draws it.

Interface: `Gallery`.
"""

from blocks_app.components.gallery.gallery import Gallery

__all__ = ["Gallery"]
