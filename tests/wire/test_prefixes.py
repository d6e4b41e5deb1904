"""An app answers below whatever the site's urlconf captures or translates, and its functions are told of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf.urls.i18n import i18n_patterns
from django.core.handlers.asgi import ASGIHandler
from django.http import JsonResponse
from django.test import override_settings
from django.urls import clear_url_caches, include, path, re_path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as L

import blocks_app as gr
from blocks_app.web import registry
from queue_app.execution.engine import close_engine
from queue_app.transport.routing import BlocksASGI
from tests.unnoted import no_texts_of_apps
from tests.wire.asgi_client import Client

__all__ = ["no_texts_of_apps"]

LOCALE = ["django.middleware.locale.LocaleMiddleware"]
TONGUES = {"LANGUAGES": [("en", "English"), ("de", "Deutsch"), ("fr", "Français")], "LANGUAGE_CODE": "en"}
ID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"


def declare() -> gr.Blocks:
    def told(request: gr.Request) -> Any:
        return {
            "params": {name: str(value) for name, value in request.path_params.items()},
            "url": request.url, "base": request.base_url, "language": get_language(), "text": gettext("Yes"),
        }  # fmt: skip

    async def told_async(request: gr.Request) -> Any:
        await asyncio.sleep(0)
        return told(request)

    def told_twice(request: gr.Request) -> Iterator[Any]:
        yield 1
        yield told(request)

    async def told_twice_async(request: gr.Request) -> AsyncIterator[Any]:
        yield 1
        yield told(request)

    with gr.Blocks() as demo:
        out, kept, button = gr.JSON(), gr.File(), gr.Button()
        for function in (told, told_async, told_twice, told_twice_async):
            button.click(function, None, out, api_name=function.__name__)
        button.click(lambda file: file, kept, kept, api_name="same")
    return demo


@pytest.fixture
async def site() -> AsyncIterator[Callable[..., Client]]:
    """Mounts the app where a urlconf of the test's own says."""
    demo, urlconf = declare(), ModuleType("urlconf")
    chosen: list[Any] = []

    def mounted(patterns: Callable[[gr.Blocks], list[Any]], **settings: Any) -> Client:
        urlconf.urlpatterns = patterns(demo)
        override = override_settings(ROOT_URLCONF=urlconf, ALLOWED_HOSTS=["testserver"], **settings)
        override.enable()
        chosen.append(override)
        clear_url_caches()
        return Client(BlocksASGI(ASGIHandler()))

    yield mounted
    for override in reversed(chosen):
        override.disable()
    if demo.mount is not None:
        await close_engine(demo.mount)
    clear_url_caches()
    registry.unmount(demo)


async def ask(client: Client, base: str, name: str = "told", **headers: str) -> dict[str, Any]:
    """Call an endpoint the long way, and have the value of its last message."""
    started = await client.post(f"{base}gradio_api/call/{name}", {"data": []}, headers)
    assert started.status == 200, started.body
    ended = await client.get(f"{base}gradio_api/call/{name}/{started.json['event_id']}", headers)
    last = ended.body.decode().strip().rpartition("data: ")[2]
    found: dict[str, Any] = json.loads(last)[0]
    return found


@pytest.mark.parametrize(
    ("route", "base", "params"),
    [
        ("<slug:team>/room/", "/red/room/", {"team": "red"}),
        ("<int:year>/<uuid:id>/", f"/2024/{ID}/", {"year": "2024", "id": ID}),
        ("in/<path:where>/room/", "/in/a/b c/room/", {"where": "a/b c"}),
        ("<str:name>/<str:mount>/<str:event_id>/", "/ann/x/y/", {"name": "ann", "mount": "x", "event_id": "y"}),
        ("<str:request>/<str:self>/<str:visit>/", "/a/b/c/", {"request": "a", "self": "b", "visit": "c"}),
    ],
)
async def test_what_a_prefix_captures_is_told_to_functions(site, route: str, base: str, params: Any) -> None:
    client = site(lambda demo: [path("plain/", demo.urls), path(route, demo.urls)])
    answer = await ask(client, base)
    assert answer["params"] == params
    assert (await ask(client, "/plain/"))["params"] == {}
    root = f"http://testserver{base.replace(' ', '%20')}"
    assert answer["base"] == root and answer["url"] == f"{root}gradio_api/call/told"
    assert (await client.get(f"{base}config")).json["root"] == root.rstrip("/")
    assert (await client.post(f"{base}gradio_api/run/told", {"data": []})).json["data"][0]["params"] == params


