"""The queue's pages in Django's admin, as an operator sees them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

PAGES = ["queue", "event", "session", "storedfile", "audit"]


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


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_every_page_is_accessible(operator, gallery, axe, color_scheme) -> None:
    page = operator(color_scheme=color_scheme)
    for name in PAGES:
        page.goto(f"{gallery}admin/queue_app/{name}/")
        axe(page)


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
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
