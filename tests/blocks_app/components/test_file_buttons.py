"""UploadButton and DownloadButton: what a function gets, what it may return, in a page of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> file_data.FileContext:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    return file_data.FileContext()


def test_an_upload_button_gives_what_a_file_gives(context: file_data.FileContext) -> None:
    with file_data.use(context):
        sent = {"path": context.store.save(b"hello", "t.txt").path}
        assert Path(gr.UploadButton().preprocess(sent)).read_text() == "hello"
        assert gr.UploadButton(type="binary", file_count="multiple").preprocess([sent]) == [b"hello"]
        with pytest.raises(Error, match=r'UploadButton "Pictures": .t.txt. is of another type'):
            gr.UploadButton("Pictures", file_types=["image"]).preprocess(sent)


def test_a_download_button_hands_out_a_path_or_an_address(context: file_data.FileContext, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    made.write_text("a,b")
    button = gr.DownloadButton()
    with file_data.use(context):
        data = button.postprocess(made)
        assert data is not None and data["orig_name"] == "made.csv"
        assert Path(str(button.preprocess(data))).read_text() == "a,b"
        address = button.postprocess("https://example.org/x.pdf")
        assert address is not None and address["url"] == "https://example.org/x.pdf"
        with pytest.raises(Error, match="does not fetch files"):
            button.preprocess(address)
        with pytest.raises(file_data.InvalidPathError):
            button.postprocess("/etc/passwd")
    assert button.postprocess(None) is None
    assert button.preprocess(None) is None


def test_icon_and_file_of_one_button_are_two_files(context: file_data.FileContext) -> None:
    picture = str(file_data.SAMPLES / "image.png")
    button = gr.DownloadButton(value=picture, icon=picture)
    with file_data.use(context):
        value, icon = button.initial_value(), button.props()["icon"]
    assert value["orig_name"] == icon["orig_name"] == "image.png"


def test_a_function_makes_the_file_of_each_visit(context: file_data.FileContext) -> None:
    with gr.Blocks() as demo:
        gr.DownloadButton(value=lambda: str(file_data.SAMPLES / "text.txt"))
    (load,) = demo.get_config_file()["dependencies"]
    assert load["targets"][0][1] == "load"


def test_words_that_mean_nothing_are_refused() -> None:
    with pytest.raises(DeclarationError, match="UploadButton: file_count='some' is unknown"):
        gr.UploadButton(file_count="some")  # type: ignore[arg-type]
    with pytest.raises(DeclarationError, match="DownloadButton: variant must be one of primary"):
        gr.DownloadButton(variant="red")  # type: ignore[arg-type]


@pytest.mark.parametrize("component", [gr.UploadButton(), gr.File(), gr.DownloadButton(), gr.FileExplorer()])
@pytest.mark.parametrize("wrong", [5, 1.5, object()])
def test_what_is_no_file_is_told(component: gr.Component, wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"file is given by its path.*not by {type(wrong).__name__}\."):
        component.postprocess(wrong)
