"""The look: themes, the dark, users' css, and contrast wherever a theme goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.extras.theme_builder import WEAR
from blocks_app.page.theming import resolve_theme


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#blocks-root:not([aria-busy])")


def style(page: Page, selector: str, name: str) -> str:
    code = "([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name)"
    return str(page.evaluate(code, [selector, name])).strip()


def kitchen(theme: str | gr.Theme | None = None, css: str | None = None) -> gr.Blocks:
    with gr.Blocks(theme=theme, css=css) as demo:
        gr.Markdown("# Title\nText with a [link](https://example.org) and `code`.\n\n> Quoted")
        with gr.Row():
            with gr.Column():
                gr.Textbox(label="Text", info="Help", placeholder="Write", elem_id="text", interactive=True)
                gr.CheckboxGroup(["a", "b"], value=["a"], label="Group", interactive=True)
                gr.Dropdown(["a", "b"], value="a", label="Choice", interactive=False)
            with gr.Column(variant="panel"):
                gr.Slider(label="Slider", info="Help", interactive=True)
                gr.Label({"cat": 0.7, "dog": 0.3}, label="Label")
        with gr.Row():
            gr.Button("Primary", variant="primary", elem_id="primary")
            gr.Button("Secondary")
            gr.Button("Stop", variant="stop")
        with gr.Tabs():
            with gr.Tab("One"), gr.Accordion("Open"):
                gr.Number(1, label="Number")
            with gr.Tab("Two"):
                gr.Markdown("two")
    return demo


@pytest.mark.parametrize("theme", ["default", "base", "soft", "glass", "monochrome"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_theme_is_readable(theme, scheme, serve, new_page, axe) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, serve(kitchen(theme)))
    assert style(page, "html", "--name") == theme
    axe(page, "color-contrast")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_themes_that_wait_are_readable(scheme, serve, new_page, axe) -> None:
    """As the theme builder shows them: one page that wears one after the other."""
    page = new_page(color_scheme=scheme)
    open_page(page, serve(kitchen()))
    for name in ("origin", "citrus", "ocean", "ember", "cyberpunk", "mario", "neon"):
        page.evaluate(f"({WEAR})(`{resolve_theme(name).css_text()}`)")
        assert style(page, "html", "--name") == name
        axe(page, "color-contrast")


def test_own_theme_reaches_the_page(serve, page) -> None:
    theme = gr.themes.Soft(primary_hue="rose", radius_size="none").set(block_background_fill="rgb(1, 2, 3)")
    open_page(page, serve(kitchen(theme)))
    assert style(page, "html", "--primary-500") == "#f43f5e"
    assert style(page, ".form", "background-color") == "rgb(1, 2, 3)"
    assert style(page, "#primary", "border-radius") == "0px"


def test_dark_by_system_by_address_and_by_script(serve, new_page) -> None:
    url = serve(kitchen())
    light, dark = new_page(color_scheme="light"), new_page(color_scheme="dark")
    open_page(light, url)
    open_page(dark, url)
    assert style(light, "body", "background-color") != style(dark, "body", "background-color")
    open_page(dark, f"{url}?__theme=light")
    expect(dark.locator("body.dark")).to_have_count(0)
    open_page(light, f"{url}?__theme=dark")
    expect(light.locator("html.dark > body.dark")).to_have_count(1)
    night = style(light, "body", "background-color")
    light.evaluate("document.body.classList.toggle('dark')")
    expect(light.locator("html.dark")).to_have_count(0)
    assert style(light, "body", "background-color") != night


def test_users_css_wins_without_important(serve, page) -> None:
    css = """
    .gradio-container { max-width: 600px }
    footer { visibility: hidden }
    .block { --block-background-fill: transparent }
    #text { border: 3px solid rgb(9, 8, 7) }
    button.primary { background: rgb(4, 5, 6) }
    textarea { color: rgb(1, 2, 3) }
    .tab-nav { gap: 20px }
    .prose h1 { font-size: 50px }
    """
    open_page(page, serve(kitchen(css=css)))
    assert style(page, ".gradio-container", "max-width") == "600px"
    assert style(page, "footer", "visibility") == "hidden"
    assert style(page, "#text", "border-top-width") == "3px"
    assert style(page, "#primary", "background-color") == "rgb(4, 5, 6)"
    assert style(page, "#text textarea", "color") == "rgb(1, 2, 3)"
    assert style(page, ".tab-nav", "column-gap") == "20px"
    assert style(page, ".prose h1", "font-size") == "50px"


def test_static_tokens_keep_their_names(serve, page) -> None:
    open_page(page, serve(kitchen()))
    expected = {"--size-4": "16px", "--radius-full": "9999px", "--weight-bold": "700", "--color-red-500": "#ef4444"}
    assert {name: style(page, "html", name) for name in expected} == expected


def test_the_page_has_one_heading(serve, page) -> None:
    with gr.Blocks(title="Bare") as bare:
        gr.Textbox()
    open_page(page, serve(bare))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bare")
    open_page(page, serve(kitchen()))
    expect(page.get_by_role("heading", level=1)).to_have_text("Title")


def test_no_motion_for_those_who_asked(serve, new_page) -> None:
    page = new_page(reduced_motion="reduce")
    open_page(page, serve(kitchen()))
    assert float(style(page, "#primary", "transition-duration").split(",")[0].removesuffix("s")) < 0.001


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_no_width_scrolls_sideways(width, serve, new_page) -> None:
    page = new_page(viewport={"width": width, "height": 700})
    open_page(page, serve(kitchen()))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


#: What has the focus, and is out of sight or covered by what belongs to something else.
REACHED = "a[href], button, input, select, textarea, [tabindex='0']"
HIDDEN = """(reached) => [...document.querySelectorAll(reached)].filter((node) => {
  if (!node.checkVisibility() || node.disabled || node.closest(".sr-only")) return false;
  node.focus();
  if (document.activeElement !== node) return false;
  const area = (node.labels?.[0] ?? node).getBoundingClientRect();
  const [left, top] = [Math.max(area.left, 0), Math.max(area.top, 0)];
  const [right, bottom] = [Math.min(area.right, innerWidth), Math.min(area.bottom, innerHeight)];
  if (right <= left || bottom <= top) return true;
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return !(node.parentElement.contains(hit) || node.labels?.[0]?.contains(hit));
}).map((node) => node.outerHTML.slice(0, 200))"""


def test_at_400_percent_nothing_with_the_focus_is_hidden(serve, new_page) -> None:
    page = new_page(viewport={"width": 320, "height": 256})  # as 1280 by 1024 at 400 %
    open_page(page, serve(kitchen()))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(HIDDEN, REACHED) == []
    page.evaluate("document.querySelector('footer').style = 'position: fixed; inset: 0; top: 150px; z-index: 9'")
    assert page.evaluate(HIDDEN, REACHED) != []  # so it would be seen
