"""Cancelling a plain function, which cannot be stopped: it runs on, the job is cancelled, the next one starts."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Iterator

import pytest

import blocks_app as gr
from blocks_client import Client


class Slow:
    """A function that runs until it is let go."""

    def __init__(self) -> None:
        self.began, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, text: str) -> str:
        if text == "quick":
            return text
        self.began.set()
        self.go.wait(60)
        self.ended.set()
        return "too late"


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()


def test_the_job_is_cancelled_and_the_function_runs_on(slow: Slow) -> None:
    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()
        gr.Button().click(slow, text, out, api_name="slow")
    url = demo.launch(prevent_thread_lock=True, quiet=True).local_url
    try:
        with Client(str(url), verbose=False) as client:
            job = client.submit("slow", api_name="/slow")
            assert slow.began.wait(30)
            assert job.cancel() and job.cancelled()
            with pytest.raises(concurrent.futures.CancelledError):
                job.result(timeout=30)
            assert (job.status().code.name, job.status().success) == ("CANCELLED", False)
            assert not slow.ended.is_set()
            assert client.submit("quick", api_name="/slow").result(timeout=30) == "quick"  # the slot is free
            assert not slow.ended.is_set()
            slow.go.set()
            assert slow.ended.wait(30)
            assert job.status().code.name == "CANCELLED" and job.outputs() == []
    finally:
        demo.close(verbose=False)
