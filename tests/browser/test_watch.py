"""A second tab watches a run by its link: as it comes, to its end, and without a hand in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import Complaints
from tests.browser.proxy import Proxy
from tests.browser.story import Story, begin, out

NOTHING = "There is nothing to watch here: the run has ended, or it is not yours."


def link_of(page: Page) -> str:
    """Copy the link with the keyboard, as the page offers it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy link to this run")
    button.press("Enter")
    expect(page.locator(".run-link button")).to_contain_text("Copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def bar(tab: Page) -> Any:
    return expect(tab.locator(".watch-bar"))


def test_a_second_tab_sees_the_run_from_its_beginning_to_its_end(
    proxy: Proxy, page: Page, story: Story, axe: Callable[[Page], None]
) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    session = page.evaluate("JSON.parse(sessionStorage['blocks:/']).session")
    assert "__watch=" in link and session not in link
    tab = page.context.new_page()
    tab.goto(link)
    out(tab).to_have_value("one ")
    bar(tab).to_contain_text("You are watching a run of another tab.")
    expect(tab.get_by_test_id("status-tracker")).to_have_count(1)
    axe(tab)
    story.tell("two ")
    out(tab).to_have_value("one two ")
    tab.reload()
    out(tab).to_have_value("one two ")
    story.tell("three", None)
    for each in (page, tab):
        out(each).to_have_value("one two three")
        expect(each.get_by_test_id("status-tracker")).to_have_count(0)
    bar(tab).to_contain_text("The run has ended.")
    expect(page.get_by_role("button", name="Copy link to this run")).to_have_count(0)
    assert story.runs == 1
    tab.get_by_role("link", name="Open the app").click()
    expect(tab.get_by_role("button", name="Start")).to_be_enabled()
    expect(tab.locator(".watch-bar")).to_have_count(0)
    out(tab).to_have_value("")


def test_who_watches_can_press_nothing(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    tab = page.context.new_page()
    tab.goto(link)
    out(tab).to_have_value("one ")
    for name in ("Start", "Stop"):
        expect(tab.get_by_role("button", name=name)).to_be_disabled()
        tab.get_by_role("button", name=name).evaluate("button => { button.disabled = false; button.click(); }")
    assert tab.evaluate("sessionStorage.length") == 0
    story.tell("two", None)
    out(tab).to_have_value("one two")
    assert story.runs == 1


def test_a_watcher_that_loses_its_connection_misses_nothing(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    tab = page.context.new_page()
    tab.goto(link)
    out(tab).to_have_value("one ")
    proxy.drop()
    story.tell("two ", "three", None)
    out(page).to_have_value("one two three")
    out(tab).to_have_value("one two three")
    bar(tab).to_contain_text("The run has ended.")
    complaints[:] = [each for each in complaints if "WebSocket" not in each]


def test_another_browser_is_told_nothing(proxy: Proxy, story: Story, page: Page, new_page: Callable[..., Page]) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    other = new_page()
    other.goto(link)
    bar(other).to_contain_text(NOTHING)
    out(other).to_have_value("")
    expect(other.get_by_test_id("status-tracker")).to_have_count(0)
    story.tell(None)


def visit(page: Page, url: str, name: str) -> None:
    page.context.add_cookies([{"name": "who", "value": name, "url": url}])
    page.goto(url)
    expect(page.get_by_label("Out")).to_be_visible()


def test_the_same_user_watches_from_another_device_and_another_user_does_not(
    page: Page, new_page: Callable[..., Page], serve: Callable[..., str], story: Story
) -> None:
    url = serve(story.demo, auth_dependency=lambda request: request.cookies.get("who"))
    visit(page, url, "ann")
    page.get_by_role("button", name="Start").click()
    story.tell("one ")
    out(page).to_have_value("one ")
    link = link_of(page)
    phone, eve = new_page(viewport={"width": 390, "height": 800}), new_page()
    visit(phone, url, "ann")
    phone.goto(link)
    out(phone).to_have_value("one ")
    visit(eve, url, "eve")
    eve.goto(link)
    bar(eve).to_contain_text(NOTHING)
    story.tell("two", None)
    out(phone).to_have_value("one two")
    out(eve).to_have_value("")


def test_ten_tabs_watch_one_run(proxy: Proxy, story: Story, page: Page) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    tabs = [page.context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.goto(link)
    for tab in tabs:
        out(tab).to_have_value("one ")
    story.tell("two", None)
    for tab in (page, *tabs):
        out(tab).to_have_value("one two")


def test_where_no_socket_gets_through_watching_works_by_polling(
    proxy: Proxy, page: Page, story: Story, complaints: Complaints
) -> None:
    begin(page, proxy.url, story)
    link = link_of(page)
    tab = page.context.new_page()
    tab.add_init_script(
        """const Real = WebSocket;
        window.WebSocket = class extends Real {
          constructor(url) { super(String(url).replace("queue/ws", "queue/no-such-door")); }
        };"""
    )
    tab.goto(link)
    out(tab).to_have_value("one ", timeout=30_000)
    story.tell("two", None)
    out(tab).to_have_value("one two")
    bar(tab).to_contain_text("The run has ended.")


def test_a_short_run_offers_no_link(page: Page, serve: Callable[..., str]) -> None:
    with gr.Blocks() as demo:
        box = gr.Textbox(label="Out")
        gr.Button("Start").click(lambda: "quick", None, box)
    page.goto(serve(demo))
    page.get_by_role("button", name="Start").click()
    out(page).to_have_value("quick")
    expect(page.locator(".run-link")).to_have_count(0)
