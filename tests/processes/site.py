"""A site with one app: it counts until it is stopped, fails as long as a file is missing, and keeps a number."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import path

import blocks_app as gr

_never = threading.Event()


def count(text: str) -> Iterator[str]:
    yield f"{text} has begun"
    while not _never.wait(0.05):
        yield text


def fail(text: str) -> str:
    if not Path(os.environ["MENDED"]).exists():
        raise ValueError("no luck")
    return f"{text} at last"


with gr.Blocks() as demo:
    text, out, total = gr.Textbox(), gr.Textbox(), gr.State(0)
    gr.Button().click(count, text, out, api_name="count")
    gr.Button().click(fail, text, out, api_name="fail")
    gr.Button().click(lambda number: (number + 1, str(number + 1)), total, [total, out], api_name="add")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("static/<path:path>", serve, {"insecure": True}),
    path("app/", demo.protect(auth="django").urls),
]
