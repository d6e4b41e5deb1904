"""Codecs of pictures, sound and film; heavy libraries are imported inside the functions that need them.

For components whose value is one, and for a running call, which bounds what is held at once.

Interface: `audio`, `audio_headers`, `decoding`, `ffmpeg`, `image`, `masks`, `pixels`, `sample_paths`, `subtitles`,
    `video`.
"""
