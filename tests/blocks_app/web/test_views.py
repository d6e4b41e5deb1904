"""The cold endpoints of a mounted app, asked through Django."""

from __future__ import annotations

import json
import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import AsyncClient
from django.urls import path

import blocks_app as gr
from blocks_app.addresses import base_of, public_base, public_root
from blocks_app.web.urls import template
from blocks_app.web.views import script_json


@pytest.fixture
def demo() -> gr.Blocks:
    with gr.Blocks(title="Try </script>", css="b {color: red}", js="() => 1") as demo:
        text = gr.Textbox("</script><b>", label="Text")
        gr.Button("Run").click(str.upper, text, text, api_name="upper", js="(x) => x")
    return demo


@pytest.fixture
def client(demo: gr.Blocks, monkeypatch: pytest.MonkeyPatch, settings: Any) -> AsyncClient:
    """Asks a site that has the app at /chat/ and a login page."""
    site = SimpleNamespace(urlpatterns=[path("chat/", demo.urls), path("login/", lambda request: HttpResponse())])
    monkeypatch.setitem(sys.modules, "a_site", site)  # type: ignore[arg-type]
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "a_site", ["testserver"]
    return AsyncClient()


@pytest.mark.parametrize("name", ["config", "info", "user", "token", "login_check"])
async def test_programs_find_each_endpoint_in_four_ways(client: AsyncClient, name: str) -> None:
    answers = [
        await client.get(f"/chat/{prefix}{name}{slash}") for prefix in ("", "gradio_api/") for slash in ("", "/")
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1


async def test_the_page_carries_its_config_and_policy(client: AsyncClient) -> None:
    page = await client.get("/chat/")
    found = re.search(r"window\.gradio_config = (.*?);[\s]*</script>", page.content.decode())
    assert found is not None and json.loads(found[1])["components"][0]["props"]["value"] == "</script><b>"
    assert "<title>Try &lt;/script&gt;</title>" in page.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", page["Content-Security-Policy"])
    assert nonce is not None and f'nonce="{nonce[1]}"' in page.content.decode()
    assert page["Content-Length"] == str(len(page.content)) and page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("options", [None, {}, {"autoescape": False}, {"string_if_invalid": "MISSING"}])
@pytest.mark.parametrize("address", ["/chat/", "/chat/?view=api"])
async def test_the_page_is_the_same_whatever_templates_the_site_sets_up(client, settings, address, options) -> None:
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": bool(options)}
    settings.TEMPLATES = [] if options is None else [{**engine, "OPTIONS": options}]
    page = (await client.get(address)).content.decode()
    assert "Try &lt;/script&gt;</title>" in page and "MISSING" not in page


async def test_one_setting_relaxes_the_policy(client: AsyncClient, settings: Any) -> None:
    settings.BLOCKS_CSP = "script-src 'nonce-{nonce}' https://cdn.example"
    assert "https://cdn.example" in (await client.get("/chat/"))["Content-Security-Policy"]
    settings.BLOCKS_CSP = None
    assert "Content-Security-Policy" not in (await client.get("/chat/"))


async def test_own_texts_are_hashed_files(client: AsyncClient) -> None:
    config = (await client.get("/chat/config")).json()
    module = await client.get(config["functions"])
    parts = re.findall(r'"(\w+)": load\("(\w+)"\)', module.content.decode())
    assert [key for key, _ in parts] == ["0", "page"] and "immutable" in module["Cache-Control"]
    texts = [(await client.get(f"/chat/app/fn-{name}.js")).content.decode() for _, name in parts]
    assert "(x) => x" in texts[0] and "() => 1" in texts[1]
    style = re.search(r'"(/chat/app/style-\w+\.css)"', (await client.get("/chat/")).content.decode())
    assert style is not None and (await client.get(style[1])).content == b"b {color: red}"


@pytest.mark.parametrize("path", ["app/x.js", "assets/x.js", "assets/../views.py", "static/blocks_app/manifest.json"])
async def test_only_known_names_are_served(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/chat/{path}")).status_code == 404


async def test_small_answers(client: AsyncClient) -> None:
    assert (await client.get("/chat/user")).json() is None
    assert (await client.get("/chat/token")).json() == {"token": None, "user": None}
    assert (await client.get("/chat/robots.txt")).content == b"User-agent: *\nDisallow: "
    assert (await client.get("/chat/favicon.ico"))["Content-Type"] == "image/svg+xml"
    assert (await client.get("/chat/manifest.json")).json()["start_url"] == "/chat/"
    assert (await client.get("/chat/proxy=http://169.254.169.254/")).status_code == 400
    assert (await client.get("/chat/gradio_api/theme.css"))["Content-Type"].startswith("text/css")


async def test_wrong_methods_are_refused_in_words(client: AsyncClient) -> None:
    answer = await client.post("/chat/config")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert (await client.head("/chat/")).status_code == 200


async def test_strangers_are_refused_and_browsers_sent_to_the_login(client: AsyncClient, settings: Any) -> None:
    settings.BLOCKS_LOGIN_REQUIRED = True
    settings.LOGIN_URL = "/login/"
    for name in ("config", "info", "login_check", "app/x.js", "file=x/y"):
        assert (await client.get(f"/chat/{name}")).status_code == 401
    page = await client.get("/chat/", {"a": "b"})
    assert (page.status_code, page["Location"]) == (302, "/login/?next=/chat/%3Fa%3Db")
    assert "gradio_config" not in page.content.decode()


async def test_without_the_wrapper_hot_endpoints_say_what_is_missing(client: AsyncClient) -> None:
    answer = await client.post("/chat/queue/join")
    assert answer.status_code == 501 and "BlocksASGI" in answer.json()["detail"]


def test_addresses() -> None:
    assert template("call/<str:name>/<str:event_id>") == "call/{name}/{event_id}"
    captured = [("mount", None), ("name", "call"), ("event_id", "a b")]
    assert base_of("/call/call/call/a b", "call/{name}/{event_id}", captured) == "/call/"
    assert public_base("/my", "/x/") == "/my/" and public_base(None, "/x/") == "/x/"
    assert public_root("https://ex.com/a/", "/", "http://h") == "https://ex.com/a"
    assert public_root(None, "/ü/", "http://h") == "http://h/%C3%BC"


def test_json_cannot_leave_its_script() -> None:
    text = script_json({"a": "</script><!--&'\u2028"})
    assert not set("<>&'\u2028") & set(text) and json.loads(text) == {"a": "</script><!--&'\u2028"}


@pytest.mark.parametrize("name", ["", "config", "gradio_api/info", "login", "logout", "robots.txt", "file=none/x"])
async def test_no_view_runs_in_a_transaction_of_the_site(client: AsyncClient, monkeypatch, name: str) -> None:
    """ATOMIC_REQUESTS: Django refuses async views in a transaction, of whichever database."""
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    assert (await client.get(f"/chat/{name}")).status_code in (200, 302, 404)
    if not name:
        sent = await client.post("/chat/upload", {"files": SimpleUploadedFile("a.txt", b"a")})
        assert sent.status_code == 200 and len(sent.json()) == 1
