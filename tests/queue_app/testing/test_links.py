"""Links to pages as they are, seen by simulated users."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


class Notes:
    """What is typed, and what a function makes of it."""

    def __init__(self) -> None:
        with gr.Blocks() as self.demo:
            self.text = gr.Textbox(label="Text")
            self.secret = gr.Textbox(label="Secret", type="password")
            self.loud = gr.Textbox(label="Loud")
            self.clock = gr.Textbox(lambda: "now", label="Clock", interactive=True)
            self.parts = gr.State([])
            self.text.submit(lambda x, _, parts: (x.upper(), [*parts, x]), [self.text, self.secret, self.parts], [
                self.loud, self.parts,
            ])  # fmt: skip
            self.count = gr.Textbox(label="Count")
            gr.Button("Count").click(lambda parts: str(len(parts)), self.parts, self.count)
            gr.DeepLinkButton()

            @gr.render(self.text)
            def shown(text: str) -> None:
                gr.Markdown(f"Shown: {text}")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))


def test_a_link_opens_the_page_of_somebody_else_as_it_was() -> None:
    notes = Notes()
    with PageUser(notes.demo) as page:
        page.set(notes.text, "hi")
        page.set(notes.secret, "hush")
        page.submit(notes.text)
        page.set(notes.text, "hi there")
        page.set(notes.clock, "then")
        link = page.link()
        page.set(notes.text, "later")
        with PageUser(notes.demo, query=f"deep_link={link}") as other:
            assert other.value(notes.text) == "hi there" and other.value(notes.loud) == "HI"
            assert other.value(notes.secret) is None and other.value(notes.clock) == "then"
            assert other.value(other.find(gr.Markdown)) == "Shown: hi there"
            other.submit(notes.text)
            assert other.value(notes.loud) == "HI THERE"
            anew = other.link()
        assert page.value(notes.loud) == "HI"
        with PageUser(notes.demo, query=f"deep_link={anew}") as third:
            assert third.value(notes.loud) == "HI THERE"


def test_a_reload_forgets_what_functions_had_shown_before() -> None:
    notes = Notes()
    with PageUser(notes.demo) as page:
        page.set(notes.text, "hi")
        page.submit(notes.text)
        page.reload()
        link = page.link()
        with PageUser(notes.demo, query=f"deep_link={link}") as other:
            assert other.value(notes.loud) is None


def test_a_wrong_link_opens_the_page_as_it_starts() -> None:
    notes = Notes()
    with PageUser(notes.demo, query="deep_link=wrong") as page:
        assert page.value(notes.text) is None and page.value(notes.clock) == "now"
