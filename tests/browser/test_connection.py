"""The page's connection: what breaks, comes back; what runs, goes on."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.proxy import Proxy
from tests.browser.story import Story, begin, out


def test_a_dropped_connection_loses_nothing(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    proxy.drop()
    story.tell("two ", "three", None)
    out(page).to_have_value("one two three")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    assert story.runs == 1


def test_while_the_server_is_away_a_quiet_notice_says_so(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    proxy.disconnect()
    notice = page.locator(".link-notice")
    expect(notice).to_have_text("Reconnecting…")
    story.tell("two", None)
    proxy.connect()
    out(page).to_have_value("one two")
    expect(notice).to_have_count(0)
    complaints.forgive("WebSocket connection")
    complaints[:] = [each for each in complaints if "net::ERR_" not in each]  # polling was tried too


def test_what_is_pressed_while_the_server_is_away_runs_once_later(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    page.goto(proxy.url)
    expect(page.get_by_label("Out")).to_be_visible()
    proxy.disconnect()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".link-notice")).to_be_visible()
    story.tell("late", None)
    proxy.connect()
    out(page).to_have_value("late")
    assert story.runs == 1
    complaints.forgive("WebSocket connection")
    complaints[:] = [each for each in complaints if "net::ERR_" not in each]  # polling was tried too


def test_packets_that_vanish_are_told_within_seconds_and_nothing_is_lost(
    proxy: Proxy, page: Page, story: Story
) -> None:
    begin(page, proxy.url, story)
    proxy.hold()
    story.tell("two", None)
    since = time.monotonic()
    notice = page.locator(".link-notice")
    expect(notice).to_have_text("The server does not answer. What you do is kept until it does.", timeout=6000)
    assert time.monotonic() - since < 6
    out(page).to_have_value("one two", timeout=12_000)
    expect(notice).to_have_count(0)
    assert story.runs == 1


def test_offline_is_told_and_goes_with_the_network(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    away = {"latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    proxy.hold()  # what is emulated leaves open sockets alone
    network.send("Network.emulateNetworkConditions", {"offline": True, **away})
    notice = page.locator(".link-notice")
    words = "You are offline. What you do is kept until you are online again."
    expect(notice).to_have_text(words, timeout=5000)
    story.tell("two", None)
    network.send("Network.emulateNetworkConditions", {"offline": False, **away})
    out(page).to_have_value("one two", timeout=8000)
    expect(notice).to_have_count(0)
    assert story.runs == 1
    complaints[:] = [each for each in complaints if "net::ERR_" not in each]


def test_a_reload_goes_on_with_what_runs(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    page.reload()
    out(page).to_have_value("one ")
    expect(page.get_by_test_id("status-tracker")).to_have_count(1)
    story.tell("two", None)
    out(page).to_have_value("one two")
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    assert story.runs == 1


def test_what_ended_while_the_page_was_reloading_is_shown(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    page.goto("about:blank")
    story.tell("two", None)
    page.goto(proxy.url)
    out(page).to_have_value("one two")


def test_stop_reaches_an_event_from_before_a_reload(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    page.reload()
    out(page).to_have_value("one ")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    story.tell("never")
    out(page).to_have_value("one ")


def test_a_duplicated_tab_is_a_session_of_its_own(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    with page.expect_popup() as opened:
        page.evaluate("void window.open(location.href)")  # takes a copy of the session storage along
    copy = opened.value
    expect(copy.get_by_role("button", name="Start")).to_be_visible()
    out(copy).to_have_value("")
    story.tell("two", None)
    out(page).to_have_value("one two")
    out(copy).to_have_value("")
