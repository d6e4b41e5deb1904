"""DuplicateButton and DeepLinkButton."""

from __future__ import annotations

import blocks_app as gr
from queue_app.testing import PageUser


def test_there_is_nothing_to_duplicate_and_it_says_so() -> None:
    with gr.Blocks() as demo:
        button = gr.DuplicateButton()
    with PageUser(demo) as user:
        user.click(button)
        assert "no Space to duplicate" in user.toasts[0].text


def test_a_duplicate_button_may_lead_to_the_source() -> None:
    with gr.Blocks() as demo:
        button = gr.DuplicateButton("Source", link="https://example.org/source")
    assert button.props()["link"] == "https://example.org/source"
    assert not demo.get_config_file()["dependencies"]


def test_a_deep_link_button_works_in_the_page_alone() -> None:
    with gr.Blocks() as demo:
        button = gr.DeepLinkButton("Share", 'It\'s "copied"')
    copy, back = demo.get_config_file()["dependencies"]
    assert [copy["backend_fn"], back["backend_fn"]] == [False, False]
    assert (copy["outputs"], copy["targets"]) == ([button._id], [[button._id, "click"]])
