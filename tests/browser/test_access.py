"""Login and logout as a visitor sees them: with and without scripts, on a phone, in the dark, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

PHONE = {"viewport": {"width": 390, "height": 844}}
DARK = {"color_scheme": "dark"}


@pytest.fixture(autouse=True)
def in_memory(settings: Any) -> None:
    """Sessions as a script without a project has them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    """An app that counts, behind a login."""

    def who(text: str, request: gr.Request) -> str:
        return f"{text} {request.username}"

    with gr.Blocks(title="Plans") as demo:
        text, out = gr.Textbox(label="Text"), gr.Textbox(label="Out")
        gr.Button("Go").click(who, text, out)
    return serve(demo, auth=[("ann", "secret"), ("bob", "other")], auth_message="Hello <b>M</b>")


def log_in(page: Page, name: str = "ann", password: str = "secret") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("options", [{}, DARK, PHONE, {**PHONE, **DARK}, {"java_script_enabled": False}])
def test_the_login(options: dict[str, Any], new_page: Callable[..., Page], url: str, axe: Any, complaints: Any) -> None:
    page = new_page(**options)
    scripts = options.get("java_script_enabled", True)
    page.goto(f"{url}?view=1")
    expect(page).to_have_title("Log in · Plans")
    expect(page.locator("b", has_text="M")).to_be_visible()
    if scripts:
        axe(page)
        assert page.evaluate("window.gradio_config.auth_required") is True
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    log_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_have_text("Incorrect credentials.")
    expect(page.get_by_label("Username")).to_have_value("ann")
    expect(page.get_by_label("Password")).to_have_value("")
    complaints.forgive("400")
    if scripts:
        axe(page)
    log_in(page)
    assert page.url == f"{url}?view=1"
    if scripts:
        page.get_by_label("Text").fill("hi")
        page.get_by_role("button", name="Go").click()
        expect(page.get_by_label("Out")).to_have_value("hi ann")


def test_by_keyboard_alone(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("Tab")
    page.keyboard.type("ann")
    page.keyboard.press("Tab")
    page.keyboard.type("secret")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Go")).to_be_visible()


def test_logging_out_in_one_tab_closes_the_other(page: Page, url: str, complaints: Any) -> None:
    page.goto(url)
    log_in(page)
    expect(page.get_by_role("button", name="Go")).to_be_visible()
    page.get_by_label("Text").fill("hi")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_label("Out")).to_have_value("hi ann")
    other = page.context.new_page()
    other.goto(url)
    other.get_by_role("link", name="Log out").click()
    expect(other.get_by_role("button", name="Log in")).to_be_visible()
    expect(page.locator(".link-notice")).to_contain_text(
        "You are not logged in any more. Reload the page to go on.", timeout=2000
    )
    page.reload()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_the_next_user_of_the_same_tab(page: Page, url: str) -> None:
    """A session belongs to who opened it; the tab must not go on with it."""
    page.goto(url)
    for name, password in (("ann", "secret"), ("bob", "other")):
        log_in(page, name, password)
        page.get_by_label("Text").fill("hi")
        page.get_by_role("button", name="Go").click()
        expect(page.get_by_label("Out")).to_have_value(f"hi {name}")
        page.get_by_role("link", name="Log out").click()


def test_a_link_from_elsewhere_asks_first(page: Page, url: str, axe: Any) -> None:
    page.goto(url)
    log_in(page)
    expect(page.get_by_role("button", name="Go")).to_be_visible()
    page.goto(f"data:text/html,<a href='{url}logout'>x</a>")
    page.get_by_role("link", name="x").click()
    expect(page.get_by_text("You are logged in as ann. Do you want to log out?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
