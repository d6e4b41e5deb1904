"""launch(auth=..., auth_dependency=...): seen from outside, over a real socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from django.contrib.auth.models import User

import blocks_app as gr
from queue_app.exceptions import LaunchError
from tests.house.sources import ROOT

from .conftest import hello


@pytest.fixture(autouse=True)
def in_memory(settings: Any) -> None:
    """Sessions as a script without a project has them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


class Browser:
    """A client with a cookie jar. Names the page as browsers do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        headers = {"Origin": self.url.rstrip("/"), **headers}
        try:
            with self.opener.open(Request(self.url + path, body, headers), timeout=10) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def login(self, username: str, password: str) -> tuple[int, bytes]:
        return self.ask("login", urlencode({"username": username, "password": password}).encode())

    def call(self, *data: Any) -> Any:
        body = json.dumps({"data": data}).encode()
        return json.loads(self.ask("run/greet", body, **{"Content-Type": "application/json"})[1])["data"]


def test_a_login_over_the_wire(launched: Any) -> None:
    demo = _greeting_by_name()
    _, url, _ = launched(demo, auth=("ann", "secret"), auth_message="Hello <b>M</b>")
    browser = Browser(url)
    status, page = browser.ask("")
    assert status == 200 and b"<b>M</b>" in page and b'"auth_required": true' in page
    assert [browser.ask(path)[0] for path in ("config", "info", "gradio_api/info", "queue/status", "app_id")] == [
        401, 401, 401, 401, 200,
    ]  # fmt: skip
    assert browser.login("ann", "wrong") == (400, b'{"detail": "Incorrect credentials."}')
    assert browser.login(" ann ", "secret") == (200, b'{"success": true}')
    assert browser.ask("")[0] == 200 and browser.call("hi") == ["hi ann ann"]
    (cookie,) = browser.jar
    assert cookie.name.startswith("session") or cookie.name.startswith("blocks-session-")
    assert browser.ask("logout")[0] == 200  # after the redirect to the login page
    assert browser.ask("config")[0] == 401


def _greeting_by_name() -> gr.Blocks:
    def greet(text: str, request: gr.Request) -> str:
        return f"{text} {request.username} {request.user}"

    with gr.Blocks() as demo:
        name = gr.Textbox()
        gr.Button().click(greet, name, name, api_name="greet")
    return demo


def test_two_apps_side_by_side_know_their_own_users(launched: Any) -> None:
    one = Browser(launched(hello(), auth=("ann", "a"))[1])
    two = Browser(launched(hello(), auth=("ann", "a"))[1])
    two.opener = one.opener  # one jar: browsers give a host's cookies to all its ports
    one.login("ann", "a")
    assert [each.ask("config")[0] for each in (one, two)] == [200, 401]


def test_launching_again_without_auth_opens_the_app(launched: Any) -> None:
    demo = hello()
    assert Browser(launched(demo, auth=("a", "b"))[1]).ask("config")[0] == 401
    demo.close(verbose=False)
    assert Browser(launched(demo)[1]).ask("config")[0] == 200


def test_protect_holds_for_launch_too_and_launch_wins(launched: Any) -> None:
    demo = hello().protect(auth=("ann", "a"))
    browser = Browser(launched(demo)[1])
    assert (browser.ask("config")[0], browser.login("ann", "a")[0]) == (401, 200)
    demo.close(verbose=False)
    browser = Browser(launched(demo, auth=("bob", "b"))[1])
    assert (browser.login("ann", "a")[0], browser.login("bob", "b")[0]) == (400, 200)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"auth": "ann"}, "auth takes"),
        ({"auth": ("ann",)}, "auth takes"),
        ({"auth": ("ann", "")}, "not empty"),
        ({"auth": [("ann", "a"), "bob"]}, "auth takes"),
        ({"auth": []}, "auth takes"),
        ({"auth": 7}, "auth takes"),
        ({"auth": ("a", "b"), "permission": "x.y"}, "Django's users"),
        ({"auth": "django", "permission": []}, "permission must be"),
        ({"auth_dependency": "ann"}, "function of the request"),
        ({"auth_message": 7, "auth": ("a", "b")}, "auth_message must be a text"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(options: dict[str, Any], words: str) -> None:
    with pytest.raises(LaunchError, match=words):
        hello().launch(prevent_thread_lock=True, quiet=True, **options)


def test_auth_and_auth_dependency_are_a_contradiction() -> None:
    text = "You cannot provide both `auth` and `auth_dependency` in launch(). Please choose one."
    with pytest.raises(ValueError) as raised:
        hello().launch(prevent_thread_lock=True, auth=("a", "b"), auth_dependency=print)
    assert str(raised.value) == text
    with pytest.raises(ValueError) as raised:
        hello().protect(auth=("a", "b"), auth_dependency=print)
    assert str(raised.value) == text


SCRIPT = """
import json, urllib.request, urllib.error
import blocks_app as gr
with gr.Blocks() as demo:
    gr.Textbox()
