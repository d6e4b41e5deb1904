"""Video."""

TRY = {
    "Video.buttons": ["share"],
    "Video.format": "webm",
    "Video.include_audio": False,  # None keeps it, unless the camera is the only source
    "Video.max_length": 10.5,
    "Video.min_length": 1.5,
    "Video.subtitles": [{"text": "Hello", "timestamp": [0, 1]}],
}
