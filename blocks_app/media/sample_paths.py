"""Small media that come with the package, for demos and for trying things out: `gr.get_image()` and its like.

All of them are of our own making, see demos/_samples, and free for any use (CC0).
"""

from __future__ import annotations

from pathlib import Path

_SAMPLES = Path(__file__).parent / "samples"

#: What Gradio's own samples are called: a program that asks for one gets ours of the same kind.
GRADIO = {
    "images": (
        "avatar.png", "bus.png", "cheetah.jpg", "cheetah1.jpg", "groot.jpeg", "hf-logo_transpng.png", "lion.jpg",
        "logo.png", "screenshot.gif", "tower.jpg",
    ),
    "audio": (
        "audio_sample.wav", "cantina.wav", "cate_blanch.mp3", "cate_blanch_2.mp3", "heath_ledger.mp3",
        "recording1.wav", "sax.wav",
    ),
    "videos": ("a.mp4", "b.avi", "b.mp4", "muted_b.mp4", "world.mp4"),
    "models3d": ("Bunny.obj", "Duck.glb", "Fox.gltf", "face.obj", "sofia.stl"),
    "data": ("imagenet_labels.json", "s1.srt", "s2.vtt", "s3.json", "sample.txt", "time.csv", "titanic.csv"),
}  # fmt: skip
_FIRST = {
    "images": "hills.png",
    "audio": "chime.wav",
    "videos": "wheel.mp4",
    "models3d": "ring.glb",
    "data": "tides.csv",
}


def get_image(filename: str | None = None) -> str:
    """Path of a picture that comes with the package.

    Args:
        filename: its name, such as "harbour.jpg"; hills.png unless given.

    Raises:
        FileNotFoundError: there is none of this name; the message names those that there are.
    """
    return path_of("images", filename)


def get_audio(filename: str | None = None) -> str:
    """Path of a sound that comes with the package.

    Args:
        filename: its name, such as "melody.mp3".

    Raises:
        FileNotFoundError: as for `get_image`.
    """
    return path_of("audio", filename)


def get_video(filename: str | None = None) -> str:
    """Path of a film that comes with the package.

    Args:
        filename: its name, such as "wheel.mp4".

    Raises:
        FileNotFoundError: as for `get_image`.
    """
    return path_of("videos", filename)


def get_model3d(filename: str | None = None) -> str:
    """Path of a 3D model that comes with the package.

    Args:
        filename: its name, such as "ring.obj".

    Raises:
        FileNotFoundError: as for `get_image`.
    """
    return path_of("models3d", filename)


def get_file(filename: str | None = None) -> str:
    """Path of a file with data that comes with the package.

    Args:
        filename: its name, such as "tides.csv".

    Raises:
        FileNotFoundError: as for `get_image`.
    """
    return path_of("data", filename)


def path_of(folder: str, filename: str | None) -> str:
    """A sample by its name, or that of Gradio's; see `get_image`."""
    known = {file.name: str(file) for file in sorted((_SAMPLES / folder).iterdir())}
    name = _FIRST[folder] if filename is None else filename
    if name in GRADIO[folder]:
        name = next(each for each in known if Path(each).suffix == Path(name).suffix)
    if name not in known:
        raise FileNotFoundError(f"There is no sample {filename!r} among the {folder}: there are {', '.join(known)}.")
    return known[name]
