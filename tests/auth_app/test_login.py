"""Login with name and password: what pages and programs are answered, and what a login is worth."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from tests.auth_app.visitor import BROWSER, FORM, Visitor, greeter, site

PAIRS = [("ann", "secret"), ("bob", "other")]


def yes(name: str, password: str) -> bool:
    return (name, password) == ("ann", "secret")


async def later(name: str, password: str) -> bool:
    return yes(name, password)


async def trap(name: str, password: str) -> Any:
    """A coroutine that gives a coroutine, as a forgotten `await` does."""
    return later(name, password)


@pytest.mark.parametrize("auth", [("ann", "secret"), PAIRS, yes, later, trap, lambda name, word: trap(name, word)])
async def test_pairs_and_functions(auth: Any) -> None:
    async with site(greeter(auth=auth)) as client:
        ann = Visitor(client)
        wrong = await ann.login("ann", "wrong")
        assert (wrong.status, wrong.json) == (400, {"detail": "Incorrect credentials."})
        assert (await ann.get("/app/config")).status == 401
        right = await ann.login(" ann ", "secret")
        assert (right.status, right.json) == (200, {"success": True})
        assert (await ann.get("/app/config")).json["username"] == "ann"
        assert (await ann.get("/app/user")).json == "ann"
        called = await ann.post("/app/gradio_api/run/direct", {"data": ["hi"]})
        assert called.json["data"] == ["hi: ann, ann"]


@pytest.mark.parametrize("odd", [1, "yes", {"user": 1}, None, [True]])
async def test_what_is_not_true_is_no(odd: Any) -> None:
    async with site(greeter(auth=lambda name, password: odd)) as client:
        assert (await Visitor(client).login("ann", "secret")).status == 400


DJANGO = "django.template.backends.django.DjangoTemplates"
ENGINES = {
    "none": [],
    "not in apps": [{"BACKEND": DJANGO}],
    "nothing escaped": [{"BACKEND": DJANGO, "APP_DIRS": True, "OPTIONS": {"autoescape": False}}],
    "told what is missing": [{"BACKEND": DJANGO, "APP_DIRS": True, "OPTIONS": {"string_if_invalid": "MISSING %s"}}],
}


@pytest.mark.parametrize("engines", ENGINES)
async def test_the_login_page_is_the_same_whatever_templates_the_site_sets_up(settings: Any, engines: str) -> None:
    settings.TEMPLATES = ENGINES[engines]
    async with site(greeter(auth=("a", "b"))) as client:
        first = await Visitor(client).get("/app/")
        again = await Visitor(client).login("<b>", "x", sent=BROWSER)
    assert first.status == 200 and again.status == 400 and b"&lt;b&gt;" in again.body
    assert b"<b>" not in again.body and b"MISSING" not in first.body + again.body


async def test_the_page_is_the_login_with_its_config() -> None:
    async with site(greeter(auth=("a", "b"), auth_message="Hello <b>M</b>")) as client:
        page = await Visitor(client).get("/app/")
    assert page.status == 200 and b"<b>M</b>" in page.body and b"Secret plans" in page.body
    found = re.search(r"window.gradio_config = (.*?);[\s]*</script>", page.body.decode())
    assert found is not None
    config = json.loads(found[1])
    assert (config["auth_required"], config["auth_message"]) == (True, "Hello <b>M</b>")
    assert config["root"] == "http://testserver/app" and config["components"] == []
    assert "<" not in found[1] and "script-src 'self' 'nonce-" in page.headers["content-security-policy"]
    assert b"tell" not in page.body  # nothing of the app's inside


async def test_what_closed_endpoints_say() -> None:
    async with site(greeter(auth=("a", "b"), auth_message="<i>me</i>")) as client:
        config = await Visitor(client).get("/app/config")
        info = await Visitor(client).get("/app/gradio_api/info")
    assert config.json == {"detail": {"error": "Not authenticated", "auth_message": "<i>me</i>"}}
    assert (config.status, info.status, info.json) == (401, 401, {"detail": "Not authenticated"})


@pytest.mark.parametrize(("agent", "status"), [("gradio_client/2.7.2", 401), ("node", 401), ("Mozilla/5.0", 400)])
async def test_programs_are_told_401_for_a_wrong_password(agent: str, status: int) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        assert (await Visitor(client, user_agent=agent).login("a", "x")).status == status


async def test_a_form_may_be_multipart_but_not_json() -> None:
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % pair
        for pair in ((b"username", b"a"), (b"password", b"b"))
    )
    async with site(greeter(auth=("a", "b"))) as client:
        kind = {"content_type": "multipart/form-data; boundary=x", "content_length": str(len(body) + 7)}
        assert (await Visitor(client).post("/app/login/", body + b"--x--\r\n", **kind)).status == 200
        assert (await Visitor(client).post("/app/login", {"username": "a", "password": "b"})).status == 422
        assert (await Visitor(client).post("/app/login", b"username=a", **FORM)).status == 422
        large = {**FORM, "content-length": "70000"}
        assert (await Visitor(client).post("/app/login", b"username=" + b"a" * 70_000, **large)).status == 413


async def test_a_browser_without_scripts_gets_pages() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        browser = Visitor(client, **{name.replace("-", "_"): value for name, value in BROWSER.items()})
        wrong = await browser.login("a", "x", next="/app/?view=1")
        assert wrong.status == 400 and b"Incorrect credentials." in wrong.body and b'value="a"' in wrong.body
        assert b'name="next" value="/app/?view=1"' in wrong.body and b'value="x"' not in wrong.body
        right = await browser.login("a", "b", next="/app/?view=1")
        assert (right.status, right.headers["location"]) == (303, "/app/?view=1")
        assert (await browser.get("/app/login")).status == 302
        left = await browser.post("/app/logout")
        assert (left.status, left.headers["location"]) == (303, "/app/")
        assert (await browser.get("/app/config")).status == 401


@pytest.mark.parametrize(
    "auth", [zip(["ann", "bob"], ["secret", "other"]), dict(PAIRS).items(), set(PAIRS), (pair for pair in PAIRS)]
)
async def test_pairs_may_come_from_any_iterable(auth: Any) -> None:
    async with site(greeter(auth=auth)) as client:
        ann, bob = Visitor(client), Visitor(client)
        assert [(await ann.login("ann", "secret")).status, (await bob.login("bob", "other")).status] == [200, 200]
        assert (await Visitor(client).login("ann", "other")).status == 400


async def test_logout_ends_all_sessions_of_the_name() -> None:
    async with site(greeter(auth=PAIRS)) as client:
        one, two, bob = (Visitor(client) for _ in range(3))
        await one.login("ann", "secret"), await two.login("ann", "secret"), await bob.login("bob", "other")
        left = await one.get("/app/logout")
        assert (left.status, left.headers["location"]) == (302, "/app/")
        assert [(await each.get("/app/config")).status for each in (one, two, bob)] == [401, 401, 200]
        assert (await one.login("ann", "secret")).status == 200
        assert (await one.get("/app/config")).status == 200


async def test_a_clock_that_was_set_back_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    true_time = time.time
    async with site(greeter(auth=PAIRS)) as client:
        one, two = Visitor(client), Visitor(client)
        await one.login("ann", "secret"), await two.login("ann", "secret")
        await one.get("/app/logout")
        monkeypatch.setattr(time, "time", lambda: true_time() - 3600)
        assert (await one.login("ann", "secret")).status == 200
        assert [(await each.get("/app/config")).status for each in (one, two)] == [200, 401]


async def test_logout_of_this_session_alone() -> None:
    async with site(greeter(auth=PAIRS)) as client:
        one, two = Visitor(client), Visitor(client)
        await one.login("ann", "secret"), await two.login("ann", "secret")
        old = dict(one.cookies)
        await one.get("/app/logout?all_session=false")
        assert [(await each.get("/app/config")).status for each in (one, two)] == [401, 200]
        one.cookies = old
        assert (await one.get("/app/config")).status == 401


async def test_a_new_password_ends_older_logins() -> None:
    demo = greeter(auth=("ann", "secret"))
    async with site(demo) as client:
        ann = Visitor(client)
        await ann.login("ann", "secret")
        demo.protect(auth=("ann", "changed"))
        from auth_app.visitors import known

        known.forget_all()  # or some seconds later
        assert (await ann.get("/app/config")).status == 401


async def test_a_login_to_one_app_is_none_to_another() -> None:
    from django.urls import path

    other = greeter(auth=("ann", "secret"))
    async with site(greeter(auth=("ann", "secret")), path("other/", other.urls)) as client:
        ann = Visitor(client)
        await ann.login("ann", "secret")
        assert (await ann.get("/app/config")).status == 200
        assert (await ann.get("/other/config")).status == 401
        await ann.login("ann", "secret", "/other/login")
        assert (await ann.get("/app/config")).status == (await ann.get("/other/config")).status == 200
        await ann.get("/other/logout")
        assert [(await ann.get(f"/{name}/config")).status for name in ("app", "other")] == [200, 401]


async def test_an_open_app_has_no_login() -> None:
    async with site(greeter()) as client:
        answer = await Visitor(client).login("a", "b")
    assert (answer.status, answer.headers["location"]) == (302, "/app/")


async def test_the_log_says_who_and_never_the_password(caplog: Any) -> None:
    caplog.set_level("INFO", "auth_app.security")
    async with site(greeter(auth=("ann", "s3cret"))) as client:
        ann = Visitor(client)
        await ann.login("ann", "wr0ng"), await ann.login("ann", "s3cret"), await ann.get("/app/logout")
    lines = [record for record in caplog.records if record.name == "auth_app.security"]
    assert [line.action for line in lines] == ["auth.failed", "auth.login", "auth.logout"]
    assert {line.visitor for line in lines} == {"ann"} and {line.address for line in lines} == {"127.0.0.1"}
    assert "s3cret" not in str([vars(line) for line in lines]) and "wr0ng" not in str([vars(line) for line in lines])


async def test_a_site_may_have_pages_of_its_own(tmp_path: Any, settings: Any) -> None:
    (tmp_path / "auth_app").mkdir()
    (tmp_path / "auth_app" / "login.html").write_text(
        '{% extends "auth_app/base.html" %}{% block content %}<h1>Ours: {{ title }}</h1>'
        '<form method="post" action="{{ base }}login"></form>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    async with site(greeter(auth=("a", "b"))) as client:
        page = await Visitor(client).get("/app/")
    assert b"<h1>Ours: Secret plans</h1>" in page.body and b'"auth_required": true' in page.body


async def test_a_title_is_text(settings: Any) -> None:
    demo = greeter(auth=("a", "b"))
    demo.title = "<script>alert(1)</script>"
    async with site(demo) as client:
        browser = Visitor(client, accept="text/html", origin="http://testserver")
        wrong = await browser.login('"><script>x</script>', "x")
    assert b"<script>alert(1)" not in wrong.body and b"<script>x" not in wrong.body
