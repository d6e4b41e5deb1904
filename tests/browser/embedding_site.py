"""A Django site in one file with apps in its own pages: a strict policy with nonces, and styles that spoil a page.

`/` has two different apps and one of them twice, `/plain/` is a page without Django's templates.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        SECRET_KEY="embedding",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.browser.embedding_site",
        INSTALLED_APPS=["auth_app", "blocks_app", "queue_app", "tests.thirdparty_app"],
        MIDDLEWARE=["tests.browser.embedding_site.policy"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "OPTIONS": {"context_processors": ["django.template.context_processors.request"]}}],
        SESSION_ENGINE="django.contrib.sessions.backends.cache",
        LOGGING={"version": 1, "handlers": {"c": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["c"]}},
        USE_TZ=True,
    )  # fmt: skip
    django.setup()

from django.template import engines

import blocks_app as gr
from queue_app.transport.routing import get_asgi_application
from tests.thirdparty_app.components import Rating

HOSTILE = """
* { margin: 5px; letter-spacing: 3px; box-sizing: content-box; }
html { font-size: 62.5%; }
body { color: #f0f; font: italic 40px/3 cursive; text-transform: uppercase; text-align: right; }
button { all: unset; }
input, textarea { width: 10px !important; border: 9px dashed red !important; }
label, p, div { color: #0f0; display: inline; }
svg, img { display: none !important; }
.block, .column, .form, .contain { display: none !important; float: left; }
#component-1, #blocks-root { display: none; }
"""


def policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """As django-csp does it: a nonce on the request, and nothing runs without it."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(12)  # type: ignore[attr-defined]
        response = get_response(request)
        response.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'nonce-{request.csp_nonce}'; style-src 'nonce-{request.csp_nonce}'; "  # type: ignore[attr-defined]
            "connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'self'",
        )
        return response

    return answer


def letters(text: str) -> Iterator[str]:
    for end in range(1, len(text) + 1):
        yield text[:end]
        time.sleep(0.02)


def size(file: str | None) -> str:
    if file is None:
        raise gr.Error("There is no file.")
    return f"{Path(file).stat().st_size} bytes"


with gr.Blocks(title="Letters") as letters_app:
    text = gr.Textbox(label="Text")
    out = gr.Textbox(label="Letters")
    gr.Button("Spell").click(letters, text, out)
    again = gr.Button("Again")
    again.click(None, text, out, js="(text) => `${text}, ${document.querySelectorAll('textarea').length}`")
    calls = gr.State(0)
    count = gr.Number(label="Count")
    gr.Button("Count").click(lambda number: (number + 1, number + 1), calls, [calls, count])

with gr.Blocks(title="Files", theme="soft", css="body { --own: 7px; } .marked { padding: var(--own) } ") as files_app:
    file = gr.File(label="File")
    answer = gr.Textbox(label="Size", elem_classes="marked")
    gr.Button("Measure").click(size, file, answer)
    rating = Rating(1, label="Stars", stars=4)
    rating.input(lambda number: f"{number} stars", rating, answer)
    choice = gr.Dropdown(["one", "two"], label="Choice")
    with gr.Tab("First"):
        gr.Markdown("## A heading")
    with gr.Tab("Second"):
        late = gr.Slider(0, 10, label="Late")

with gr.Blocks(title="Secret") as secret_app:
    gr.Textbox("the secret", label="Secret")
secret_app.protect([("ann", "lovelace-1815")])

PAGE = """{% load blocks %}<!doctype html><html lang="en"><head><title>A site</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="{{ request.csp_nonce }}">STYLES</style></head><body><main><h1>A site</h1>
<input aria-label="Own" id="component-1"><section id="one" aria-label="One">{% blocks "letters" eager=True %}</section>
<section id="two" aria-label="Two">{% blocks files lang="de" %}</section>
<section id="three" aria-label="Three">{% blocks "/letters/" theme_mode="dark" height=300 %}</section>
<section id="four" aria-label="Four">{% blocks "secret" %}</section></main></body></html>"""


def page(request: HttpRequest, styles: str = "") -> HttpResponse:
    template = engines["django"].from_string(PAGE.replace("STYLES", styles))
    return HttpResponse(template.render({"files": files_app}, request))


def plain(request: HttpRequest) -> HttpResponse:
    nonce: Any = request.csp_nonce  # type: ignore[attr-defined]
    return HttpResponse(
        "<!doctype html><html lang=en><title>Plain</title><body><main><h1>Plain</h1>"
        f'<blocks-app src="/letters"></blocks-app><blocks-app src="/secret/"></blocks-app></main>'
        f'<script type="module" src="/letters/blocks-app.js" nonce="{nonce}"></script></body></html>'
    )


def icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"", content_type="image/svg+xml")


urlpatterns = [
    path("", page),
    path("hostile/", page, {"styles": HOSTILE}),
    path("plain/", plain),
    path("letters/", letters_app.urls),
    path("files/", files_app.urls),
    path("secret/", secret_app.urls),
    path("favicon.ico", icon),
]
application = get_asgi_application()
