"""Makes the sample files of the package anew: python demos/_samples/make_samples.py

Everything is drawn, rung and modelled here, from numbers; whoever likes may use it for anything (CC0). It needs numpy,
Pillow and imageio-ffmpeg.
"""

from __future__ import annotations

import base64
import importlib
import json
import math
import struct
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

PLACE = Path(__file__).resolve().parents[2] / "blocks_app/media/samples"
LICENCE = """These files were made by demos/_samples/make_samples.py, which is part of this project.
They are dedicated to the public domain: CC0 1.0 Universal, https://creativecommons.org/publicdomain/zero/1.0/
"""
RATE = 16_000
STORY = [
    (0.0, 1.0, "A wheel begins to turn."),
    (1.0, 2.0, "It turns once, and is where it was."),
]


def landscape(size: tuple[int, int], hour: float) -> Image.Image:
    """Hills, water and a sun, which stands higher at noon (1) than in the evening (0)."""
    wide, high = size
    y, x = np.mgrid[:high, :wide] / np.array([[[high]], [[wide]]])
    sky = np.stack([0.95 - 0.6 * hour * (1 - y), 0.55 + 0.25 * y + 0.1 * hour, 0.5 + 0.4 * hour + 0 * x], axis=2)
    sun = np.hypot((x - 0.7) * wide / high, y - 0.45 + 0.3 * hour) < 0.08
    sky[sun] = (1, 0.9, 0.5)
    for far in range(4):
        line = 0.45 + far * 0.1 + 0.06 * np.sin(x * (7 + 3 * far) + far * 2) + 0.02 * np.sin(x * (29 + far))
        shade = 0.75 - far * 0.17
        sky[y > line] = (0.35 * shade, 0.6 * shade, 0.55 * shade + 0.1)
    sky[y > 0.86] *= 0.8
    return Image.fromarray((np.clip(sky, 0, 1) * 255).astype(np.uint8))


def wheel(turn: float, size: int = 128) -> Image.Image:
    """A wheel with coloured spokes, at a part of a turn."""
    picture = Image.new("RGB", (size, size), "#f4f1ea")
    pen, middle, radius = ImageDraw.Draw(picture), size / 2, size * 0.42
    for spoke in range(8):
        angle = 2 * math.pi * (turn + spoke / 8)
        end = (middle + radius * math.cos(angle), middle + radius * math.sin(angle))
        pen.line(((middle, middle), end), fill=f"hsl({spoke * 45}, 70%, 45%)", width=size // 20)
    pen.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), outline="#333", width=size // 25)
    return picture


def melody(notes: list[int], seconds: float) -> np.ndarray[Any, Any]:
    """Plucked notes, numbered in half tones from the middle A."""
    each = int(RATE * seconds / len(notes))
    time = np.arange(each) / RATE
    parts = [np.sin(2 * math.pi * 440 * 2 ** (note / 12) * time) * np.exp(-4 * time) for note in notes]
    return (np.concatenate(parts) * 0.6 * 32767).astype("<i2")


