"""The small media that come with the package."""

from __future__ import annotations

import wave
from pathlib import Path

import PIL.Image
import pytest

import blocks_app as gr
from blocks_app.files import file_data
from blocks_app.media import sample_paths


def test_each_kind_gives_a_file_of_its_own() -> None:
    with PIL.Image.open(gr.get_image()) as image:
        assert image.size == (320, 240)
    with wave.open(gr.get_audio()) as sound:
        assert sound.getnframes() / sound.getframerate() == 1.5
    assert Path(gr.get_video()).read_bytes()[4:8] == b"ftyp"
    assert Path(gr.get_model3d()).read_bytes()[:4] == b"glTF"
    assert Path(gr.get_file("story.vtt")).read_text().startswith("WEBVTT")


def test_names_of_gradios_samples_give_ours_of_the_same_kind() -> None:
    assert Path(gr.get_image("cheetah1.jpg")).name == "harbour.jpg"
    assert Path(gr.get_video("world.mp4")).suffix == ".mp4"
    folders = sample_paths.GRADIO.items()
    for folder, names in folders:
        for name in names:
            assert Path(sample_paths.path_of(folder, name)).suffix == Path(name).suffix


@pytest.mark.parametrize("name", ["moon.png", "../text.txt", ""])
def test_a_name_that_is_not_there_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=r"harbour\.jpg, hills\.png"):
        gr.get_image(name)


def test_they_are_small_and_say_who_may_use_them() -> None:
    files = [file for file in file_data.SAMPLES.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 400_000
    assert "CC0" in (file_data.SAMPLES / "LICENSE.txt").read_text()


def test_a_function_may_hand_them_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        [shown] = gr.Gallery().postprocess([gr.get_video()])
    assert shown["video"]["orig_name"] == "wheel.mp4"
