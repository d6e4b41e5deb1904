"""What every component keeps in the page; a new one is covered as soon as it is in blocks_app.components."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.blocks_app.components import contract

LABEL = "Its label"
CLASSES = [cls for cls in contract.component_classes() if not cls.stateful]
each = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
each_input = pytest.mark.parametrize(
    "cls", [cls for cls in CLASSES if issubclass(cls, gr.FormComponent)], ids=lambda cls: cls.__name__
)

FOCUSABLE = "button, input, textarea, select, a[href], [tabindex='0']"


@pytest.fixture(scope="module")
def address(browser) -> Iterator[Callable[..., str]]:
    """Where a page with one component of a class is served: with its example for a value, or as it is untouched."""
    launched: dict[tuple[type, bool], tuple[gr.Blocks, str]] = {}

    def of(cls: type[gr.Component], filled: bool = True) -> str:
        if (cls, filled) not in launched:
            demo = page_of(cls, filled)
            launched[cls, filled] = demo, demo.launch(prevent_thread_lock=True, quiet=True).local_url
        return launched[cls, filled][1]

    yield of
    for demo, _ in launched.values():
        demo.close(verbose=False)


def page_of(cls: type[gr.Component], filled: bool) -> gr.Blocks:
    options = {"label": LABEL, "info": "Some help", "elem_id": "it", "interactive": True}
    known = {name: value for name, value in options.items() if contract.accepts(cls, name)}
    if filled and (value := contract.make(cls).example_value()) is not None and contract.accepts(cls, "value"):
        known["value"] = value
    with gr.Blocks(title=cls.__name__) as demo:
        gr.Markdown("# A page")
        contract.make(cls, **known)
    return demo


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#it")).to_be_visible()


@each
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_on_a_phone(cls, scheme, address, new_page, axe):
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme, has_touch=True, is_mobile=True)
    open_page(page, address(cls))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


@each_input
def test_its_label_is_its_accessible_name(cls, address, page):
    open_page(page, address(cls))
    expect(page.get_by_label(LABEL).first).to_be_visible()
    expect(page.get_by_test_id("block-info").or_(page.locator("label")).first).to_have_text(LABEL)


@each
def test_the_keyboard_reaches_it(cls, address, page):
    open_page(page, address(cls))
    stops = page.locator(f"#it :is({FOCUSABLE}):enabled:visible, button#it").count()
    assert stops or not issubclass(cls, gr.FormComponent)
    for _ in range(stops):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('#it')")
        break


@each
def test_an_untouched_one_can_be_sent(cls, address, page):
    """Nothing was typed: what the page then sends is what `preprocess` takes."""
    page.goto(address(cls, filled=False))
    expect(page.locator("#it")).to_be_attached()
    value = page.evaluate("(document.querySelector('#it').closest('.block, [style]') ?? it).value ?? null")
    contract.make(cls).preprocess(value)


@each
def test_hidden_and_not_interactive(cls, serve, page):
    options = {name: False for name in ("visible", "interactive") if contract.accepts(cls, name)}
    with gr.Blocks() as demo:
        contract.make(cls, elem_id="it", **options)
        gr.Textbox(elem_id="other")
    page.goto(serve(demo))
    expect(page.locator("#other")).to_be_visible()
    expect(page.locator("#it")).to_be_hidden()
    if "interactive" in options:
        expect(page.locator("#it input:enabled:not([type=file]), #it textarea:enabled")).to_have_count(0)
