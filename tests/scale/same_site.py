"""Apps of which every function is something that holds in one process, and so has to hold in several."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.utils.translation import gettext

import blocks_app as gr
from tests.scale.spans_file import trace_into

FOLDER = Path(os.environ["SAME_FOLDER"])
PATIENCE = 60.0
log = logging.getLogger("same")
trace_into(FOLDER / "spans")
import_module("queue_app.agents.serving")  # once for all processes that are forked


def note(line: str) -> None:
    """Tell the tests something beside all messages."""
    with (FOLDER / "notes").open("a") as notes:
        notes.write(f"{line}\n")


def gate(name: str) -> None:
    """Wait until the test lets it go on."""
    until = time.monotonic() + PATIENCE
    while not (FOLDER / f"{name}.go").exists() and time.monotonic() < until:
        time.sleep(0.01)


def echo(text: str) -> str:
    return text.upper()


def who(text: str, request: gr.Request) -> dict[str, Any]:
    """Everything that a function may ask about a visitor."""
    return {
        "user": str(request.user),
        "anonymous": request.user.is_anonymous,
        "name": request.username,
        "session": request.session_hash,
        "agent": request.headers["user-agent"],
        "query": request.query_params,
        "cookie": request.cookies.get("taste"),
        "host": request.client.host if request.client else None,
        "room": request.path_params,
        "language": request.language,
        "method": request.method,
        "path": request.url.path,
    }


def spell(text: str) -> Iterator[str]:
    for end in range(1, len(text) + 1):
        yield text[:end]


def steps(text: str, progress: gr.Progress = gr.Progress()) -> str:
    gr.Info("one", title="First", duration=3)
    for _ in progress.tqdm(range(3), desc="counting", unit="steps"):
        pass
    progress((1, 2), desc="half")
    gr.Warning("two")
    gr.Success("three")
    return text


def fail(text: str) -> str:
    if text == "told":
        raise gr.Error("not <b>this</b>", title="No", duration=7, visible=True)
    raise ValueError(f"a secret of {text}")


def fail_late(text: str) -> Iterator[str]:
    yield text
    raise gr.Error("too late", print_exception=False)


def remember(text: str, said: list[str]) -> tuple[str, list[str]]:
    said.append(text)
    return ",".join(said), said


def together(texts: list[str]) -> list[list[str]]:
    return [[text[::-1] for text in texts]]


def check(text: str) -> Any:
    return gr.validate(text != "bad", "not this one")


def shout(file: str) -> str:
    target = Path(tempfile.mkdtemp()) / f"loud {Path(file).name}"
    target.write_text(Path(file).read_text().upper())
    return str(target)


def draw(size: float) -> Any:
    import PIL.Image

    return PIL.Image.new("RGB", (int(size), 2), "red")


def speak(text: str) -> str:
    """Texts of Django's own catalogues, in the language of whoever asks, and the time where the site is."""
    return f"{gettext('Yes')} {gettext('January')} {timezone.get_current_timezone_name()}"


def hold(name: str) -> str:
    note(f"holds {name}")
    gate(name)
    return name


def stay(name: str) -> str:
    """Say which process it is, and wait until it may end."""
    note(f"{os.getpid()} stays {name}")
    gate(name)
    return name


async def hold_async(name: str) -> str:
    note(f"holds {name}")
    try:
        await asyncio.sleep(PATIENCE)
    except asyncio.CancelledError:
        note(f"cancelled {name}")
        raise
    return name


def watched(name: str) -> Iterator[str]:
    yield f"{name} begins"
    note(f"holds {name}")
    gate(name)
    yield f"{name} ends"


@gr.cache
def costly(text: str) -> str:
    note(f"costly {text}")
    return text * 2


def noted(text: str) -> str:
    log.warning("a function's own line: %s", text)
    return text


def update(text: str) -> Any:
    return gr.Dropdown(choices=["a", "b", text], value=text, label="Changed")


def choose(choice: str) -> str:
    return f"chosen {choice}"


def left(request: gr.Request) -> None:
    note(f"left {request.session_hash} {request.username}")


def slices(a: int, b: int = 5) -> list[int]:
    """Numbers from a to b.

    Args:
        a: the first.
        b: the last.
    """
    return list(range(a, b))


