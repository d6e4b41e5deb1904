"""An app with several pages: what stands on each, what they share, and who may see them."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from auth_app.policies import permissions
from blocks_app.declaration.guard import Everybody
from blocks_app.declaration.pages import RESERVED, both
from blocks_app.exceptions import DeclarationError
from blocks_app.web import urls
from blocks_app.web.registry import mount
from queue_app.testing import PageUser
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Client


class Shop:
    """Two pages that share a count, and a third with a permission."""

    def __init__(self, permission: Any = None) -> None:
        with gr.Blocks(title="Shop") as self.demo:
            gr.Navbar([("Docs", "https://example.org"), ("Help", "/help")], main_page_name="Start")
            self.count = gr.State(0)
            self.said = gr.Textbox(label="Said")
            self.add = gr.Button("Add")
            self.add.click(lambda n: (n + 1, f"now {n + 1}"), self.count, [self.count, self.said], api_name="add")
        with self.demo.route("The basket"):
            with gr.Row():
                self.basket = gr.Textbox(label="Basket")
            self.demo.load(lambda n: f"holds {n}", self.count, self.basket, api_name="look")
        with self.demo.route("Back office", "/office", show_in_navbar=False, permission=permission):
            self.secret = gr.Textbox("the takings", label="Secret")
            self.secret.submit(lambda x: x, self.secret, self.secret, api_name="office")


def test_a_page_has_what_was_declared_on_it() -> None:
    shop = Shop()
    config = shop.demo.get_config_file()
    others = [["the-basket", "The basket", True], ["office", "Back office", False]]
    assert config["pages"] == [["", "Home", True], *others]
    assert set(config["page"]) == {"", "the-basket", "office"}
    parts = [set(part["components"]) for part in config["page"].values()]
    assert set().union(*parts) == {each["id"] for each in config["components"]}
    assert sum(map(len, parts)) == len(config["components"])
    assert [part["dependencies"] for part in config["page"].values()] == [[0], [1], [2]]


def test_pages_share_the_state_of_a_tab_and_load_each_by_itself() -> None:
    shop = Shop()
    with PageUser(shop.demo) as page:
        page.click(shop.add)
        page.click(shop.add)
        assert page.value(shop.said) == "now 2"
        page.go("the-basket")
        assert page.value(shop.basket) == "holds 2"
        with pytest.raises(LookupError, match="no page 'nowhere'"):
            page.go("nowhere")
        page.go("")
        assert page.value(shop.said) != "now 2"
        page.click(shop.add)
        assert page.value(shop.said) == "now 3"
    with PageUser(shop.demo, page="the-basket") as other:
        assert other.value(shop.basket) == "holds 0"


def test_a_component_with_a_function_as_value_asks_on_its_own_page_alone() -> None:
    asked: list[str] = []
    with gr.Blocks() as demo:
        gr.Textbox(lambda: asked.append("main"))
    with demo.route("Other"):
        gr.Textbox(lambda: asked.append("other"))
    asked.clear()
    with PageUser(demo, page="other"):
        assert asked == ["other"]


def test_finished_blocks_are_placed_on_a_page() -> None:
    with gr.Blocks() as inner:
        box = gr.Textbox(label="Inner")
        inner.load(lambda: "loaded", None, box)
    with gr.Blocks() as demo:
        gr.Markdown("Main")
    with demo.route("Other"):
        inner.render()
    with PageUser(demo, page="other") as page:
        assert page.value(box) == "loaded"
    assert box._id not in demo.get_config_file()["page"][""]["components"]


def test_what_is_built_later_on_a_page_works_there() -> None:
    with gr.Blocks() as demo:
        gr.Markdown("Main")
    with demo.route("Other"):
        count = gr.Slider(0, 3, 1, step=1)

        @gr.render(count)
        def boxes(n: int) -> None:
            for number in range(int(n)):
                gr.Textbox(f"box {number}")

    with PageUser(demo, page="other") as page:
        assert page.value(page.find(gr.Textbox)) == "box 0"


@pytest.mark.parametrize("given", ["a/b", "../x", "/", "a b", "<int:x>", "é"])
def test_a_path_is_one_segment_of_an_address(given: str) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("Main")
    with pytest.raises(DeclarationError, match="one segment"):
        demo.route("X", given)


def test_names_make_addresses_and_none_is_taken_twice_or_from_the_app() -> None:
    with gr.Blocks() as demo:
        gr.Markdown("Main")
    for name in ("A  Page!", "A page", "Config", "設定", "Über uns"):
        demo.route(name)
    demo.route("Files", "file=x")
    made = [page.path for page in demo.pages[1:]]
    assert made == ["a-page", "_a-page", "_config", "page-5", "uber-uns", "_file=x"]
    with demo, pytest.raises(DeclarationError, match="outside of"):
        demo.route("Inside")


def test_no_page_can_take_an_address_that_every_app_has() -> None:
    first = {
        route.partition("/")[0] for table in (urls.PAGE_ROUTES, urls.API_ROUTES, urls.HOT_ROUTES) for route in table
    }
    assert {each for each in first if each and "=" not in each} <= RESERVED


def test_a_listener_between_pages_is_told_and_left_out() -> None:
    with gr.Blocks() as demo:
        box = gr.Textbox(label="Box")
    with demo.route("Other"):
        button = gr.Button()
        with pytest.warns(UserWarning, match="gr.State"):
            button.click(lambda x: x, box, box, api_name="over")
    with PageUser(demo, page="other") as page:
        page.click(button)
        assert not page.errors
    assert "/over" in demo.get_api_info()["named_endpoints"]


@pytest.mark.parametrize(
    "value", ["text", [("one",)], [("a", "javascript:alert(1)")], [("a", "//evil.example")], [(1, "b")]]
)
def test_a_link_leads_into_the_app_or_to_an_http_address(value: Any) -> None:
    with gr.Blocks(), pytest.raises(DeclarationError, match="Navbar"):
        gr.Navbar(value)


def served(shop: Shop) -> tuple[Client, Any]:
    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("shop/", shop.demo.urls)]
    return Client(BlocksASGI(ASGIHandler())), urlconf


async def test_each_page_has_its_address() -> None:
    client, urlconf = served(Shop())
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        main, basket = await client.get("/shop/"), await client.get("/shop/the-basket")
        assert b"<title>The basket \xe2\x80\x93 Shop</title>" in basket.body
        assert b"Said" in main.body and b"Said" not in basket.body
        bar = main.body.decode().partition("<nav")[2].partition("</nav>")[0]
        assert '<a href="/shop/" class="active" aria-current="page">Start</a>' in bar
        assert '<a href="/shop/the-basket">The basket</a>' in bar and "office" not in bar
        assert 'href="https://example.org" target="_blank"' in bar and 'href="/shop/help"' in bar
        moved = await client.get("/shop/the-basket/?a=1")
        assert (moved.status, moved.headers["location"]) == (301, "/shop/the-basket?a=1")
        assert (await client.get("/shop/nowhere")).status == 404
        config = (await client.get("/shop/config?page=the-basket")).json
        assert config["current_page"] == "the-basket" and [each["api_name"] for each in config["dependencies"]] == [
            "look"
        ]
        assert {each["type"] for each in config["components"]} == {"row", "form", "textbox", "state"}
        endpoints = (await client.get("/shop/gradio_api/info?page=the-basket")).json["named_endpoints"]
        assert list(endpoints) == ["/look"]
    clear_url_caches()


async def test_a_page_with_a_permission_is_for_those_who_have_it_alone() -> None:
    """Neither its address nor the config nor its endpoints tell others anything."""
    client, urlconf = served(Shop(permission="shop.office"))
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        refused = await client.get("/shop/office", headers={"Accept": "text/html"})
        assert refused.status in (302, 401) and b"the takings" not in refused.body
        told = ["config", "", "config?page=office", "info", "info?page=office", "openapi.json", "?view=api"]
        for address in told:
            answer = await client.get(f"/shop/{address}")
            assert answer.status == 200 and b"takings" not in answer.body and b"/office" not in answer.body, address
        answer = await client.post("/shop/run/office", {"data": ["x"]})
        assert answer.status == 401
        assert (await client.post("/shop/run/add", {"data": []})).status == 200
    clear_url_caches()


class Trusting(Everybody):
    """A guard for whom everybody has every permission."""

    async def allows(self, identity: Any, requirement: Any) -> bool:
        return True


async def test_who_has_the_permission_sees_the_page() -> None:
    shop = Shop(permission="shop.office")
    mount(shop.demo).guard = Trusting()
    client, urlconf = served(shop)
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        assert b"the takings" in (await client.get("/shop/office")).body
        assert b"/office" in (await client.get("/shop/info")).body
    clear_url_caches()


def test_a_listener_on_a_page_requires_what_the_page_does_besides_its_own() -> None:
    shop = Shop(permission="shop.office")
    with shop.demo.route("More", permission=["shop.more"]):
        gr.Button().click(lambda: None, api_name="own", permission="shop.own")
    needed = {each.api_name: each.permission for each in shop.demo.dependencies.values()}
    assert (needed["add"], needed["office"]) == (None, ("shop.office",))
    assert needed["own"] == (("shop.more",), ("shop.own",))


@pytest.mark.parametrize(
    ("own", "answer"), [(("shop.own",), True), (("shop.other",), False), (bool, True), (None, True)]
)
async def test_of_two_requirements_both_are_needed(own: Any, answer: bool) -> None:
    user = SimpleNamespace(has_perms=lambda names: set(names) <= {"shop.more", "shop.own"})
    visitor = Identity("name:ann", "ann", user)
    assert await permissions.allows(both(("shop.more",), own), visitor) is answer
    assert not await permissions.allows(both(("shop.more",), own), ANONYMOUS)
