"""A sound that comes in pieces: what a generator yields is heard while it comes, and is one file in the end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.media import audio as codec
from blocks_app.media.audio_headers import bare_mpeg

#: With what a file begins that is no more of the samples before.
_HEADS = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"FORM", b"ID3", b"\x1a\x45\xdf\xa3")
MPEG, WAV = "audio/mpeg", "audio/wav"


class Pieces:
    """Those of one run so far. All are MP3, which goes on as it is, or become WAV with the same rate and channels."""

    def __init__(self, block: str) -> None:
        self.block = block
        self.data: list[file_data.FileData] = []
        self.kind = ""
        self.rate = self.channels = 0
        #: Where all of it is written, behind one another: MP3 as it is, else the samples alone.
        self._place: Path | None = None
        self._samples = 0
        self._whole: Path | None = None

    def add(self, value: Any) -> None:
        """One more. Raises Error for what does not go on with those before, ValueError for what is no sound."""
        if self._whole is not None:
            return  # it has been ended before its time, and nobody is there for more
        content = self._mpeg(value)
        if content is None:
            rate, samples = self._decoded(value)
            if not len(samples):
                return
            self._check(rate, samples.shape[1])
            content = codec.wav(rate, samples)
            self._write(samples.astype("<i2", copy=False).tobytes(), samples.size)
        elif content:
            self._write(content, 0)
        if content:
            name = "piece.mp3" if self.kind == MPEG else "piece.wav"
            self.data.append(file_data.publish(content, name, size=False))

    def so_far(self) -> dict[str, Any] | None:
        """The wire value: the last piece, with the addresses of all."""
        if not self.data:
            return None
        pieces = [{"path": each["path"], "url": each["url"]} for each in self.data]
        return {**self.data[-1], "is_stream": True, "type": self.kind, "pieces": pieces}

    def joined(self) -> Path | None:
        """All of it as one new file, made once; None when nothing came."""
        if self._whole is not None or self._place is None:
            return self._whole
        self._whole = self._place if self.kind == MPEG else self._written(self._place)
        return self._whole

    def _written(self, place: Path) -> Path:
        """The samples with what stands before them in a WAV."""
        target = file_data.scratch("audio.wav")
        with target.open("wb") as file, place.open("rb") as samples:
            file.write(codec.wav_head(self.rate, self.channels, self._samples))
            while part := samples.read(1 << 20):
                file.write(part)
        place.unlink(missing_ok=True)
        return target

    def _mpeg(self, value: Any) -> bytes | None:
        """The content of a piece of MP3; None for other kinds."""
        if self.kind == WAV or not isinstance(value, bytes | bytearray | str | os.PathLike | Mapping):
            return None
        if isinstance(value, bytes | bytearray):
            content = bytes(value)
        else:
            path = self._path(value)
            if not self.kind and codec.look(path, self.block).container != "mp3":
                return None
            content = path.read_bytes()
        if not self.kind and codec.suffix_of(content) != ".mp3":
            return None
        self.kind = MPEG
        return bare_mpeg(content)

    def _decoded(self, value: Any) -> tuple[int, Any]:
        """The rate and the samples of a piece of any other kind, one column for each channel."""
        if self.kind == MPEG:
            raise Error(f"{self.block}: the pieces of a sound are of one kind: after MP3 more MP3 has to come.")
        self.kind = WAV
        if isinstance(value, str | os.PathLike | Mapping):
            return self._read(self._path(value))
        if isinstance(value, bytes | bytearray):
            content = bytes(value)
            if self.rate and not content.startswith(_HEADS) and content[4:8] != b"ftyp":
                return self.rate, codec.raw(content, self.channels)  # it goes on behind the head of the first one
            place = file_data.scratch("piece")
            place.write_bytes(content)
            try:
                return self._read(place)
            finally:
                place.unlink(missing_ok=True)
        rate, array = codec.pair(value, self.block)
        return rate, codec.to_samples(array, self.block, peak=False)

    def _read(self, path: Path) -> tuple[int, Any]:
        found = codec.look(path, self.block)
        rate, samples = codec.decode(path, found, lambda: file_data.scratch("piece.wav"), self.block, counts=False)
        return rate, samples.reshape(len(samples), -1)

    def _path(self, value: Any) -> Path:
        """Where a yielded file lies; it has to be one that may be handed out."""
        wire = file_data.publish(value, size=False)
        if file_data.is_web_address(wire["path"]):
            raise Error(f"{self.block}: the pieces of a sound are files, bytes or arrays, not addresses.")
        return file_data.receive(wire, None).path

    def _check(self, rate: int, channels: int) -> None:
        if self.rate and (rate, channels) != (self.rate, self.channels):
            raise Error(
                f"{self.block}: the pieces of a sound have one rate and as many channels: after {self.rate} samples a "
                f"second in {self.channels} came {rate} in {channels}."
            )
        self.rate, self.channels = rate, channels

    def _write(self, content: bytes, samples: int) -> None:
        if self._samples + samples > conf.max_audio_samples():
            raise Error(f"{self.block}: the sound has too many samples: {conf.max_audio_samples():,} are allowed.")
        if self._place is None:
            self._place = file_data.scratch("audio.mp3" if self.kind == MPEG else "audio.raw")
        with self._place.open("ab") as file:
            file.write(content)
        self._samples += samples