with gr.Blocks(title="Same") as app:
    text, out, anything, number = gr.Textbox(), gr.Textbox(), gr.JSON(), gr.Number()
    said, file, loud, picture = gr.State([]), gr.File(), gr.File(), gr.Image()
    choice = gr.Dropdown(["a", "b"])
    kept = gr.BrowserState("nothing")
    go = gr.Button()
    go.click(echo, text, out, api_name="echo")
    go.click(who, text, anything, api_name="who")
    go.click(spell, text, out, api_name="spell")
    go.click(steps, text, out, api_name="steps")
    go.click(fail, text, out, api_name="fail")
    go.click(fail_late, text, out, api_name="fail_late")
    go.click(remember, [text, said], [out, said], api_name="remember")
    go.click(together, text, out, api_name="together", batch=True, max_batch_size=4)
    go.click(echo, text, out, api_name="checked", validator=check)
    go.click(shout, file, loud, api_name="shout")
    go.click(draw, number, picture, api_name="draw")
    go.click(speak, text, out, api_name="speak")
    go.click(hold, text, out, api_name="hold", concurrency_id="gate")
    go.click(hold, text, out, api_name="hold_first", concurrency_id="gate", priority=9)
    go.click(hold_async, text, out, api_name="hold_async", concurrency_limit=None)
    go.click(stay, text, out, api_name="stay", concurrency_limit=None)
    go.click(lambda text: str(os.getpid()), text, out, api_name="where")
    go.click(watched, text, out, api_name="watched", concurrency_limit=None)
    go.click(costly, text, out, api_name="costly")
    go.click(noted, text, out, api_name="noted")
    go.click(update, text, choice, api_name="update")
    go.click(choose, choice, out, api_name="choose")
    go.click(lambda before, text: text, [kept, text], kept, api_name="keep")
    go.click(echo, text, out, api_name="direct", queue=False)
    go.click(lambda: note("tick"), None, None, api_name="tick", every=0.05)
    app.unload(left)
    gr.api(slices)

    @gr.render(inputs=text)
    def part(name: str) -> None:
        field = gr.Textbox(label=f"of {name}")
        field.submit(lambda given: f"{name} {given}", field, out)
        gr.Button().click(spell, field, out)


with gr.Blocks() as linked:
    text, out = gr.Textbox(), gr.Textbox()
    gr.DeepLinkButton()
    gr.Button().click(echo, text, out, api_name="echo")

with gr.Blocks() as private:
    text, out = gr.Textbox(), gr.JSON()
    gr.Button().click(who, text, out, api_name="who")
    gr.Button().click(
        echo, text, gr.Textbox(), api_name="for_ann", permission=lambda user: user is not None and str(user) == "ann"
    )

with gr.Blocks() as known:
    text, out = gr.Textbox(), gr.JSON()
    gr.Button().click(who, text, out, api_name="who")

with gr.Blocks() as narrow:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(hold, text, out, api_name="hold")
narrow.queue(max_size=2)

with gr.Blocks() as fair:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(hold, text, out, api_name="hold", concurrency_limit=4)
fair.queue(per_user_limit=1)

with gr.Blocks() as open_errors:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(fail, text, out, api_name="fail")

with gr.Blocks() as counted:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(echo, text, out, api_name="echo").then(fail, text, out, api_name="fail")
counted.declared_in = "same.counted"

loaded = gr.load(os.environ["SAME_ELSEWHERE"])


def answer(message: str, history: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{len(history)}"
    yield f"{len(history)} {message}"


chat = gr.ChatInterface(answer, api_name="chat")
kept_chat = gr.ChatInterface(answer, save_history=True)
face = gr.Interface(
    echo, "text", "text", flagging_mode="manual", flagging_callback=gr.CSVLogger(), flagging_dir=str(FOLDER / "flags")
)


def make_operator(request: Any) -> HttpResponse:
    """Somebody who may do everything in the admin."""
    if not User.objects.filter(username="root").exists():
        User.objects.create_superuser("root", password="everything")
    return HttpResponse("done")


urlpatterns = [
    path("operator/", make_operator),
    path("admin/", admin.site.urls),
    path("", include("queue_app.urls")),
    path("linked/", linked.urls),
    path("private/", private.protect(auth=[("ann", "one"), ("bob", "two")]).urls),
    path("known/", known.protect(auth_dependency=lambda request: request.headers.get("x-name")).urls),
    path("narrow/", narrow.urls),
    path("fair/", fair.urls),
    path("open/", open_errors.serving(show_error=True).urls),
    path("chat/", chat.urls),
    path("kept/", kept_chat.urls),
    path("face/", face.urls),
    path("counted/", counted.urls),
    path("loaded/", loaded.urls),
    path("<slug:room>/app/", app.serving(mcp_server=True).urls),
]
