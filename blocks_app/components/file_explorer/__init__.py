"""FileExplorer: a folder of the server to choose from.

Interface: the names of this package.
"""

from blocks_app.components.file_explorer.file_explorer import FileExplorer

__all__ = ["FileExplorer"]
