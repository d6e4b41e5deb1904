"""A Django project in one file that serves the apps which the official clients call.

`/` has the endpoints, `/full/` a queue of two places, `/open/` tells the texts of all errors.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.urls import path

if not settings.configured:
    settings.configure(
        SECRET_KEY="interop",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.interop.site",
        INSTALLED_APPS=["auth_app", "blocks_app", "queue_app"],
        MIDDLEWARE=[],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        USE_TZ=True,
    )
    django.setup()

import blocks_app as gr
from blocks_app.web.registry import mount
from queue_app.transport.routing import get_asgi_application


def echo(text: str, num: float = 3) -> str:
    """Repeat the text."""
    return f"{text}:{num:g}"


def letters(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the text letter by letter."""
    for end in range(1, len(text) + 1):
        yield text[:end], {"letters": list(text[:end])}


def count(pause: float) -> Iterator[str]:
    """Count until stopped."""
    for number in range(1000):
        yield str(number)
        time.sleep(pause)


def steps(pause: float, progress: gr.Progress = gr.Progress()) -> str:
    """Tell how far it is."""
    for index in range(4):
        progress((index, 4), desc="working", unit="steps")
        time.sleep(pause)
    gr.Info("nearly there")
    time.sleep(pause)
    return "done"


def shout(file: str) -> str:
    """Give back the file in capitals."""
    folder = tempfile.mkdtemp()
    target = Path(folder) / f"loud {Path(file).name}"
    target.write_text(Path(file).read_text().upper())
    return str(target)


def remember(item: str, items: list[str]) -> tuple[str, list[str]]:
    """Keep what the session has said."""
    items = [*items, item]
    return ",".join(items), items


def fail(kind: str) -> str:
    """Fail in the way that is asked for."""
    if kind == "gr":
        raise gr.Error("bad <x>")
    raise ValueError("secret detail")


def fail_late(text: str) -> Iterator[str]:
    """Fail after a first value."""
    yield text
    raise gr.Error("too late")


def double(numbers: list[float]) -> list[list[float]]:
    """Double many numbers in one call."""
    return [[number * 2 for number in numbers]]


def nap(seconds: float) -> str:
    """Sleep."""
    time.sleep(seconds)
    return "awake"


def who(request: gr.Request) -> str:
    """Name the program that asks."""
    return str(request.headers["user-agent"]).split("/")[0]


with gr.Blocks(title="Interop") as demo:
    text, num = gr.Textbox(label="text"), gr.Number(label="num")
    out, tree = gr.Textbox(label="out"), gr.JSON(label="tree")
    seconds = gr.Number(label="seconds", value=0.1)
    upload, loud = gr.File(label="upload"), gr.File(label="loud")
    kept = gr.State([])
    go = gr.Button("Go")
    go.click(echo, [text, num], out, api_name="echo")
    go.click(letters, text, [out, tree], api_name="letters")
    go.click(count, seconds, out, api_name="count")
    go.click(steps, seconds, out, api_name="steps")
    go.click(shout, upload, loud, api_name="shout")
    go.click(remember, [text, kept], [out, kept], api_name="remember")
    go.click(fail, text, out, api_name="fail")
    go.click(fail_late, text, out, api_name="fail_late")
    go.click(double, num, num, api_name="double", batch=True, max_batch_size=4)
    go.click(nap, seconds, out, api_name="nap")
    go.click(who, None, out, api_name="who")
    go.click(echo, [text, num], out, api_name="direct", queue=False)
    go.click(echo, [text, num], out, api_name="hidden", show_api=False)
    go.click(echo, [text, num], out, api_name=False)

with gr.Blocks(title="Full") as full:
    wait = gr.Number(label="seconds")
    answer = gr.Textbox(label="answer")
    gr.Button("Go").click(nap, wait, answer, api_name="nap")
full.queue(max_size=2, api_open=False)

with gr.Blocks(title="Open") as open_errors:
    kind, nothing = gr.Textbox(label="kind"), gr.Textbox(label="nothing")
    gr.Button("Go").click(fail, kind, nothing, api_name="fail")
mount(open_errors).options.show_error = True

urlpatterns = [path("full/", full.urls), path("open/", open_errors.urls), path("", demo.urls)]
application = get_asgi_application()
