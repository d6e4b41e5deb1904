"""The app of the chat measure: python chat.py MODULE PORT, or `benchmarks.apps.chat:application` for a server.

The application answers `/raw?tokens=500&rate=50` itself: the same words at the same pace as plain server-sent events,
without anything of Blocks.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")


#: Events in work at once. With less than there are conversations some would wait for the end of others everywhere.
AT_ONCE = 500


async def words(tokens: int, rate: float) -> AsyncIterator[str]:
    """As a model says them: so many in a second; as fast as they are taken with 0."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(tokens):
        yield f"word{number} "
        await asyncio.sleep(max(0, began + (number + 1) / rate - loop.time()) if rate else 0)


async def pairs(message: str, tokens: float, rate: float) -> AsyncIterator[list[list[str]]]:
    """Answer in pairs, as Gradio 4 has them."""
    answer = ""
    async for word in words(int(tokens), rate):
        answer += word
        yield [[message, answer]]


async def messages(message: str, tokens: float, rate: float) -> AsyncIterator[list[dict[str, str]]]:
    """Answer in messages, as Gradio 6 has them."""
    answer = ""
    async for word in words(int(tokens), rate):
        answer += word
        yield [{"role": "user", "content": message}, {"role": "assistant", "content": answer}]


def declare(module: str) -> Any:
    """The page, declared with `import gradio as gr` or `import blocks_app as gr`."""
    gr = importlib.import_module(module)
    old = getattr(gr, "__version__", "6").startswith("4")
    with gr.Blocks() as demo:
        inputs = [gr.Textbox(), gr.Number(500), gr.Number(0)]
        answer = pairs if old else messages
        inputs[0].submit(answer, inputs, gr.Chatbot(), api_name="chat", concurrency_limit=None)
    demo.queue(max_size=None)
    return demo


async def raw(scope: dict[str, Any], send: Any) -> None:
    """Plain server-sent events."""
    asked = dict(parse_qsl(scope["query_string"].decode()))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    async for word in words(int(asked["tokens"]), float(asked["rate"])):
        event = f"data: {json.dumps({'data': word})}\n\n"
        await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def site() -> Any:
    """A Django site with the page, and beside it the plain events."""
    import django
    from django.conf import settings
    from django.urls import path

    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["auth_app", "blocks_app", "queue_app"],
        MIDDLEWARE=[],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()

    from queue_app.transport.routing import get_asgi_application

    globals()["urlpatterns"] = [path("", declare("blocks_app").serving(max_threads=AT_ONCE).urls)]
    blocks = get_asgi_application()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/raw":
            await raw(scope, send)
        else:
            await blocks(scope, receive, send)

    return application


if __name__ == "__main__" and sys.argv[1] == "blocks_app":
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(["-b", "127.0.0.1", "-p", sys.argv[2], "-v", "0", "benchmarks.apps.chat:application"])
elif __name__ == "__main__":
    declare(sys.argv[1]).launch(server_port=int(sys.argv[2]), max_threads=AT_ONCE, quiet=True, show_error=True)
elif __name__ == "benchmarks.apps.chat" and "django.conf" not in sys.modules:
    application = site()
