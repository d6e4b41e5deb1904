"""Pictures, sounds and films of other hosts: which the page's policy lets be loaded, and what the log tells of them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import AsyncClient
from django.urls import path

import blocks_app as gr
from blocks_app.files import file_data, remote_media
from blocks_app.page import media_policy
from queue_app import checks
from queue_app.testing import PageUser


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(remote_media, "logged", set())
    yield


def test_hosts_of_a_declaration_count_by_themselves() -> None:
    with gr.Blocks(css="b { background: url('https://css.example/x') }") as demo:
        gr.Image("https://a.example/x.png")
        gr.Gallery([("https://b.example:88/v.mp4", "A film")])
        gr.Markdown("![x](https://c.example/y.png) and [a link](https://link.example)")
        gr.HTML("<p>3 < 4<img alt='' src='https://d.example/z'>")
        gr.Button(icon="https://e.example/i.svg", link="https://target.example")
        gr.Textbox("https://text.example")
        gr.Markdown(lambda: "![](https://made.example/x.png)")
    found = [origin.removeprefix("https://") for origin in media_policy.declared_origins(demo)]
    assert found == ["a.example", "b.example:88", "c.example", "d.example", "e.example", "css.example"]


def test_the_policy_gets_the_hosts_for_media_alone() -> None:
    opened = media_policy.with_media("default-src 'self'; img-src 'none'; media-src 'self'", ("https://a.example",))
    assert opened == "default-src 'self'; img-src https://a.example; media-src 'self' https://a.example"
    assert media_policy.with_media("", ("https://a.example",)) == ""
    assert media_policy.with_media("default-src 'self'", ()) == "default-src 'self'"


@pytest.mark.parametrize(
    ("source", "origin", "allowed"),
    [
        ("a.example", "https://a.example", True),
        ("a.example", "http://a.example:80", False),
        ("a.example:*", "http://a.example:81", True),
        ("*.example", "https://a.b.example", True),
        ("*.example", "https://example", False),
        ("https://a.example", "http://a.example", False),
        ("http://a.example", "https://a.example", True),
        ("a.example", "https://evil-a.example", False),
        ("*", "https://any.example", True),
    ],
)
def test_a_named_host_is_that_of_an_address(source: str, origin: str, allowed: bool) -> None:
    assert remote_media.allows(source, origin) is allowed


@pytest.mark.parametrize(
    "wrong", ["a.example", ["a b"], ["a; script-src *"], ["'unsafe-inline'"], [3], ["https:"], [""]]
)
def test_what_is_no_list_of_hosts_is_refused_in_words(wrong: Any, settings: Any) -> None:
    with pytest.raises(ValueError, match=r"allowed_origins.*example\.org"):
        gr.Blocks().serving(allowed_origins=wrong)
    settings.BLOCKS_REMOTE_MEDIA = wrong
    assert [error.id for error in checks.check_remote_media()] == ["blocks.E044"]


def test_the_setting_and_the_app_name_hosts(settings: Any) -> None:
    settings.BLOCKS_REMOTE_MEDIA = ["bücher.example"]
    with gr.Blocks().serving(allowed_origins=["*.app.example"]) as demo:
        gr.Image("https://mine.example/a.png")
    with PageUser(demo) as page:
        mount = page.mount
        assert media_policy.media_sources(mount) == ("xn--bcher-kva.example", "*.app.example", "https://mine.example")
        settings.BLOCKS_CSP = ""
        assert media_policy.media_sources(mount) == ("*",)


def test_other_hosts_are_told_once_in_the_log(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.BLOCKS_REMOTE_MEDIA = ["fine.example"]
    with gr.Blocks() as demo:
        said, shown, pictures = gr.Markdown(), gr.Image(), gr.HTML()
        button = gr.Button("Show")
        button.click(
            lambda: (
                "![x](https://fine.example/a.png)",
                "https://strange.example/b.png",
                "<img src=https://other.example/c.png>",
            ),
            None,
            [said, shown, pictures],
        )
    with PageUser(demo) as page, caplog.at_level(logging.WARNING, "blocks_app.media"):
        page.click(button)
        page.click(button)
        assert page.value(shown)["url"] == page.value(shown)["path"] == "https://strange.example/b.png"
    told = [re.search(r"media from (\S+),", record.getMessage()) for record in caplog.records]
    assert [each and each[1] for each in told] == ["https://strange.example", "https://other.example"]


def test_a_direct_call_is_told_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with file_data.use(file_data.FileContext()):
        gr.Image().postprocess("https://strange.example/b.png")
    assert caplog.records == []


@pytest.mark.parametrize("evil", ["<img ", "![", "<img src=", "url(", "![a]("])
def test_long_texts_are_read_in_one_pass(evil: str) -> None:
    assert list(remote_media.loaded_by(evil * 30_000 + "://")) == []


async def test_the_page_carries_the_policy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with gr.Blocks().serving(allowed_origins=["app.example"]) as demo:
        gr.Image("https://mine.example/a.png")
    monkeypatch.setitem(sys.modules, "a_site", SimpleNamespace(urlpatterns=[path("chat/", demo.urls)]))  # type: ignore[arg-type]
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "a_site", ["testserver"]
    policy = (await AsyncClient().get("/chat/"))["Content-Security-Policy"]
    assert "img-src 'self' data: blob: app.example https://mine.example;" in policy
    assert "media-src 'self' data: blob: app.example https://mine.example;" in policy
    assert "connect-src 'self';" in policy
