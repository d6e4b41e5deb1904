"""For all tests: nothing is written to a database behind their backs, and those that open a browser come last."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

for name in ("BLOCKS_EVENT_LOG", "BLOCKS_MESSAGE_BUS", "BLOCKS_FILE_ROWS"):
    os.environ[name] = "0"  # for the servers that tests start

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has started the tests in the background: servers that they start and interrupt would ignore that, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def no_event_log() -> Iterator[None]:
    """What the site's settings ask for is not used; tests of it install their own."""
    from queue_app.records import event_log  # after Django

    event_log.uninstall()
    yield
    event_log.uninstall()


@pytest.fixture(scope="session", autouse=True)
def no_rows_of_files() -> None:
    """Nor are visitors' files rows. (Folders have fixtures of their own in place of the one above.)"""
    from queue_app.records import db_file_registry  # after Django

    db_file_registry.disconnect()


@pytest.fixture(scope="session", autouse=True)
def no_message_bus() -> Iterator[None]:
    """Nor does this process talk to others."""
    from queue_app.cluster import commands  # after Django

    commands.disconnect()
    yield
    commands.disconnect()


@pytest.hookimpl(trylast=True)  # pytest itself brings those together that share a fixture
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens Chromium and move it to the end.

    Playwright's driver leaves a running event loop in the main thread, beside which no async test can start another.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Its driver keeps a loop running in this thread, which Django would refuse."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing: `make test` installs it on Debian, or install the package chromium yourself."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
