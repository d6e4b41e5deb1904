"""Dataset: what a function gets of a chosen sample, what it may return, how samples are shown."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from queue_app.testing import PageUser

SAMPLES = [["a", 1], ["b", 2]]


def people(**options: Any) -> gr.Dataset:
    return gr.Dataset(components=["textbox", gr.Number(label="N", render=False)], samples=SAMPLES, **options)


def test_a_function_gets_the_sample_its_number_or_both() -> None:
    assert people().preprocess(1) == ["b", 2]
    assert people(type="index").preprocess(1) == 1
    assert people(type="tuple").preprocess(0) == (0, ["a", 1])
    assert people().preprocess(None) is None


@pytest.mark.parametrize("payload", [2, -1, True, "0", 1.0, [0], {"index": 0}, 10**30], ids=repr)
def test_what_is_no_sample_is_refused(payload: Any) -> None:
    with pytest.raises(Error, match="there is no sample"):
        people().preprocess(payload)


def test_a_result_is_a_number_or_a_sample() -> None:
    results = (1, ["b", 2], ("a", 1), ["z", 3], None, 7, "b")
    assert [people().postprocess(each) for each in results] == [1, 1, 0, None, None, None, None]


def test_columns_are_called_as_their_components() -> None:
    assert people().props()["headers"] == ["", "N"]
    assert people(headers=["Name", "Age"]).props()["headers"] == ["Name", "Age"]
    assert people().props()["components"] == ["textbox", "number"]


def test_pictures_are_stored_once_for_all_pages(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    picture = str(file_data.SAMPLES / "image.png")
    dataset = gr.Dataset(components=["image", "checkbox_group"], samples=[[picture, ["x", "y"]]])
    with file_data.use(file_data.FileContext()):
        first, again = dataset.props()["samples"], dataset.props()["samples"]
    assert first == again
    assert first[0][0]["orig_name"] == "image.png"
    assert picture not in str(first)


def test_samples_may_be_replaced_for_one_visitor() -> None:
    with gr.Blocks() as demo:
        dataset, chosen = people(), gr.JSON()
        more = gr.Button("More")
        more.click(lambda: [["c", 3]], None, dataset)
        dataset.click(lambda row: row, dataset, chosen)
    with PageUser(demo) as one, PageUser(demo) as other:
        one.click(more)
        assert one.prop(dataset, "samples") == [["c", 3]]
        for user, row in ((one, ["c", 3]), (other, ["a", 1])):
            user.set(dataset, 0)
            user.fire(dataset, "click", 0)
            assert user.value(chosen) == row


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"samples": [["a"]]}, "a value for each of its 2 components"),
        ({"samples": ["ab"]}, "a sample is a list"),
        ({"type": "both"}, "type='both' is unknown"),
        ({"layout": "gallery"}, "samples of several values need a table"),
        ({"samples_per_page": 0}, "a number from 1 on"),
        ({"sample_labels": ["one"]}, "1 sample_labels for 2 samples"),
        ({"components": ["nope", "textbox"]}, "there is no component 'nope'"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        gr.Dataset(**{"components": ["textbox", "number"], "samples": SAMPLES, **options})


def test_programs_see_its_components_options_and_samples() -> None:
    samples = gr.Dataset(components=["textbox"], samples=[["a"]], proxy_url="http://elsewhere/")
    assert [each["name"] for each in samples.component_props] == ["textbox"]
    assert (samples.raw_samples, samples.headers, samples.proxy_url) == ([["a"]], [], "http://elsewhere/")
    assert gr.Dataset(components=["slider"], component_props=[{"minimum": 5}]).component_props == [{"minimum": 5}]
    assert not {"component_props", "proxy_url"} & set(samples.props())
