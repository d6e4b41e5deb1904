"""An app's own texts in several languages: which is shown to whom."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path
from django.utils import translation

import blocks_app as gr
from blocks_app import i18n
from queue_app.server.launch_options import LaunchArguments
from queue_app.testing import PageUser
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Client

LOCALE = ["django.middleware.locale.LocaleMiddleware"]


@pytest.fixture
def texts() -> Iterator[gr.I18n]:
    before = set(i18n.known)
    yield gr.I18n(
        en={"hello": "Hello", "bye": "Bye"}, de={"hello": "Hallo"}, ar={"hello": "مرحبا"}, **{"pt-BR": {"hello": "Oi"}}
    )
    i18n.known.clear()
    i18n.known.update(before)


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Hallo"), ("de-at", "Hallo"), ("pt-br", "Oi"), ("ja", "Hello"), ("en", "Hello")]
)
def test_a_text_is_that_of_the_language_that_is_spoken(texts: gr.I18n, language: str, text: str) -> None:
    hello = texts("hello")
    with i18n.spoken(language):
        assert str(hello) == text and f"{hello}!" == f"{text}!"
    with translation.override(language):
        assert str(hello) == text


def test_a_key_without_a_text_asks_gettext_then_english(texts: gr.I18n) -> None:
    with translation.override("de"):
        assert str(texts("Yes")) == "Ja" and str(texts("bye")) == "Bye" and str(texts("no such key")) == "no such key"


def test_a_code_that_no_browser_sends_is_told(texts: gr.I18n) -> None:
    with pytest.warns(UserWarning, match="'deutsch!' is no code"):
        gr.I18n(**{"deutsch!": {}})
    assert gr.I18n(en={"a": "b"}).translations_dict == {"en": {"a": "b"}}


@pytest.mark.parametrize("middleware", [[], LOCALE])
async def test_each_browser_is_shown_its_own(texts: gr.I18n, middleware: list[str]) -> None:
    """With Django's search for the language and without it."""
    with gr.Blocks() as demo:
        gr.Textbox(texts("bye"), label=texts("hello"))
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("", demo.urls)]
    with override_settings(ROOT_URLCONF=urlconf, MIDDLEWARE=middleware, USE_I18N=True):
        client = Client(BlocksASGI(ASGIHandler()))
        clear_url_caches()
        for accepted, label, start in (
            ("de-AT,de;q=0.9", "Hallo", '<html lang="de'),
            ("ar", "مرحبا", '<html lang="ar" dir="rtl"'),
            ("tlh", "Hello", '<html lang="en'),
        ):
            shown = (await client.get("/", headers={"Accept-Language": accepted})).body.decode()
            assert f'"label":"{label}"' in shown and start in shown
    clear_url_caches()


def test_what_a_function_says_is_in_the_language_of_its_visitor(texts: gr.I18n) -> None:
    with gr.Blocks() as demo:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: texts("hello"), None, box)
    with PageUser(demo, headers={"Accept-Language": "de"}) as page:
        page.click(button)
        assert page.value(box) == "Hallo"


def test_launch_takes_the_texts_as_gradio_does(texts: gr.I18n) -> None:
    with gr.Blocks() as demo:
        gr.Textbox(label=texts("hello"))
    with pytest.raises(ValueError, match=r"`i18n` must be a gr\.I18n with the app's texts, not \{'de'"):
        demo.launch(i18n={"de": {}})  # type: ignore[arg-type]
    LaunchArguments(i18n=texts)