def ring(steps: int, around: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Points and triangles of a torus."""
    u, v = np.meshgrid(np.arange(steps) * 2 * math.pi / steps, np.arange(around) * 2 * math.pi / around, indexing="ij")
    points = np.stack(
        [(1 + 0.35 * np.cos(v)) * np.cos(u), 0.35 * np.sin(v), (1 + 0.35 * np.cos(v)) * np.sin(u)], axis=2
    )
    faces = []
    for i in range(steps):
        for j in range(around):
            a, b = i * around + j, (i + 1) % steps * around + j
            c, d = (i + 1) % steps * around + (j + 1) % around, i * around + (j + 1) % around
            faces += [(a, c, b), (a, d, c)]
    return points.reshape(-1, 3).astype("<f4"), np.array(faces, "<u2")


def gltf(points: np.ndarray[Any, Any], faces: np.ndarray[Any, Any]) -> tuple[dict[str, Any], bytes]:
    """The description of a model in one colour, and the bytes that it is about."""
    content = points.tobytes() + faces.tobytes()
    lowest, highest = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    color = {"baseColorFactor": [0.9, 0.45, 0.1, 1], "metallicFactor": 0.1, "roughnessFactor": 0.6}
    accessors = [
        {"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3", "min": lowest, "max": highest},
        {"bufferView": 1, "componentType": 5123, "count": faces.size, "type": "SCALAR"},
    ]
    views = [
        {"buffer": 0, "byteOffset": 0, "byteLength": points.nbytes, "target": 34962},
        {"buffer": 0, "byteOffset": points.nbytes, "byteLength": faces.nbytes, "target": 34963},
    ]
    mesh = {"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}
    return {
        "asset": {"version": "2.0", "generator": "make_samples.py", "copyright": "CC0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [mesh],
        "materials": [{"pbrMetallicRoughness": color, "doubleSided": True}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(content)}],
    }, content


def glb(points: np.ndarray[Any, Any], faces: np.ndarray[Any, Any]) -> bytes:
    """The same in one binary file."""
    about, content = gltf(points, faces)
    text = json.dumps(about).encode()
    text, content = text + b" " * (-len(text) % 4), content + b"\0" * (-len(content) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(content), 0x004E4942) + content
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def write_images(place: Path) -> None:
    """Pictures of the kinds that Gradio has."""
    landscape((320, 240), 1).save(place / "hills.png", optimize=True)
    landscape((640, 427), 0.5).save(place / "harbour.jpg", quality=80)
    landscape((427, 640), 0).save(place / "evening.jpeg", quality=80)
    frames = [wheel(step / 64, 96).quantize(32) for step in range(8)]
    frames[0].save(place / "wheel.gif", save_all=True, append_images=frames[1:], duration=80, loop=0)


def write_audio(place: Path, run: Any) -> None:
    """A chime, and a melody; the second is compressed."""
    for name, notes, seconds in (("chime.wav", [0, 4, 7], 1.5), ("melody.wav", [0, 2, 4, 5, 7, 5, 4, 2, 0], 3.0)):
        with wave.open(str(place / name), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(melody(notes, seconds).tobytes())
    run("-i", place / "melody.wav", "-b:a", "32k", place / "melody.mp3")
    (place / "melody.wav").unlink()


def write_videos(place: Path, sound: Path, run: Any) -> None:
    """The wheel turns once, with sound and without."""
    frames = b"".join(wheel(step / 48).tobytes() for step in range(48))
    film = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "128x128", "-r", "24", "-i", "-")
    h264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "30", "-movflags", "+faststart")
    run(*film, "-i", sound, *h264, "-c:a", "aac", "-b:a", "32k", place / "wheel.mp4", given=frames)
    run(*film, *h264, place / "silent.mp4", given=frames)
    run(*film, "-i", sound, "-c:v", "mjpeg", "-q:v", "12", "-r", "12", place / "wheel.avi", given=frames)


def write_models(place: Path) -> None:
    """A ring, in each kind of file."""
    points, faces = ring(24, 12)
    lines = [f"v {x:.4f} {y:.4f} {z:.4f}" for x, y, z in points] + [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in faces]
    (place / "ring.obj").write_text("# CC0\n" + "\n".join(lines) + "\n")
    corners = points[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    facets = [
        np.concatenate([n[None], c]).astype("<f4").tobytes() + b"\0\0" for n, c in zip(normals, corners, strict=True)
    ]
    (place / "ring.stl").write_bytes(b"CC0".ljust(80) + struct.pack("<I", len(faces)) + b"".join(facets))
    about, content = gltf(points, faces)
    about["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
    (place / "ring.gltf").write_text(json.dumps(about))
    (place / "ring.glb").write_bytes(glb(points, faces))


def write_data(place: Path) -> None:
    """A table, an object, a text, and subtitles for the wheel."""
    hours = [(hour, round(2 + 1.5 * math.sin(hour * math.pi / 6.2), 2)) for hour in range(24)]
    (place / "tides.csv").write_text("hour,metres\n" + "".join(f"{hour},{metres}\n" for hour, metres in hours))
    (place / "tides.json").write_text(json.dumps([{"hour": hour, "metres": metres} for hour, metres in hours]) + "\n")
    (place / "story.txt").write_text("\n".join(text for _, _, text in STORY) + "\n")
    times = [(f"00:00:{start:06.3f}", f"00:00:{end:06.3f}", text) for start, end, text in STORY]
    (place / "story.vtt").write_text(
        "WEBVTT\n\n" + "\n".join(f"{start} --> {end}\n{text}\n" for start, end, text in times)
    )
    numbered = [
        f"{n}\n{start} --> {end}".replace(".", ",") + f"\n{text}\n" for n, (start, end, text) in enumerate(times, 1)
    ]
    (place / "story.srt").write_text("\n".join(numbered))


def main() -> None:
    """Write all of them."""
    program = importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe()  # for whoever makes them, not for a server

    def run(*arguments: Any, given: bytes | None = None) -> None:
        command = [program, "-y", "-loglevel", "error", *map(str, arguments[:-1])]
        plain = (
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact",
            "-flags:a",
            "+bitexact",
            "-shortest",
        )
        subprocess.run([*command, *plain, str(arguments[-1])], input=given, check=True)

    folders = {name: PLACE / name for name in ("images", "audio", "videos", "models3d", "data")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    (PLACE / "LICENSE.txt").write_text(LICENCE)
    write_images(folders["images"])
    write_audio(folders["audio"], run)
    write_videos(folders["videos"], folders["audio"] / "chime.wav", run)
    write_models(folders["models3d"])
    write_data(folders["data"])


if __name__ == "__main__":
    main()
