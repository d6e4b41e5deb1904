"""A site that mounts the same small app at its root and below a prefix, beside a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

import blocks_app as gr


def greeter(title: str) -> gr.Blocks:
    with gr.Blocks(title=title) as demo:
        name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
        gr.Button("Run").click(greet, name, greeting, api_name="greet")
    return demo


def greet(name: str, request: gr.Request) -> str:
    return f"Hello {name}, {request.user}!"


def about(request: HttpRequest) -> HttpResponse:
    return HttpResponse("about us")


urlpatterns = [
    path("about/", about),
    path("deep/chat/", greeter("below").urls),
    path("", greeter("root").urls),
]
