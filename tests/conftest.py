"""For all tests: nothing is written to a database behind their backs, and those that open a browser come last."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import second_try

for name in ("BLOCKS_EVENT_LOG", "BLOCKS_MESSAGE_BUS", "BLOCKS_FILE_ROWS"):
    os.environ[name] = "0"  # for the servers that tests start

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has started the tests in the background: servers that they start and interrupt would ignore that, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: Files with many tests that share nothing but the gallery: any process may take a part of them.
SPREAD = ("test_demos.py", "test_contract.py")
#: Files that take one process longest.
LONG = ("test_paths.py", "test_proxy.py")
#: Files of which only some tests open Chromium.
MIXED = ("test_arguments.py", "test_notebook.py", "test_share.py")

#: The shell alone first: it draws the same pages, without the windows and processes of the whole browser.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
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


@pytest.fixture(scope="session", autouse=True)
def nothing_again(no_rows_of_files: None) -> Iterator[None]:
    """A test that lists other apps makes Django ready them once more; what they connect then is no other test's."""
    from django.core.signals import setting_changed

    from queue_app.cluster import commands
    from queue_app.records import db_file_registry, event_log

    def disconnect(setting: str, **_: object) -> None:
        if setting == "INSTALLED_APPS":
            event_log.uninstall(), commands.disconnect(), db_file_registry.disconnect()

    setting_changed.connect(disconnect)
    yield
    setting_changed.disconnect(disconnect)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of the tests' own that keeps nothing on disk."""
    from redis import Redis

    from tests.launch.programs import program, serving
    from tests.ports import free_port

    port, log = free_port(), tmp_path_factory.mktemp("redis") / "log"
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with serving(command, port, log) as ours:
        url = f"redis://127.0.0.1:{port}"
        with Redis.from_url(url) as client:  # which may be another one, where ours found its port taken
            assert client.info("server")["process_id"] == ours.pid, log.read_text()
        yield url


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what opens Chromium."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)  # pytest itself brings those together that share a fixture
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move what opens Chromium to the end, those files first that take longest.

    Playwright's driver leaves a running event loop in the main thread, beside which no async test can start another.
    """
    last = {item.path for item in items if _in_browser(item) and item.path.name not in MIXED}
    items.sort(key=lambda item: (item.path in last or _in_browser(item), item.path.name not in (*LONG, *SPREAD)))


def pytest_collection_finish() -> None:
    """Ten thousand tests and their modules stay; the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Note what failed, for the second try."""
    second_try.note(terminalreporter)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """A file is one process's, for its tests share servers, pages and programs; who is free takes the next."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):
    """Shares out files in their order, a few of them test by test."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        name = Path(file).name
        if name in MIXED:
            return nodeid
        return f"{file} {zlib.crc32(nodeid.encode()) % 6}" if name in SPREAD else file


def _in_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def chromium() -> str:
    """The program."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "Chromium is missing: `make test` installs it on Debian, or install chromium-headless-shell yourself."
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Its driver keeps a loop running in this thread, which Django would refuse."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
