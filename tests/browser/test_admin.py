"""The queue's pages in Django's admin, as an operator sees them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

PAGES = ["", "queue/", "worker/", "event/", "session/", "storedfile/", "flag/", "conversation/", "audit/"]
#: Parts that have more than they show: a column beyond the edge.
WIDER = (
    "[...document.querySelectorAll('.results, .blocks-scroll')].filter((each) => each.scrollWidth > each.clientWidth)"
)


@pytest.fixture
def operator(new_page, gallery):
    """Opens a page of the admin, logged in; a demo has been used before."""

    def start(**options) -> Page:
        page = new_page(**options)
        page.goto(f"{gallery}hello/")
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_label("Greeting")).to_have_value("Welcome to Gradio, Ada!")
        page.goto(f"{gallery}admin/login/?next=/admin/queue_app/queue/")
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password").fill("lovelace-1815")
        page.get_by_role("button", name="Log in").click()
        return page

    return start


@pytest.mark.parametrize(("color_scheme", "width"), [("light", 390), ("dark", 1280)])
def test_every_page_is_accessible_and_no_wider_than_the_screen(operator, gallery, axe, color_scheme, width) -> None:
    page = operator(color_scheme=color_scheme, viewport={"width": width, "height": 900})
    for name in PAGES:
        page.goto(f"{gallery}admin/queue_app/{name}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate(f"{WIDER}.length") == 0, name


def test_a_filter_opens_and_is_chosen_by_keyboard(operator, gallery, axe) -> None:
    page = operator(viewport={"width": 390, "height": 800})
    page.goto(f"{gallery}admin/queue_app/event/")
    page.locator("summary", has_text="State").focus()
    page.keyboard.press("Enter")
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**state__exact=queued")
    expect(page.locator("summary", has_text="State: Waiting")).to_be_visible()
    expect(page.get_by_text("Nothing to show.")).to_be_visible()
    page.get_by_role("link", name="Clear all filters").click()
    row = page.get_by_role("row", name="failed")
    expect(row.get_by_role("cell", name="1 h 6 min")).to_be_visible()
    row.get_by_role("link", name="generate_picture_from_description").click()
    expect(page.get_by_text("shop/pictures.py, line 3, draw")).to_be_visible()
    expect(page.get_by_role("button", name="Submit this event again")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_processes_are_shown_drained_and_opened(operator, gallery) -> None:
    page = operator()
    page.goto(f"{gallery}admin/queue_app/worker/")
    row = page.get_by_role("row", name="this one")
    expect(row).to_contain_text("threads")
    row.get_by_role("button", name="Drain").click()
    expect(row).to_contain_text("draining")
    row.get_by_role("button", name="End").click()
    expect(page.get_by_role("heading", name="End this process?")).to_be_visible()
    page.get_by_role("link", name="No, go back").click()
    row.get_by_role("button", name="Reopen").click()
    expect(row).to_contain_text("open")


def test_an_operator_pauses_a_group_and_lets_it_go_on(operator) -> None:
    page = operator()
    row = page.get_by_role("region", name="Groups of demos-hello").get_by_role("row").nth(1)
    row.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused: nothing starts")).to_be_visible()
    expect(row).to_contain_text("paused")
    row.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("goes on")).to_be_visible()
    expect(row).to_contain_text("open")


def test_a_phone_shows_charts_and_groups_without_scrolling_the_page(operator) -> None:
    page = operator(viewport={"width": 390, "height": 800})
    expect(page.get_by_role("img", name="Throughput")).to_be_visible()
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")  # once all is drawn


def test_the_live_queue_refreshes_itself_and_keeps_focus_and_what_is_typed(operator) -> None:
    page = operator()
    row = page.get_by_role("region", name="Groups of demos-hello").get_by_role("row").nth(1)
    limit = row.get_by_role("textbox")
    before = int(row.get_by_role("cell").nth(1).inner_text())
    page.evaluate("document.querySelector('.blocks-groups tbody tr').marked = true")
    limit.fill("77")
    with page.expect_response(lambda answer: answer.url.endswith("/now/")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when the tab comes to the front
    with page.expect_response(lambda answer: answer.url.endswith("/now/")):
        pass  # the next comes by itself
    expect(limit).to_be_focused()
    expect(limit).to_have_value("77")
    assert page.evaluate("document.querySelector('.blocks-groups tbody tr').marked")
    row.get_by_role("button", name="Set limit").click()
    expect(page.get_by_text("limit 77")).to_be_visible()
    expect(row.get_by_role("cell").nth(1)).to_have_text("77")
    row.get_by_role("textbox").fill(str(before))
    row.get_by_role("button", name="Set limit").click()
    expect(page.get_by_text(f"limit {before}")).to_be_visible()


def test_what_others_do_appears_on_the_live_queue_by_itself(operator, new_page, gallery) -> None:
    page = operator()
    other = page.context.new_page()
    other.goto(f"{gallery}admin/queue_app/queue/")
    rows = [
        each.get_by_role("region", name="Groups of demos-hello").get_by_role("row").nth(1) for each in (page, other)
    ]
    rows[1].get_by_role("button", name="Pause").click()
    expect(rows[0]).to_contain_text("paused", timeout=30_000)
    rows[1].get_by_role("button", name="Resume").click()
    expect(rows[0]).to_contain_text("open", timeout=30_000)
    other.close()


def test_refreshing_can_be_stopped_and_a_silent_server_is_told(operator, complaints) -> None:
    page = operator()
    page.get_by_role("button", name="Stop refreshing").click()
    page.route("**/now/", lambda route: route.abort())
    page.get_by_role("button", name="Go on refreshing").click()
    expect(page.get_by_role("status")).to_have_text("The server does not answer: what is shown may be old.")
    page.unroute("**/now/")
    expect(page.get_by_role("status")).to_be_empty(timeout=30_000)
    complaints.forgive("ERR_FAILED")


def test_a_flag_is_shown_with_its_picture(operator, gallery, axe) -> None:
    page = operator(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto(f"{gallery}flags/")
    expect(page.get_by_label("Name")).to_have_value("blue")
    page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_text("Thank you: it is noted.")).to_be_visible()
    page.goto(f"{gallery}admin/queue_app/flag/?option=Wrong")
    axe(page)
    page.get_by_role("rowheader").get_by_role("link").click()
    picture = page.get_by_role("img", name="image.webp")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    export = page.request.get(f"{gallery}admin/queue_app/flag/export.csv?option=Wrong")
    assert "Names of colours,Wrong,ada,#1f6feb,blue,http" in export.text()
