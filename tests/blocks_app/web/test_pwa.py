"""Apps that can be installed: manifest, icons, service worker and the page that it keeps."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import AsyncClient
from PIL import Image

import blocks_app as gr
from queue_app.exceptions import LaunchError
from queue_app.server.launch_options import launch_options
from tests.security.site import Urls


def client(monkeypatch: pytest.MonkeyPatch, **options: Any) -> AsyncClient:
    with gr.Blocks(title="Fruit & more") as demo:
        gr.Textbox("the takings")
    monkeypatch.setattr("django.conf.settings.ROOT_URLCONF", Urls(demo.serving(**options)))
    return AsyncClient()


async def icon(client: AsyncClient, source: str) -> Image.Image:
    answer = await client.get(source)
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


async def test_an_app_is_installed_only_when_its_author_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = client(monkeypatch)
    page = (await plain.get("/")).content
    assert b"manifest" not in page and b"serviceWorker" not in page and b"theme-color" not in page
    assert [(await plain.get(each)).status_code for each in ("/offline.html", "/pwa_icon/192")] == [404, 404]
    assert b"registration.unregister()" in (await plain.get("/service-worker.js")).content
    assert (await plain.get("/config")).json()["pwa"] is False


async def test_the_page_names_what_a_device_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    app = client(monkeypatch, pwa=True)
    page = (await app.get("/")).content.decode()
    assert '<link rel="manifest" href="/manifest.json">' in page
    assert re.search(r'<script nonce="[^"]+">navigator\.serviceWorker\?\.register\("/service-worker\.js"', page)
    found = (await app.get("/manifest.json")).json()
    assert (found["name"], found["start_url"], found["scope"]) == ("Fruit & more", "/", "/")
    assert found["display"] == "standalone" and found["icons"]
    for each in found["icons"][:3]:
        picture = await icon(app, each["src"])
        assert f"{picture.width}x{picture.height}" == each["sizes"]
    assert [each["purpose"] for each in found["icons"]] == ["any", "any", "maskable", "any"]
    assert (await app.get("/pwa_icon/4096")).status_code == 404


async def test_icons_are_made_of_the_given_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = tmp_path / "wide.png"
    Image.new("RGB", (64, 32), "#00ff00").save(given)
    app = client(monkeypatch, pwa=True, favicon_path=str(given))
    plain, masked = await icon(app, "/pwa_icon/192"), await icon(app, "/pwa_icon/192?maskable")
    assert plain.getpixel((96, 96)) == (0, 255, 0, 255) and plain.getpixel((96, 10)) == (0, 0, 0, 0)
    assert masked.getpixel((0, 0)) == (255, 255, 255, 255) and masked.getpixel((96, 96)) == (0, 255, 0, 255)
    assert [each["type"] for each in (await app.get("/manifest.json")).json()["icons"]] == ["image/png"] * 3


async def test_a_picture_that_is_drawn_by_browsers_alone_is_offered_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = tmp_path / "icon.svg"
    given.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = client(monkeypatch, pwa=True, favicon_path=str(given))
    (only,) = (await app.get("/manifest.json")).json()["icons"]
    assert (only["src"], only["sizes"], only["type"]) == ("/favicon.ico", "any", "image/svg+xml")
    assert (await app.get("/pwa_icon/192")).status_code == 404


async def test_what_is_kept_for_offline_tells_nothing_and_runs_under_its_own_policy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = client(monkeypatch, pwa=True)
    page = await app.get("/offline.html")
    assert b"You are offline" in page.content and b"Fruit &amp; more" in page.content and b"takings" not in page.content
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy and policy.count("sha256-") == 2 and "unsafe" not in policy
    worker = await app.get("/service-worker.js")
    assert worker["Content-Type"].startswith("text/javascript") and worker["Cache-Control"] == "no-cache"
    text = worker.content.decode()
    assert 'const PAGE = "/offline.html"' in text and text.count("cache.add") == 1 and ".put(" not in text


async def test_strangers_may_ask_for_what_the_device_needs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    app = client(monkeypatch, pwa=True)
    settings.BLOCKS_LOGIN_REQUIRED = True
    needed = ["/manifest.json", "/service-worker.js", "/offline.html", "/pwa_icon/512"]
    assert [(await app.get(each)).status_code for each in needed] == [200] * 4


def test_launch_takes_the_option() -> None:
    assert launch_options((), {"pwa": True}).mount_options().pwa is True
    assert launch_options((), {}).mount_options().pwa is False
    with pytest.raises(LaunchError):
        launch_options((), {"pwas": True})
