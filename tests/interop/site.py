"""A Django project in one file that serves the apps which the official clients call.

`/` has the endpoints, `/full/` a queue of two places, `/open/` tells the texts of all errors. What is to be seen while
a function runs is seen at `/held/`, whose functions wait for a gate that `/gates/` opens.
"""

from __future__ import annotations

import hashlib
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


PATIENCE = 60
GATES = Path(tempfile.gettempdir()) / "interop-gates"


class Gate:
    """What is told by one function and waited for by another, which may run in another process."""

    def __init__(self, name: str) -> None:
        self._file = GATES / hashlib.sha256(name.encode()).hexdigest()

    def open(self) -> None:
        """Let those go on who wait."""
        GATES.mkdir(exist_ok=True)
        self._file.touch()

    def wait(self) -> bool:
        """Until it is open, or for long enough."""
        until = time.monotonic() + PATIENCE
        while not self._file.exists():
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True


def hold(gate: str) -> str:
    """Wait at the gate."""
    Gate(f"begun {gate}").open()
    Gate(gate).wait()
    return "awake"


def held_steps(gate: str, progress: gr.Progress = gr.Progress()) -> str:
    """Tell how far it is, then that it is nearly there; wait at the gate after each."""
    progress((0, 4), desc="working", unit="steps")
    Gate(gate).wait()
    gr.Info("nearly there")
    Gate(f"{gate} again").wait()
    return "done"


def wait_begun(gate: str) -> str:
    """Wait until a function waits at the gate."""
    return "begun" if Gate(f"begun {gate}").wait() else "never"


def open_gate(gate: str) -> str:
    """Let those at the gate go on."""
    Gate(gate).open()
    return "open"


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


def greet(name: str, punctuation: str = "!") -> str:
    """Greet somebody."""
    return f"Hello {name}{punctuation}"


greeter = gr.Interface(greet, "text", "text")
counter = gr.Interface(letters, "text", ["text", "json"], api_name=None)

with gr.Blocks(title="Full") as full:
    wait = gr.Number(label="seconds")
    answer = gr.Textbox(label="answer")
    gr.Button("Go").click(nap, wait, answer, api_name="nap")
    gr.Button("Hold").click(hold, gr.Textbox(label="gate"), answer, api_name="hold")
full.queue(max_size=2, api_open=False)

with gr.Blocks(title="Open") as open_errors:
    kind, nothing = gr.Textbox(label="kind"), gr.Textbox(label="nothing")
    gr.Button("Go").click(fail, kind, nothing, api_name="fail")
mount(open_errors).options.show_error = True

with gr.Blocks(title="Held") as held:
    gate, released = gr.Textbox(label="gate"), gr.Textbox(label="told")
    gr.Button("Hold").click(hold, gate, released, api_name="hold")
    gr.Button("Steps").click(held_steps, gate, released, api_name="steps")

with gr.Blocks(title="Gates") as gatekeeper:
    gate, released = gr.Textbox(label="gate"), gr.Textbox(label="told")
    gr.Button("Begun").click(wait_begun, gate, released, api_name="begun")
    gr.Button("Open").click(open_gate, gate, released, api_name="open")


def slices(a: int, b: int = 5, c: list[str] | None = None) -> tuple[int, list[str]]:
    """Add two numbers, and cut a list there."""
    return a + b, (c or list("abcdefghij"))[a:b]


def loud(file: gr.FileData) -> gr.FileData:
    """Give back the file in capitals."""
    return {"path": shout(file["path"])}


with gr.Blocks(title="Programs") as programs:
    gr.api(slices)
    gr.api(loud)


def answer(message: str, history: list[dict[str, Any]], manner: str = "plainly") -> Iterator[str]:
    """Answer in two steps."""
    yield f"{len(history)}"
    yield f"{len(history)} {message} {manner}"


chat = gr.ChatInterface(answer, additional_inputs=[gr.Textbox("plainly", label="manner")])

urlpatterns = [
    path("chat/", chat.urls),
    path("programs/", programs.urls),
    path("held/", held.urls),
    path("gates/", gatekeeper.urls),
]
urlpatterns += [path("greeter/", greeter.urls), path("counter/", counter.urls)]
urlpatterns += [path("full/", full.urls), path("open/", open_errors.urls), path("", demo.urls)]
application = get_asgi_application()
