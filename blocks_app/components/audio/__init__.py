"""Audio: sound that a visitor gives or records, or that a function makes.

Interface: the names of this package.
"""

from blocks_app.components.audio.audio import Audio, Mic, Microphone
from blocks_app.components.audio.waveform_options import WaveformOptions

__all__ = ["Audio", "Mic", "Microphone", "WaveformOptions"]
