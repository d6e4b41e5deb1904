"""Several pages of an app in a browser: links, reload, back and forward, and the session that goes along."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr

Serve = Callable[..., str]


def app() -> gr.Blocks:
    with gr.Blocks(title="Shop") as demo:
        bar = gr.Navbar(main_page_name="Start")
        count = gr.State(0)
        said = gr.Textbox(label="Said")
        gr.Button("Add").click(lambda n: (n + 1, f"now {n + 1}"), count, [count, said])
        gr.Button("More").click(lambda: gr.Navbar([("Docs", "https://example.org")], main_page_name="Main"), None, bar)
    with demo.route("Basket"):
        basket = gr.Textbox(label="Basket")
        demo.load(lambda n: f"holds {n}", count, basket)
    return demo


def test_pages_have_addresses_and_share_the_session_of_the_tab(page: Page, serve: Serve) -> None:
    address = serve(app())
    page.goto(address)
    links, basket = page.get_by_role("navigation").get_by_role("link"), page.get_by_label("Basket")
    expect(links).to_have_text(["Start", "Basket"])
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Said")).to_have_value("now 1")
    links.get_by_text("Basket").click()
    expect(page).to_have_url(f"{address}basket")
    expect(page).to_have_title("Basket – Shop")
    expect(basket).to_have_value("holds 1")
    expect(page.locator("[aria-current=page]")).to_have_text("Basket")
    page.reload()
    expect(basket).to_have_value("holds 1")
    page.go_back()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Said")).to_have_value("now 2")
    page.go_forward()
    expect(basket).to_have_value("holds 2")


def test_the_links_follow_an_update(page: Page, serve: Serve) -> None:
    page.goto(serve(app()))
    page.get_by_role("button", name="More").click()
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_text(["Main", "Basket", "Docs"])
    expect(links.last).to_have_attribute("rel", "noopener noreferrer")
