"""Chromium, pages that complain, and servers to open in it.

Every page made here fails its test at the end when something was logged as an error, when the strict policy was
violated, or when another host was asked for anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect

from tests.browser.proxy import Proxy
from tests.browser.story import Story
from tests.ports import free_port
from tests.serving import serving

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=20_000)  # on a busy machine; who waits for what never comes waits longer, and nothing else
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
#: What a page has to do now is done, its pictures are decoded, and two frames of it are drawn.
DRAWN = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))));
}"""

#: Colours on their way from one to the other have a contrast that nobody chose.
STILL = """() => {
  for (const animation of document.getAnimations())
    if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
}"""


class Complaints(list):
    """What went wrong on a page. A test that means to provoke an error takes it out with `forgive`."""

    def forgive(self, text: str) -> None:
        """Forget complaints that contain `text`; there must be at least one."""
        kept = [each for each in self if text not in each]
        assert len(kept) < len(self), f"Nothing complained of {text!r}: {self}"
        self[:] = kept


@pytest.fixture
def complaints() -> Complaints:
    """What the page of this test logged as an error so far."""
    return Complaints()


@pytest.fixture
def new_page(browser: Browser, complaints: Complaints, serve: object) -> Iterator[Callable[..., Page]]:
    """Makes pages in contexts of their own: `new_page(color_scheme="dark", viewport=...)`.

    It asks for `serve` so that pages go before their server, which they would miss and complain.
    """
    contexts = []

    def make(**options) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(f"console: {line.text}") if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("request", lambda request: _only_ours(request.url, complaints))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def settled(new_page: Callable[..., Page]) -> Callable[..., Response | None]:
    """Opens an address, if one is given, and returns when the page is drawn, not busy, and nothing is due."""
    pages: dict[Page, set[Request]] = {}

    def watch(page: Page) -> set[Request]:
        due: set[Request] = set()
        page.on("request", lambda request: due.add(request))
        page.on("requestfinished", lambda request: due.discard(request))
        page.on("requestfailed", lambda request: due.discard(request))
        return due

    def open_and_wait(page: Page, url: str = "") -> Response | None:
        due = pages[page] if page in pages else pages.setdefault(page, watch(page))
        response = page.goto(url) if url else None
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        calm = 0
        while calm < 3:  # what came may ask for more, when it was run and drawn
            page.evaluate(DRAWN)
            calm = 0 if due else calm + 1
        return response

    return open_and_wait


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A wide, light page."""
    return new_page()


def _only_ours(url: str, complaints: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("127.0.0.1", "localhost"):
        complaints.append(f"foreign host: {url}")


#: An operator, and events of the largest kind, as the log of events is off.
FIRST_ROWS = """
from django.contrib.auth.models import User
from django.utils import timezone
from queue_app.records.event_models import Event
User.objects.create_superuser("ada", password="lovelace-1815")
now = timezone.now()
about = dict(mount="shop-of-pictures-and-sounds", fn=0, fn_name="generate_picture_from_description", submitted=now,
    started=now, finished=now, wait=4000.0, duration=150.0, username="maximiliane.musterfrau@example.org",
    error="ValueError: expected 3 channels, found 4 in a picture of 1024 by 768 pixels", inputs="[]",
    traceback='Traceback (most recent call last):\\n  File "/srv/shop/pictures.py", line 3, in draw\\n    paint()\\n')
Event.objects.create(event_id="e" * 32, state="failed", **about)
Event.objects.create(event_id="f" * 32, state="done", **about)
"""

#: Launches a Blocks in this process: `url = serve(demo)`.
serve = pytest.fixture(serving)


@pytest.fixture
def story() -> Iterator[Story]:
    """A streaming app whose words the test decides."""
    made = Story()
    yield made
    made.tell(None)


@pytest.fixture
def proxy(serve: Callable[..., str], story: Story) -> Iterator[Proxy]:
    """The way to that app, which the test can cut."""
    relay = Proxy(serve(story.demo))
    yield relay
    relay.close()


@pytest.fixture(scope="package")
def gallery(tmp_path_factory) -> Iterator[str]:
    """The whole site with all demos, in a process of its own, with a database of its own. Ends with a slash."""
    folder = tmp_path_factory.mktemp("gallery")
    env = {**os.environ, "DJANGO_SQLITE": str(folder / "db.sqlite3"), "GRADIO_TEMP_DIR": str(folder / "files")}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
    subprocess.run([*manage, "shell", "-v", "0", "-c", FIRST_ROWS], cwd=ROOT, env=env, check=True)
    port = free_port()
    env["LOADED_APP"] = f"http://127.0.0.1:{port}/hello/"
    command = [sys.executable, "-m", "daphne", "-p", str(port), "project.asgi:application"]
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url, server, folder / "server.log")
        yield url
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{url} does not answer. {log.read_text()}")


@pytest.fixture
def axe() -> Callable[..., None]:
    """Asserts that a page has no violation of the rules for accessible pages, or of those that are named."""
    # axe copies the styles of a shadow tree to look into them, which the page's policy refuses
    shadowed = "[...document.querySelectorAll('*')].some((node) => node.shadowRoot)"
    run = f"axe.run(document, {{resultTypes: ['violations'], preload: !{shadowed}, ...only}})"

    def check(page: Page, *rules: str) -> None:
        page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
        page.evaluate(STILL)
        found = page.evaluate(
            f"async (only) => (await {run}).violations",
            {"runOnly": list(rules)} if rules else {},
        )
        failures = [
            {"rule": each["id"], "help": each["help"], "nodes": [node["html"][:200] for node in each["nodes"][:3]]}
            for each in found
        ]
        assert not failures, json.dumps(failures, indent=2)

    return check