try:
    demo.launch(prevent_thread_lock=True, quiet=True, auth="django")
except ValueError as error:
    print("refused:", error)
url = demo.launch(prevent_thread_lock=True, quiet=True, auth=[("ann", "secret")])[1]
def status(path, body=None, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, body, headers), timeout=10) as answer:
            return answer.status, answer.headers.get("Set-Cookie", "").split("; ")
    except urllib.error.HTTPError as error:
        return error.code, []
first, cookie = status("login", b"username=ann&password=secret", **{"User-Agent": "gradio_client/2.7.2"})
name = cookie[0].partition("=")[0]
print(json.dumps([status("config")[0], first, status("config", Cookie=cookie[0])[0], name[:15]]))
"""


def test_a_script_without_a_project() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ran = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    refused, errors = ran.stdout.strip().split("\n"), ran.stderr
    assert refused[0].startswith('refused: auth="django" needs a Django project with users'), errors
    assert json.loads(refused[1]) == [401, 200, 200, "blocks-session-"], errors


def test_logout_ends_an_event_stream_over_the_wire(launched: Any) -> None:
    _, url, _ = launched(hello(), auth=("ann", "secret"))
    browser, other = Browser(url), Browser(url)
    browser.login("ann", "secret"), other.login("ann", "secret")
    with browser.opener.open(Request(f"{url}heartbeat/s"), timeout=10) as stream:
        assert stream.readline() == b"data: ALIVE\n"
        began = time.monotonic()
        other.ask("logout")  # all sessions of the name
        assert stream.read().strip() == b""
        assert time.monotonic() - began < 2
    assert browser.ask("heartbeat/s")[0] == 401


@pytest.mark.django_db(transaction=True)
def test_a_project_launches_an_app_for_its_users(launched: Any, settings: Any) -> None:
    settings.LOGIN_URL = "admin:login"  # which the launched server does not serve
    User.objects.create_user("ann", password="secret")
    User.objects.create_user("eve", password="secret")
    demo = _greeting_by_name()
    _, url, _ = launched(demo, auth="django", permission=lambda user: user.username == "ann")
    ann, eve = Browser(url), Browser(url)
    status, page = ann.ask("")
    assert status == 200 and b'name="password"' in page
    assert [ann.login("ann", "secret")[0], eve.login("eve", "secret")[0]] == [200, 200]
    assert ann.call("hi") == ["hi ann ann"]
    status, page = eve.ask("", Accept="text/html")
    assert status == 403 and b"may not use this app" in page and b"Log out" in page


@pytest.mark.parametrize("root", ["/my/app", "https://public.example/my/app"])
def test_a_login_behind_a_proxy(launched: Any, root: str) -> None:
    _, url, _ = launched(hello(), auth=("ann", "secret"), root_path=root, server_name="0.0.0.0")
    url = url.replace("localhost", "127.0.0.1")
    form = b"username=ann&password=secret&next=/my/app/?view=1"
    page, _, body = _raw(url, "", None)
    assert page == 200 and b'action="/my/app/login"' in body and b'href="/my/app/theme.css' in body
    status, headers, _ = _raw(url, "login", form)
    assert (status, headers["Location"]) == (303, "/my/app/?view=1")
    assert ("Secure" in headers["Set-Cookie"]) is root.startswith("https")
    status, headers, _ = _raw(f"{url}my/app/", "logout", None)  # the proxy may leave the path in
    assert (status, headers["Location"]) == (302, "/my/app/")


def _raw(url: str, path: str, body: bytes | None) -> tuple[int, Any, bytes]:
    """One request of a browser that navigates; redirects are not followed."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {
        "Accept": "text/html",
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }
    try:
        connection.request("POST" if body else "GET", parts.path + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
