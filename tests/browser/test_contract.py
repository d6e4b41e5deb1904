"""What every component keeps in the page; a new one is covered as soon as it is in blocks_app.components."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.tree.block import option_names
from tests.blocks_app.components import contract

LABEL = "Its label"
# Those that can be given an id are drawn; State, Timer and BrowserState have nothing to look at, and the links of a
# Navbar stand above the page, see test_pages.py.
CLASSES = [cls for cls in contract.component_classes() if "elem_id" in option_names(cls) and cls is not gr.Navbar]
each = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)

FOCUSABLE = "button, input, textarea, select, a[href], [tabindex='0']"


@pytest.fixture(scope="module")
def address(browser) -> Iterator[Callable[[type[gr.Component]], str]]:
    """Where a page with one component of a class is served."""
    launched: dict[type, tuple[gr.Blocks, str]] = {}

    def of(cls: type[gr.Component]) -> str:
        if cls not in launched:
            demo = page_of(cls)
            launched[cls] = demo, demo.launch(prevent_thread_lock=True, quiet=True).local_url
        return launched[cls][1]

    yield of
    for demo, _ in launched.values():
        demo.close(verbose=False)


def page_of(cls: type[gr.Component]) -> gr.Blocks:
    """A page with the component, its example for a value."""
    options = {"label": LABEL, "info": "Some help", "elem_id": "it", "interactive": True}
    known = {name: value for name, value in options.items() if contract.accepts(cls, name)}
    if (value := contract.make(cls).example_value()) is not None and contract.accepts(cls, "value"):
        known["value"] = value
    with gr.Blocks(title=cls.__name__) as demo:
        gr.Markdown("# A page")
        contract.make(cls, **known)
    return demo


@each
def test_it_is_named_reached_by_keyboard_and_accessible_on_a_phone_in_light_and_dark(cls, address, new_page, axe):
    """One page for all of them: opening it takes longest."""
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme="light", has_touch=True, is_mobile=True)
    page.goto(address(cls))
    expect(page.locator("#it")).to_be_visible()
    if issubclass(cls, gr.FormComponent):
        its_label_is_its_accessible_name(page)
    the_keyboard_reaches_it(page, cls)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body.dark")).to_be_attached()
    axe(page, "color-contrast")  # nothing else depends on colours


def its_label_is_its_accessible_name(page: Page) -> None:
    expect(page.get_by_label(LABEL).first).to_be_visible()
    expect(page.get_by_test_id("block-info").or_(page.locator("label")).first).to_have_text(LABEL)


def the_keyboard_reaches_it(page: Page, cls: type[gr.Component]) -> None:
    stops = page.locator(f"#it :is({FOCUSABLE}):enabled:visible, button#it").count()
    assert stops or not issubclass(cls, gr.FormComponent)
    if stops:
        assert first_stop_is_inside(page) or first_stop_is_inside(page)  # a load event may just have drawn it anew


def first_stop_is_inside(page: Page) -> bool:
    page.mouse.click(1, 1)
    page.keyboard.press("Tab")
    return page.evaluate("!!document.activeElement.closest('#it')")


@pytest.fixture
def all_in_one(serve, page) -> Callable[..., dict[str, gr.Component]]:
    """Opens one page with a component of every class, made with the options that it knows; by class name."""

    def open_with(**options) -> dict[str, gr.Component]:
        made: dict[str, gr.Component] = {}
        with gr.Blocks() as demo:
            for cls in CLASSES:
                known = {name: value for name, value in options.items() if contract.accepts(cls, name)}
                made[cls.__name__] = contract.make(cls, elem_id=cls.__name__, **known)
            gr.Textbox(elem_id="last")
        page.goto(serve(demo))
        expect(page.locator("#last")).to_be_visible()
        return made

    return open_with


def test_untouched_ones_can_be_sent(all_in_one, page):
    """Nothing was typed: what the page then sends is what `preprocess` takes."""
    for name, component in all_in_one().items():
        host = "(node) => { while (!node.localName.startsWith('gr-')) node = node.parentNode; return node.value }"
        component.preprocess(page.locator(f"#{name}").evaluate(host))


def test_hidden_ones_are_not_seen(all_in_one, page):
    for name, component in all_in_one(visible=False).items():
        if contract.accepts(type(component), "visible"):
            expect(page.locator(f"#{name}")).to_be_hidden()


def test_ones_that_are_not_interactive_cannot_be_edited(all_in_one, page):
    for name, component in all_in_one(interactive=False).items():
        if contract.accepts(type(component), "interactive"):
            fields = page.locator(
                f"#{name} :is(input:not([type=file], [readonly]), textarea:not([readonly]), select):enabled"
            )
            expect(fields.and_(page.locator(":visible"))).to_have_count(0)
