"""`{% blocks %}` in templates of a site, and what the app in such a place asks for."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import Client, RequestFactory, override_settings
from django.urls import clear_url_caches, include, path

import blocks_app as gr
from blocks_app.embedding.markup import find
from blocks_app.page.embedded_sheet import embedded_sheet, for_shadow_tree
from blocks_app.web import registry
from blocks_app.web.embed_views import own_module, own_script

PAGE = "{% load blocks %}<body>{% blocks app %}</body>"


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    """A site with a chat for everybody, plans for those who log in, and pages that contain them."""

    def page(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = "n0nce"  # type: ignore[attr-defined]
        app = request.GET["app"]
        return HttpResponse(engines["django"].from_string(PAGE).render({"app": app}, request))

    with gr.Blocks(title="Chat <b>", css="body { margin: 1rem }") as chat:
        gr.Textbox("a greeting", label="Text").change(None, js="() => document.title")
    with chat.route("More"):
        gr.Markdown("More of it")
    with gr.Blocks(title="Plans") as plans:
        gr.Textbox("the plan", label="Plan")
    plans.protect([("ann", "lovelace-1815")])
    chat.declared_in, plans.declared_in = "shop.chat", "shop.plans"
    urlconf: Any = ModuleType("urlconf")
    inner = ([path("plans/", plans.urls)], "office")
    urlconf.urlpatterns = [path("talk/", chat.urls), path("office/", include(inner)), path("page/", page)]
    clear_url_caches()
    with override_settings(ROOT_URLCONF=urlconf, SESSION_ENGINE="django.contrib.sessions.backends.cache"):
        yield SimpleNamespace(chat=chat, plans=plans, client=Client())
    clear_url_caches()
    for each in (chat, plans):
        registry.unmount(each)


def drawn(app: Any, request: Any = None, **options: Any) -> str:
    names = " ".join(f"{name}={name}" for name in options)
    template = engines["django"].from_string(f"{{% load blocks %}}{{% blocks app {names} %}}")
    return template.render({"app": app, **options}, request)


def test_an_app_is_an_element_and_a_script_with_the_nonce_of_the_site(site: SimpleNamespace) -> None:
    text = site.client.get("/page/?app=chat").content.decode()
    assert '<blocks-app src="/talk/">' in text
    assert 'nonce="n0nce"' in text
    assert "Chat &lt;b&gt;" in text
    assert text.count("<script") == 1
    assert "></script>" in text  # nothing stands in it
    assert "a greeting" not in text


@pytest.mark.parametrize("name", ["chat", "shop.chat", "/talk/", "talk", "/talk"])
def test_an_app_is_named_by_its_module_or_its_address(name: str, site: SimpleNamespace) -> None:
    assert 'src="/talk/"' in drawn(name)


def test_an_app_is_named_by_itself_and_not_called(site: SimpleNamespace) -> None:
    assert 'src="/office/plans/"' in drawn(site.plans)
    assert 'src="/office/plans/"' in drawn("plans")
    with gr.Blocks(title="Nowhere") as nowhere:
        gr.Markdown("x")
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match="has no address"):
        drawn(nowhere)


def test_options_are_attributes(site: SimpleNamespace) -> None:
    text = drawn("chat", route="more", theme_mode="dark", height=300, eager=True, lang="de")
    assert '<blocks-app src="/talk/" route="more" theme_mode="dark" height="300px" eager="true" lang="de">' in text
    assert drawn("chat", theme_mode="", height=None, eager=False, route="/") == drawn("chat")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"app": "chatt"}, "There is no app 'chatt' in your URLs. Did you mean 'chat'"),
        ({"app": "/nothing/"}, "There is no app '/nothing/'"),
        ({"app": ""}, "There is no app ''"),
        ({"app": "chat", "route": "mor"}, "no page 'mor'. Did you mean 'more'"),
        ({"app": "chat", "theme": "dark"}, "no option 'theme'. Did you mean 'theme_mode'"),
        ({"app": "chat", "theme_mode": "night"}, "theme_mode is one of"),
        ({"app": "chat", "height": "1px;color:red"}, "height is"),
    ],
)
def test_a_mistake_is_told_in_words_and_not_to_visitors(
    options: dict[str, Any], words: str, site: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError) as raised:
        drawn(**options)
    assert words in str(raised.value)
    caplog.set_level(logging.ERROR)
    assert "This app is not available." in drawn(**options)
    assert words in caplog.records[-1].reason  # type: ignore[attr-defined]


def test_two_apps_of_one_name_are_told_apart_by_their_addresses(site: SimpleNamespace) -> None:
    with gr.Blocks() as other:
        gr.Markdown("x")
    other.declared_in = "lab.chat"
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("a/", site.chat.urls), path("b/", other.urls)]
    with pytest.raises(TemplateSyntaxError, match="Write its address: '/a/' or '/b/'"):
        find("chat", urlconf)
    assert find("lab.chat", urlconf).base == "/b/"
    registry.unmount(other)


def test_an_app_below_captures_is_named_by_its_address(site: SimpleNamespace) -> None:
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("<slug:team>/talk/", site.chat.urls)]
    assert find("/red/talk/", urlconf).base == "/red/talk/"
    with pytest.raises(TemplateSyntaxError, match="There is no app 'chat'"):
        find("chat", urlconf)


def test_who_may_not_see_the_app_gets_a_sentence_and_nothing_of_it(site: SimpleNamespace) -> None:
    text = site.client.get("/page/?app=plans").content.decode()
    assert '<a href="/office/plans/">Log in</a> to use this app.' in text
    assert "blocks-app src" not in text
    assert "Plans" not in text
    site.client.post("/office/plans/login", {"username": "ann", "password": "lovelace-1815"})
    assert 'src="/office/plans/"' in site.client.get("/page/?app=plans").content.decode()


def test_without_a_request_the_app_itself_asks_who_it_is(site: SimpleNamespace) -> None:
    assert 'src="/office/plans/"' in drawn("plans")
    assert site.client.get("/office/plans/embed").status_code == 401


def test_after_the_login_of_the_project_the_visitor_is_in_the_same_page(site: SimpleNamespace) -> None:
    with override_settings(BLOCKS_LOGIN_REQUIRED=True, LOGIN_URL="/page/"):
        text = site.client.get("/page/?app=chat").content.decode()
    assert '<a href="/page/?next=/page/%3Fapp%3Dchat">Log in</a>' in text


def test_on_the_event_loop_nobody_is_waited_for(site: SimpleNamespace) -> None:
    async def view() -> str:
        return drawn("plans", RequestFactory().get("/"))

    assert 'src="/office/plans/"' in asyncio.run(view())


def test_a_nonce_that_is_made_when_it_is_asked_for(site: SimpleNamespace) -> None:
    class Lazy:
        def __bool__(self) -> bool:
            return False

        def __str__(self) -> str:
            return "late"

    request = RequestFactory().get("/")
    template = engines["django"].from_string('{% load blocks %}{% blocks "chat" %}')
    assert 'nonce="late"' in template.render({"csp_nonce": Lazy()}, request)
    request.csp_nonce = Lazy()  # type: ignore[attr-defined]
    assert 'nonce="late"' in template.render({}, request)
    assert "nonce" not in template.render({}, RequestFactory().get("/"))


def test_a_page_that_was_posted_to_shows_the_app_as_well(site: SimpleNamespace) -> None:
    request = RequestFactory().post("/page/", headers={"origin": "http://testserver"})
    assert 'src="/talk/"' in drawn("chat", request)


def test_jinja_has_the_same(site: SimpleNamespace) -> None:
    from jinja2 import Environment

    from blocks_app.embedding.jinja import blocks

    environment = Environment(autoescape=True)
    environment.globals["blocks"] = blocks
    text = environment.from_string('{{ blocks("chat", height=200) }}').render(csp_nonce="n1")
    assert '<blocks-app src="/talk/" height="200px">' in text
    assert 'nonce="n1"' in text


def test_the_description_has_what_the_place_needs(site: SimpleNamespace) -> None:
    answer = site.client.get("/talk/embed?page=more&lang=ar")
    assert answer["Cache-Control"] == "no-store"
    about, config = map(json.loads, answer.content.split(b"\n"))
    assert about["base"] == config["base"] == "/talk/"
    assert config["current_page"] == "more"
    assert all(name.startswith("main-") for name in (about["entry"], *[n for n in about["modules"] if "main" in n]))
    sheet = site.client.get(about["sheet"])
    assert sheet["Cache-Control"].endswith("immutable")
    assert b".blocks-page { margin: 16px }" in sheet.content
    entry = site.client.get(f"/talk/embed/7/assets/{about['entry']}").content.decode()
    assert 'from"blocks"' not in entry.replace("`", '"')
    assert site.client.get("/talk/embed?page=none").status_code == 404


def test_an_app_does_not_take_the_focus_of_the_page(site: SimpleNamespace) -> None:
    with gr.Blocks() as demo:
        gr.Textbox(autofocus=True)
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("", demo.urls)]
    clear_url_caches()
    with override_settings(ROOT_URLCONF=urlconf):
        config = json.loads(site.client.get("/embed").content.split(b"\n")[1])
        assert config["components"][0]["props"]["autofocus"] is False
        assert '"autofocus": true' in json.dumps(site.client.get("/config").json())
    registry.unmount(demo)


def test_the_loader_has_an_address_that_stays(site: SimpleNamespace) -> None:
    answer = site.client.get("/talk/blocks-app.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"blocks-app" in answer.content


def test_scripts_of_the_app_find_its_own_names(site: SimpleNamespace) -> None:
    config = json.loads(site.client.get("/talk/embed").content.split(b"\n")[1])
    name = config["functions"].rpartition("/")[2]
    text = site.client.get(f"/talk/embed/2/app/{name}").content.decode()
    assert 'apps.get(new URL("/talk/embed/2/"' in text
    assert own_script("(1)", "/x/", module=False).startswith("{ const { document, window")
    assert own_script("(1)", "/x/", module=False).rstrip().endswith("}")


def test_a_module_of_another_app_gets_the_address_of_blocks() -> None:
    text = own_module("import { html } from 'blocks';\nimport \"blocks\"; const x = 'blocks';", "/a/", "/c/")
    assert text.count('"/a/blocks-') == 2
    assert "const x = 'blocks'" in text
    assert "customElements" in own_module("customElements.define('x-y', X)", "/a/", "/c/").splitlines()[0]


@pytest.mark.parametrize(
    ("css", "becomes"),
    [
        ("body { color: red }", ".blocks-page { color: red }"),
        ("html.dark body .x, BODY>p{}", ".blocks-page.dark .x, .blocks-page>p{}"),
        (":root, .body, #html, my-body {}", ".blocks-page, .body, #html, my-body {}"),
        ("a { width: 1.5rem; --b: .5rem } /* body { } */", "a { width: 24px; --b: 8px } "),
        ("@media (min-width: 40rem) { body { top: 0 } }", "@media (min-width: 640px) { .blocks-page { top: 0 } }"),
    ],
)
def test_styles_of_a_page_are_for_one_app_in_it(css: str, becomes: str) -> None:
    assert for_shadow_tree(css) == becomes


def test_imports_of_styles_stand_first() -> None:
    with gr.Blocks(css="@import url('x.css'); p { color: red }") as demo:
        gr.Markdown("x")
    text = embedded_sheet(registry.mount(demo)).text
    assert text.startswith("@import url('x.css');\n@layer embed, base, components;")
    registry.unmount(demo)
