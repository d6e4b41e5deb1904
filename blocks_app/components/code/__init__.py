"""Code: source code, shown or edited.

Interface: the names of this package.
"""

from blocks_app.components.code.code import Code

__all__ = ["Code"]