async def test_prefixes_of_regular_expressions_includes_and_extra_arguments(site) -> None:
    def patterns(demo: gr.Blocks) -> list[Any]:
        inner = [path("room/<int:number>/", demo.urls, {"kind": "inner"})]
        return [
            re_path(r"^of/(?P<team>[a-z]+)/", include(inner), {"extra": 1}),
            re_path(r"^unnamed/(\w+)/", demo.urls),
        ]

    client = site(patterns)
    assert (await ask(client, "/of/red/room/7/"))["params"] == {
        "team": "red", "number": "7", "kind": "inner", "extra": "1",
    }  # fmt: skip
    assert (await ask(client, "/unnamed/red/"))["params"] == {}
    for base in ("/of/red/room/7/", "/unnamed/red/"):
        assert (await client.get(base)).status == (await client.get(f"{base}gradio_api/info")).status == 200


async def test_files_go_up_and_come_down_below_a_captured_prefix(site) -> None:
    client = site(lambda demo: [path("<slug:name>/", demo.urls)])
    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    about = {"content-type": "multipart/form-data; boundary=x", "content-length": str(len(form))}
    sent = await client.post("/red/gradio_api/upload", form, about)
    given = {"path": sent.json[0], "meta": {"_type": "gradio.FileData"}}
    back = await client.post("/red/gradio_api/run/same", {"data": [given]})
    address = back.json["data"][0]["url"]
    assert address.startswith("http://testserver/red/")
    assert (await client.get(address.removeprefix("http://testserver"))).body == b"hello"


@pytest.mark.parametrize("name", ["told", "told_async", "told_twice", "told_twice_async"])
async def test_functions_speak_the_language_of_the_prefix(site, name: str) -> None:
    client = site(lambda demo: i18n_patterns(path("chat/", demo.urls)), MIDDLEWARE=LOCALE, **TONGUES)
    for language, word in (("en", "Yes"), ("de", "Ja"), ("fr", "Oui")):
        answer = await ask(client, f"/{language}/chat/", name)
        assert (answer["language"], answer["text"]) == (language, word)
        assert (await client.get(f"/{language}/chat/config")).json["root"] == f"http://testserver/{language}/chat"


async def test_the_default_language_may_have_no_prefix(site) -> None:
    def patterns(demo: gr.Blocks) -> list[Any]:
        return i18n_patterns(path("chat/", demo.urls), prefix_default_language=False)

    client = site(patterns, MIDDLEWARE=LOCALE, **TONGUES)
    german = {"accept-language": "de", "cookie": "django_language=de"}
    assert (await ask(client, "/chat/", **german))["language"] == "en"  # as the page at this address
    assert (await ask(client, "/de/chat/"))["language"] == "de"


async def test_without_prefixes_cookie_and_browser_say_the_language(site) -> None:
    client = site(lambda demo: [path("chat/", demo.urls)], MIDDLEWARE=LOCALE, **TONGUES)
    assert (await ask(client, "/chat/"))["language"] == "en"
    assert (await ask(client, "/chat/", **{"accept-language": "fr;q=0.9, xx"}))["language"] == "fr"
    both = {"accept-language": "fr", "cookie": 'g_state={"i_l":0}; django_language=de; $x'}
    assert (await ask(client, "/chat/", **both))["language"] == "de"


async def test_texts_of_the_page_are_translated_for_each_visitor(site) -> None:
    with gr.Blocks() as page:
        day = gr.Radio([(L("Monday"), "mo"), L("Tuesday")], label=L("Day"), value=L("Tuesday"))
        with gr.Tab(L("Yes")):
            gr.Markdown(L("No"))
        gr.Button().click(lambda chosen: (gr.Radio(label=L("January"), choices=[L("Tuesday")]), chosen),
                          day, [day, gr.Textbox()], api_name="again")  # fmt: skip
    client = site(lambda _: i18n_patterns(path("chat/", page.urls)), MIDDLEWARE=LOCALE, **TONGUES)
    texts = {
        "en": ("Monday", "Tuesday", "Yes", "No", "January"),
        "de": ("Montag", "Dienstag", "Ja", "Nein", "Januar"),
        "fr": ("lundi", "mardi", "Oui", "Non", "janvier"),
    }
    for language, (monday, tuesday, yes, no, january) in texts.items():
        config = (await client.get(f"/{language}/chat/config")).json
        radio, tab, markdown = (
            next(each["props"] for each in config["components"] if each["type"] == kind)
            for kind in ("radio", "tabitem", "markdown")
        )
        assert radio["choices"] == [[monday, "mo"], [tuesday, tuesday]] and radio["value"] == tuesday
        assert isinstance(radio["label"], str) and (tab["label"], markdown["value"]) == (yes, no)
        answer = await client.post(f"/{language}/chat/gradio_api/run/again", {"data": [tuesday]})
        update, chosen = answer.json["data"]
        assert (update["label"], update["choices"], chosen) == (january, [[tuesday, tuesday]], tuesday)
    registry.unmount(page)


