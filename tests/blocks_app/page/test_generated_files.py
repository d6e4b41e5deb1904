"""Files that are made of what a page declares, and of what it makes while it is used."""

from __future__ import annotations

import blocks_app as gr
from blocks_app.page.generated_files import add_scripts, digest, file_text


def name_of(text: str) -> str:
    return f"fn-{digest(text)}.js"


def test_of_very_many_scripts_that_come_while_the_page_is_used_the_oldest_go() -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
    texts = [f"() => {number}" for number in range(1000)]
    add_scripts(demo, texts)
    add_scripts(demo, ["() => 'more'", texts[0]])
    kept = [file_text(demo, name_of(text)) is not None for text in (*texts[:3], "() => 'more'")]
    assert kept == [True, False, True, True]
