"""python -m benchmarks.media BASE PREFIX PID KIND: one job's seconds, and the server's CPU time and memory, as JSON."""

from __future__ import annotations

import io
import json
import sys
import time
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.load.__main__ import processor_time
from benchmarks.media.visitor import Visitor

SIDE, PICTURES = 2000, 10
RATE, PIECES = 16_000, 120  # of half a second


def photographs() -> list[bytes]:
    """JPEGs of four megapixels, as a camera's: shades, edges and some noise."""
    down, across = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    noise = np.random.default_rng(7).normal(0, 4, (SIDE, SIDE)).astype(np.float32)
    made = []
    for number in range(PICTURES):
        waves = 90 + 80 * np.sin(across / (90 + 9 * number)) * np.cos(down / 140) + noise
        shades = np.dstack([waves, down / 8 + noise, 255 - across / 8 + noise])
        file = io.BytesIO()
        Image.fromarray(shades.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
        made.append(file.getvalue())
    return made


def recorded() -> list[bytes]:
    """WAVs of half a second, as a page sends them while it records."""
    made = []
    for number in range(PIECES):
        places = np.arange(RATE // 2) + number * RATE // 2
        file = io.BytesIO()
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", ""))
            sound.writeframes((np.sin(places / 10) * 12_000).astype("<i2").tobytes())
        made.append(file.getvalue())
    return made


def pictures(visitor: Visitor, files: list[bytes]) -> None:
    """Send all, have them mirrored, and fetch the answer."""
    sent = [visitor.upload(f"{at}.jpg", content, "image/jpeg") for at, content in enumerate(files)]
    (shown,) = visitor.call("mirrored", [{"image": each, "caption": None} for each in sent])
    assert len(shown) == PICTURES and visitor.fetch(shown) > 100_000 * PICTURES


def sound_in(visitor: Visitor, files: list[bytes]) -> None:
    """Send a piece, have it heard, send the next one."""
    told = ""
    for content in files:
        _, told = visitor.call("heard", visitor.upload("audio.wav", content, "audio/wav"), None)
    assert told in (f"{PIECES / 2:.2f} 11999", f"{PIECES / 2:.2f} 12000"), told


def sound_out(visitor: Visitor, files: list[bytes]) -> None:
    """Have a minute made, piece by piece, and fetch what can be played."""
    (song,) = visitor.call("sung")
    assert visitor.fetch(song) > 100_000


JOBS = {"pictures": (photographs, pictures), "sound in": (recorded, sound_in), "sound out": (list, sound_out)}


def peak(pid: int) -> float:
    """Most resident megabytes since `forget`."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def forget(pid: int) -> None:
    """Take the most memory from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def main() -> None:
    """Do it twice, the first time to have everything loaded, and print what the second one took."""
    base, prefix, pid, kind = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    make, job = JOBS[kind]
    files = make()
    job(Visitor(base, prefix), files)
    forget(pid)
    used, began = processor_time(pid), time.perf_counter()
    job(Visitor(base, prefix), files)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "cpu": processor_time(pid) - used, "memory": peak(pid)}))


if __name__ == "__main__":
    main()