async def test_a_site_that_does_not_ask_speaks_its_own_language(site) -> None:
    client = site(lambda demo: [path("chat/", demo.urls)], MIDDLEWARE=[], **{**TONGUES, "LANGUAGE_CODE": "de"})
    assert (await ask(client, "/chat/", **{"accept-language": "fr"}))["language"] == "de"


async def test_translated_routes_are_found_in_the_language_of_who_asks(site, monkeypatch) -> None:
    client = site(lambda demo: i18n_patterns(path(L("Yes"), include([path("/", demo.urls)]))),
                  MIDDLEWARE=LOCALE, **TONGUES)  # fmt: skip
    assert (await ask(client, "/de/Ja/"))["language"] == "de"
    assert (await ask(client, "/en/Yes/"))["language"] == "en"
    assert (await client.post("/de/Yes/gradio_api/call/told", {"data": []})).status == 404


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ('g_state={"i_l":0}; theme=dark', {"g_state": '{"i_l":0}', "theme": "dark"}),
        ("title=two words; theme=dark", {"title": "two words", "theme": "dark"}),
        ("theme=dark; user@site=1", {"theme": "dark", "user@site": "1"}),
        ("name=\u00c3\u00a4; latin=\u00e4; theme=dark", {"name": "\u00c3\u00a4", "latin": "ä", "theme": "dark"}),
        ("name=\u00c3\u00a4; theme=dark", {"name": "ä", "theme": "dark"}),
        ('quoted="a\\054b"; theme=dark', {"quoted": "a,b", "theme": "dark"}),
    ],
)
def test_an_odd_cookie_takes_no_other_away(cookie: str, expected: dict[str, str]) -> None:
    from blocks_app.running.request import RequestInfo

    assert gr.Request(RequestInfo(headers=(("cookie", cookie),))).cookies == expected
    parts = tuple(("cookie", part) for part in cookie.split("; "))
    assert gr.Request(RequestInfo(headers=parts)).cookies == expected  # as HTTP/2 sends them


CHOSEN: dict[str, Any] = {}


def urlconf_of(request: Any) -> Any:
    """As a middleware of the site would choose it."""
    return CHOSEN.get(request.get_host())


async def test_a_site_may_choose_the_urlconf_for_each_request(site, settings) -> None:
    client = site(lambda demo: [path("chat/", demo.urls)], BLOCKS_URLCONF=f"{__name__}.urlconf_of")
    CHOSEN["team.testserver"] = settings.ROOT_URLCONF
    with override_settings(ROOT_URLCONF="tests.wire.empty_urls", ALLOWED_HOSTS=["*"]):
        assert (await ask(client, "/chat/", host="team.testserver"))["base"] == "http://team.testserver/chat/"
        assert (await client.post("/chat/gradio_api/call/told", {"data": []})).status == 404


async def test_a_function_that_says_who_it_is_knows_the_prefix(site) -> None:
    def member(request: Any) -> str | None:
        return "ann" if request.path_params["team"] == "red" else None

    client = site(lambda demo: [path("<slug:team>/", demo.protect(auth_dependency=member).urls)])
    assert (await ask(client, "/red/"))["params"] == {"team": "red"}
    for team, status in (("red", 200), ("blue", 401)):
        assert (await client.get(f"/{team}/config")).status == status
        assert (await client.post(f"/{team}/gradio_api/call/told", {"data": []})).status == status


async def test_cookies_that_come_one_by_one_are_the_whole_sites(site) -> None:
    def seen(request: Any) -> Any:
        return JsonResponse(request.COOKIES)

    site(lambda demo: [path("seen/", seen)])
    scope = {"type": "http", "method": "GET", "path": "/seen/", "query_string": b"", "headers": [
        (b"host", b"testserver"), (b"cookie", b'g={"a":1}'), (b"cookie", b"theme=dark; "),
    ]}  # fmt: skip
    talk = ApplicationCommunicator(BlocksASGI(ASGIHandler()), scope)
    await talk.send_input({"type": "http.request"})
    await talk.receive_output(5)
    assert json.loads((await talk.receive_output(5))["body"]) == {"g": '{"a":1}', "theme": "dark"}
