"""A page that was cut off, frozen or reloaded, or whose server was restarted, shows where it stands and goes on."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import ROOT, Complaints, wait_for
from tests.browser.proxy import Proxy
from tests.browser.story import Story, begin, out
from tests.ports import free_port

SEEN = """
window.seen = [];
addEventListener("DOMContentLoaded", () => {
  setInterval(() => {
    const now = document.querySelector("textarea")?.value;
    if (now !== undefined && now !== window.seen.at(-1)) window.seen.push(now);
  }, 5);
});
"""


def forgive_network(complaints: Complaints) -> None:
    """A cut connection is told in the console by the browser itself."""
    complaints[:] = [each for each in complaints if "WebSocket" not in each and "net::ERR_" not in each]


def test_offline_and_online_again(proxy: Proxy, story: Story, page: Page, complaints: Complaints) -> None:
    begin(page, proxy.url, story)
    page.context.set_offline(True)
    proxy.drop()
    story.tell("two ", "three ")
    expect(page.locator(".link-notice")).to_have_text(re.compile("You are offline"))
    out(page).to_have_value("one ")
    page.context.set_offline(False)
    out(page).to_have_value("one two three ")
    expect(page.locator(".link-notice")).to_have_count(0)
    story.tell("four", None)
    out(page).to_have_value("one two three four")
    assert story.runs == 1
    forgive_network(complaints)


@pytest.mark.parametrize("cut", [False, True], ids=["socket alive", "socket killed"])
def test_a_frozen_page_catches_up_when_it_wakes(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints, cut: bool
) -> None:
    begin(page, proxy.url, story)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    if cut:
        proxy.drop()
    story.tell("two ", "three ")
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    out(page).to_have_value("one two three ")
    expect(page.get_by_test_id("status-tracker")).to_have_count(1)
    story.tell("four", None)
    out(page).to_have_value("one two three four")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    assert story.runs == 1
    forgive_network(complaints)


def test_a_socket_that_died_unnoticed_is_noticed_when_the_page_wakes(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    proxy.hold()  # nothing comes through any more, but nobody says so: as a phone finds its network after a night
    story.tell("two", None)
    page.evaluate("void document.dispatchEvent(new Event('resume'))")
    out(page).to_have_value("one two", timeout=30_000)
    page.close()  # some of its requests are held for ever
    forgive_network(complaints)


def test_reloads_in_the_middle_of_a_stream_lose_and_double_nothing(proxy: Proxy, story: Story, page: Page) -> None:
    page.add_init_script(SEEN)
    begin(page, proxy.url, story)
    text = "one "
    for word in ("two ", "three ", "four "):
        story.tell(word)
        page.reload()
        text += word
        out(page).to_have_value(text)
        expect(page.get_by_test_id("status-tracker")).to_have_count(1)
    story.tell("five", None)
    out(page).to_have_value(text + "five")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    seen = page.evaluate("seen")
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen)), seen
    assert story.runs == 1


def test_the_clock_of_a_run_goes_on_over_a_reload(page: Page, serve: Callable[..., str]) -> None:
    import threading

    go = threading.Event()
    with gr.Blocks() as demo:
        box = gr.Textbox(label="Out")
        gr.Button("Start").click(lambda: str(go.wait(60)), None, box)
    page.goto(serve(demo))
    page.get_by_role("button", name="Start").click()
    clock = page.get_by_test_id("status-tracker").locator(".meta-text")
    seconds = "() => parseFloat(document.querySelector('.meta-text')?.textContent.replace(/.*\\|/, '')) > 2"
    expect(clock).to_be_visible()
    page.wait_for_function(seconds)
    page.reload()
    expect(clock).to_contain_text("processing")
    shown = float(clock.inner_text().rpartition("|")[2].split("/")[0].rstrip("s"))
    assert shown > 2
    go.set()
    out(page).to_have_value("True")


def restart(proxy: Proxy, story: Story, serve: Callable[..., str], other: gr.Blocks) -> None:
    proxy.disconnect()
    story.demo.close(verbose=False)
    proxy.target(serve(other))
    proxy.connect()


def test_after_a_restart_of_the_server_the_page_goes_on_and_tells_what_was_lost(
    proxy: Proxy, page: Page, story: Story, serve: Callable[..., str], complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    page.evaluate("window.stayed = true")
    second = Story()
    restart(proxy, story, serve, second.demo)
    expect(page.locator(".link-notice")).to_have_text("The server was restarted. This page is connected again.")
    expect(page.get_by_test_id("toast-text")).to_have_text(
        "The server was restarted while this was running. Run it again."
    )
    expect(page.get_by_test_id("status-tracker")).to_have_text("Error")
    out(page).to_have_value("one ")
    page.get_by_role("button", name="Start").click()
    second.tell("anew", None)
    out(page).to_have_value("anew")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    assert page.evaluate("window.stayed") is True and second.runs == 1
    complaints.forgive("restarted")
    forgive_network(complaints)


def test_a_reload_after_a_restart_tells_the_same(
    proxy: Proxy, page: Page, story: Story, serve: Callable[..., str], complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    page.goto("about:blank")
    second = Story()
    restart(proxy, story, serve, second.demo)
    page.goto(proxy.url)
    expect(page.get_by_test_id("toast-text")).to_have_text(
        "The server was restarted while this was running. Run it again."
    )
    page.reload()
    expect(page.get_by_label("Out")).to_be_visible()
    expect(page.get_by_test_id("toast-text")).to_have_count(0)
    complaints.forgive("restarted")
    forgive_network(complaints)


def test_what_was_pressed_while_the_server_restarted_runs_on_the_new_one(
    proxy: Proxy, page: Page, story: Story, serve: Callable[..., str], complaints: Complaints
) -> None:
    page.goto(proxy.url)
    expect(page.get_by_label("Out")).to_be_visible()
    proxy.disconnect()
    page.get_by_role("button", name="Start").click()
    second = Story()
    second.tell("late", None)
    restart(proxy, story, serve, second.demo)
    out(page).to_have_value("late")
    assert (story.runs, second.runs) == (0, 1)
    forgive_network(complaints)


def changed() -> gr.Blocks:
    with gr.Blocks() as demo:
        gr.Textbox(label="New")
        gr.Button("Start")
    return demo


def test_a_changed_app_offers_to_reload_and_gets_nothing_from_the_old_page(
    page: Page,
    proxy: Proxy,
    story: Story,
    serve: Callable[..., str],
    complaints: Complaints,
    axe: Callable[[Page], None],
) -> None:
    page.goto(proxy.url)
    expect(page.get_by_label("Out")).to_be_visible()
    restart(proxy, story, serve, changed())
    notice = page.locator(".link-notice")
    expect(notice).to_contain_text("This app has changed. Reload the page to go on.")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("not connected any more")
    axe(page)
    notice.get_by_role("button", name="Reload").press("Enter")
    expect(page.get_by_label("New")).to_be_visible()
    expect(notice).to_have_count(0)
    complaints.forgive("#gone")  # what the core calls it
    forgive_network(complaints)


def test_where_the_source_is_watched_the_page_reloads_by_itself(
    page: Page,
    proxy: Proxy,
    story: Story,
    serve: Callable[..., str],
    complaints: Complaints,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUN_MAIN", "true")
    page.goto(proxy.url)
    expect(page.get_by_label("Out")).to_be_visible()
    restart(proxy, story, serve, changed())
    expect(page.get_by_label("New")).to_be_visible()
    forgive_network(complaints)


def test_a_page_whose_state_is_lost_is_told_so(
    proxy: Proxy, page: Page, story: Story, serve: Callable[..., str], complaints: Complaints
) -> None:
    def counter() -> gr.Blocks:
        with gr.Blocks() as demo:
            kept, total = gr.State(0), gr.Number(label="Total")
            gr.Button("Count").click(lambda n: (n + 1, n + 1), kept, [kept, total])
        return demo

    first = counter()
    proxy.target(serve(first))
    page.goto(proxy.url)
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Total")).to_have_value("1")
    proxy.disconnect()
    first.close(verbose=False)
    proxy.target(serve(counter()))
    proxy.connect()
    expect(page.locator(".link-notice")).to_have_text(
        "The server was restarted and has forgotten what it kept for this page. This page is connected again."
    )
    forgive_network(complaints)


SERVER = """
    import sys
    import blocks_app as gr
    with gr.Blocks() as demo:
        kept, total = gr.State(0), gr.Number(label="Total")
        gr.Button("Count").click(lambda n: (n + 1, n + 1), kept, [kept, total])
    cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": sys.argv[2]}
    demo.launch(server_port=int(sys.argv[1]), quiet=True, app_kwargs={
        "CACHES": {"default": cache}, "BLOCKS_STATE_CACHE": "default", "SECRET_KEY": "the same for both"})
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], tuple[str, subprocess.Popen]]]:
    """Starts a server in a process of its own, always at the same address."""
    port, log, running = free_port(), tmp_path / "server.log", []
    file = tmp_path / "kept_app.py"
    file.write_text(textwrap.dedent(SERVER))

    def begin_to_serve() -> tuple[str, subprocess.Popen]:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        env.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' own
        command = [sys.executable, str(file), str(port), str(tmp_path / "cache")]
        with log.open("a") as log_file:
            server = subprocess.Popen(command, env=env, stdout=log_file, stderr=subprocess.STDOUT)
        running.append(server)
        wait_for(f"http://127.0.0.1:{port}/", server, log)
        return f"http://127.0.0.1:{port}/", server

    yield begin_to_serve
    for server in running:
        server.kill()
        server.wait(30)


def test_with_a_state_cache_a_killed_server_takes_nothing_along(
    page: Page, start: Callable[[], tuple[str, subprocess.Popen]], complaints: Complaints
) -> None:
    url, server = start()
    page.goto(url)
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Total")).to_have_value("1")
    server.send_signal(signal.SIGKILL)
    server.wait(30)
    start()
    notice = expect(page.locator(".link-notice"))
    notice.to_have_text("The server was restarted. This page is connected again.", timeout=30_000)
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Total")).to_have_value("2")
    expect(page.get_by_test_id("toast-text")).to_have_count(0)
    forgive_network(complaints)
