"""Audio."""

TRY = {
    "Audio.buttons": ["share"],
    "Audio.format": "mp3",
    "Audio.show_download_button": False,
    "Audio.sources": ["microphone"],
    "Microphone.sources": ["upload"],
    "Audio.subtitles": [{"text": "Hello", "timestamp": [0, 1]}],
    "Audio.waveform_options": {"skip_length": 10},
}
#: It streams from the microphone alone.
WITH = {"Audio.streaming": {"sources": ["microphone"]}}
OTHER_DEFAULTS = {"Microphone.sources": "the microphone, which None means there"}
