"""Links to a page take as much as events do, until their own limit; most other views of ours take little."""

from __future__ import annotations

import httpx

import blocks_app as gr
from tests.serving import served


def test_a_link_keeps_long_texts_and_says_what_is_too_much_for_it() -> None:
    with gr.Blocks() as demo:
        text = gr.Textbox(interactive=True)
        gr.DeepLinkButton()
    with served(demo) as url:
        made, refused = (
            httpx.post(f"{url}deep_link?session_hash=s", json={"values": {text._id: "x" * size}})
            for size in (300_000, 1_200_000)
        )
        opened = httpx.get(f"{url}config", params={"deep_link": made.json()["id"]}).json()["components"]
    assert [each["props"]["value"] for each in opened if each["id"] == text._id] == ["x" * 300_000]
    assert refused.status_code == 413 and "too much on it for a link" in refused.json()["detail"]
