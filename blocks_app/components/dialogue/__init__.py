"""What several people say, line by line.

Interface: the name of this package.
"""

from blocks_app.components.dialogue.dialogue import Dialogue

__all__ = ["Dialogue"]
