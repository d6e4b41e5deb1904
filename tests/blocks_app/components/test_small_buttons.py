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


def test_a_deep_link_button_tells_the_page_what_goes_into_no_link() -> None:
    with gr.Blocks() as demo:
        key = gr.Textbox()
        button = gr.DeepLinkButton("Share", 'It\'s "copied"', exclude=key)
    assert demo.keeps_shown and not demo.get_config_file()["dependencies"]
    assert button.props() | {"copied_value": 'It\'s "copied"', "excluded": [key._id]} == button.props()
