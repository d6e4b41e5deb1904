"""The page's own texts: which language they come in, and what it costs a page in English."""

from __future__ import annotations

import gettext
import io
import json
import re
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path

import blocks_app as gr
from blocks_app.management import catalogues
from blocks_app.web import languages
from queue_app.transport.routing import BlocksASGI
from tests.unnoted import no_texts_of_apps
from tests.wire.asgi_client import Client

__all__ = ["no_texts_of_apps"]

LAUNCHED = {"MIDDLEWARE": [], "BLOCKS_BROWSER_LANGUAGE": True, "LANGUAGE_CODE": "en-us"}
LOCALE = {"MIDDLEWARE": ["django.middleware.locale.LocaleMiddleware"]}


async def asked(headers: dict[str, str], **settings: Any) -> tuple[str, dict[str, Any]]:
    """The page as a browser with these headers gets it, and the texts that go with it."""
    with gr.Blocks() as demo:
        gr.Textbox(show_copy_button=True)
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("", demo.urls)]
    with override_settings(ROOT_URLCONF=urlconf, **settings):
        clear_url_caches()
        client = Client(BlocksASGI(ASGIHandler()))
        page = (await client.get("/", headers=headers)).body.decode()
        found = re.search(r'<script src="(/app/words-[\w-]+\.js)" defer>', page)
        script = (await client.get(found[1], headers=headers)).body.decode() if found else "window.blocks_words={};\n"
    clear_url_caches()
    return page, json.loads(script.removeprefix("window.blocks_words=").removesuffix(";\n"))


@pytest.mark.parametrize(
    ("accepted", "start", "copy"),
    [
        ("de-AT,de;q=0.9", '<html lang="de"', "Kopieren"),
        ("zh-CN", '<html lang="zh-hans"', "复制"),
        ("pt-BR,en", '<html lang="pt"', "Copiar"),
        ("ar", '<html lang="ar" dir="rtl"', "نسخ"),
        ("tlh,hi;q=0.5", '<html lang="hi"', "कॉपी करें"),
        ("en-GB,de;q=0.5", '<html lang="en"', None),
        ("tlh", '<html lang="en"', None),
    ],
)
async def test_a_launched_app_speaks_what_the_browser_asks_for(accepted: str, start: str, copy: str | None) -> None:
    page, words = await asked({"Accept-Language": accepted}, **LAUNCHED)
    assert start in page and words.get("Copy") == copy


async def test_a_site_speaks_its_own_language_or_what_django_finds() -> None:
    german, _ = await asked({"Accept-Language": "fr"}, MIDDLEWARE=[], LANGUAGE_CODE="de")
    french, words = await asked({"Accept-Language": "fr"}, **LOCALE)
    assert '<html lang="de"' in german and '<html lang="fr"' in french and words["Copy"] == "Copier"


@pytest.mark.parametrize("settings", [LAUNCHED, {"MIDDLEWARE": []}, LOCALE])
async def test_a_visitor_may_choose_another(settings: dict[str, Any]) -> None:
    page, words = await asked({"Cookie": "django_language=ja", "Accept-Language": "de"}, **settings)
    assert '<html lang="ja"' in page and words["Copy"] == "コピー"


async def test_a_cookie_that_names_no_language_counts_for_nothing() -> None:
    page, _ = await asked({"Cookie": "django_language=../../x", "Accept-Language": "de"}, **LAUNCHED)
    assert '<html lang="de"' in page


async def test_a_site_may_say_some_texts_otherwise(tmp_path: Any) -> None:
    folder = tmp_path / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entry = catalogues.Wording("Copy", forms=["Copia"])
    (folder / "djangojs.mo").write_bytes(catalogues.compiled("es", [entry]))
    page, words = await asked({"Accept-Language": "it"}, LOCALE_PATHS=[tmp_path], **LOCALE)
    assert '<html lang="it"' in page and words == {"Copy": "Copia"}


async def test_forms_for_counts_come_in_their_order() -> None:
    _, words = await asked({"Accept-Language": "de"}, **LAUNCHED)
    assert words["Delete {0} row"] == ["{0} Zeile löschen", "{0} Zeilen löschen"]


async def test_no_words_are_there_under_another_name() -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("", demo.urls)]
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        client = Client(BlocksASGI(ASGIHandler()))
        statuses = [(await client.get(f"/app/words-{name}.js")).status for name in ("de-0", "xx-0", "", "../de-0")]
    clear_url_caches()
    assert statuses == [404] * 4


def test_the_choices_are_told_by_their_own_names() -> None:
    assert dict(languages.choices())["de"] == "Deutsch" and dict(languages.choices())["ar"] == "العربية"


def test_catalogues_are_read_and_compiled_as_gettext_does() -> None:
    entries = [
        catalogues.Wording('Say "a"\n', forms=["Sag „a“\n"]),
        catalogues.Wording("one", "{n} more", forms=["eins", "{n} weitere"]),
        catalogues.Wording("May", context="month", forms=["Mai"]),
        catalogues.Wording("unknown", forms=[""]),
    ]
    text = catalogues.written("de", entries)
    found = gettext.GNUTranslations(io.BytesIO(catalogues.compiled("de", entries)))
    assert found.gettext('Say "a"\n') == "Sag „a“\n" and found.pgettext("month", "May") == "Mai"
    assert found.ngettext("one", "{n} more", 1) == "eins" and found.ngettext("one", "{n} more", 5) == "{n} weitere"
    assert found.gettext("unknown") == "unknown" and 'msgstr[1] "{n} weitere"' in text
