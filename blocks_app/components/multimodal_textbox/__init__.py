"""A field for text and files together, as a chat has it.

Interface: the name of this package.
"""

from blocks_app.components.multimodal_textbox.multimodal_textbox import MultimodalTextbox

__all__ = ["MultimodalTextbox"]
