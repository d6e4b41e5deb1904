"""A film that a visitor gives or records, or that a function makes.

Interface: the names of this package.
"""

from blocks_app.components.video.video import PlayableVideo, Video

__all__ = ["PlayableVideo", "Video"]
