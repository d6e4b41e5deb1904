"""Links to a page as it is: what goes into one, and what it opens for whom."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from blocks_app.deep_links.contents import is_editable
from blocks_app.deep_links.store import Links, every_app
from blocks_app.files import file_data
from queue_app.execution.engine import close_engine
from queue_app.transport.routing import BlocksASGI
from tests.security.site import Urls
from tests.wire.asgi_client import Client

ANN, BOB = Identity("user:1", "ann"), Identity("user:2", "bob")
SESSION = "s" * 16


class Shared:
    """An app with something of each kind, and the button; `who` asks."""

    def __init__(self, **options: Any) -> None:
        with gr.Blocks() as self.demo:
            self.name = gr.Textbox(label="Name")
            self.fruit = gr.Dropdown(["apple", "pear"], label="Fruit", interactive=True)
            self.secret = gr.Textbox(label="Secret", type="password")
            self.key = gr.Textbox(label="Key")
            self.file = gr.File(label="File")
            self.files = gr.File(label="Files", file_count="multiple")
            self.count = gr.State(0)
            self.html = gr.HTML()
            self.said = gr.Textbox(label="Said")
            self.clock = gr.Textbox(lambda: "now", label="Clock", interactive=True)
            inputs = [self.name, self.fruit, self.secret, self.key, self.file, self.files, self.count]
            gr.Button().click(
                lambda name, *_: (f"<b>{name}</b>", name.upper(), 5), inputs, [self.html, self.said, self.count],
                api_name="greet",
            )  # fmt: skip
            self.button = gr.DeepLinkButton(exclude=self.key, **options)
        with self.demo.route("Office", permission="shop.office"):
            gr.Textbox("the takings", label="Takings")
        self.who: Identity | None = ANONYMOUS
        self.urls = Urls(self.demo)
        assert self.demo.mount is not None
        self.mount = self.demo.mount
        self.mount.guard._policy = None  # type: ignore[attr-defined]
        self.client = Client(BlocksASGI(ASGIHandler()))

    @asynccontextmanager
    async def served(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        class Guard(type(self.mount.guard)):  # type: ignore[misc] # as the site's own, but for who is asking
            async def __call__(guard, _connection: Any) -> Identity | None:
                return self.who

        self.mount.guard = Guard()
        with override_settings(ROOT_URLCONF=self.urls):
            yield self
            await close_engine(self.mount)

    async def greet(self, name: str) -> None:
        data = [name, "pear", "hush", "k", None, None, None]
        answer = await self.client.post("/run/greet", {"data": data, "session_hash": SESSION})
        assert answer.status == 200, answer.body

    async def share(self, values: dict[gr.components.Component, Any], **more: Any) -> Any:
        told = {each._id: value for each, value in values.items()}
        return await self.client.post(f"/deep_link?session_hash={SESSION}", {"values": told, **more})

    async def opened(self, link: str) -> dict[str, Any]:
        """Values by label as the page shows them that the link opens."""
        config = (await self.client.get(f"/config?page=&deep_link={link}")).json
        assert config["deep_link_state"] == "valid"
        return {each["props"].get("label") or each["type"]: each["props"].get("value") for each in config["components"]}


@pytest.fixture
async def shared(monkeypatch: pytest.MonkeyPatch, store: file_data.FileStore) -> Any:
    async with Shared(share_files=True).served(monkeypatch) as served:
        yield served


async def test_a_link_opens_with_what_was_entered_and_what_functions_have_answered(shared: Shared) -> None:
    await shared.greet("Ada")
    values = {shared.name: "Ada L.", shared.fruit: "pear", shared.secret: "hush", shared.key: "k", shared.clock: "then"}
    made = await shared.share(values)
    assert made.status == 200 and made.json["dropped"] == []
    shown = await shared.opened(made.json["id"])
    assert (shown["Name"], shown["Fruit"], shown["Said"], shown["html"]) == ("Ada L.", "pear", "ADA", "<b>Ada</b>")
    assert shown["Secret"] is None and shown["Key"] is None
    page = (await shared.client.get(f"/?deep_link={made.json['id']}")).body.decode()
    assert "Ada L." in page and "hush" not in page and 'role="alert"' not in page


async def test_what_the_page_fills_when_it_loads_is_not_filled_again(shared: Shared) -> None:
    link = (await shared.share({shared.clock: "then"})).json["id"]
    config = (await shared.client.get(f"/config?page=&deep_link={link}")).json
    assert (await shared.opened(link))["Clock"] == "then"
    loads = [each for each in config["dependencies"] if each["outputs"] == [shared.clock._id]]
    assert [each["targets"] for each in loads] == [[]]


async def test_what_a_browser_says_of_an_output_is_not_believed(shared: Shared) -> None:
    made = await shared.share({shared.html: "<h1>Pay here</h1>", shared.said: "forged", shared.fruit: "poison"})
    shown = await shared.opened(made.json["id"])
    assert shown["html"] is None and shown["Said"] is None
    assert shown["Fruit"] != "poison"


async def test_what_a_button_has_cleared_is_empty_in_the_link(shared: Shared) -> None:
    await shared.greet("Ada")
    made = await shared.share({}, empty=[shared.said._id])
    shown = await shared.opened(made.json["id"])
    assert (shown["Said"], shown["html"]) == (None, "<b>Ada</b>")


async def test_a_text_that_names_too_many_files_is_left_out(shared: Shared) -> None:
    text = "".join(f"file={number:022}/x " for number in range(200))
    assert (await shared.opened((await shared.share({shared.name: text})).json["id"]))["Name"] is None


async def test_a_link_can_be_made_of_a_page_that_a_link_has_opened(shared: Shared) -> None:
    await shared.greet("Ada")
    first = (await shared.share({shared.name: "Ada"})).json["id"]
    anew = await shared.client.post(
        "/deep_link?session_hash=other", {"base": first, "values": {shared.name._id: "Eve"}}
    )
    shown = await shared.opened(anew.json["id"])
    assert (shown["Name"], shown["Said"]) == ("Eve", "ADA")


async def test_gradios_way_keeps_what_events_have_brought(shared: Shared) -> None:
    assert (await shared.client.get(f"/gradio_api/deep_link?session_hash={SESSION}")).json == ""
    await shared.greet("Ada")
    link = (await shared.client.get(f"/gradio_api/deep_link?session_hash={SESSION}")).json
    shown = await shared.opened(link)
    assert (shown["Name"], shown["Said"], shown["Secret"]) == ("Ada", "ADA", None)
    shared.who = BOB
    assert (await shared.client.get(f"/gradio_api/deep_link?session_hash={SESSION}")).json == ""


@pytest.mark.parametrize("link", ["x" * 22, "..", "a/../../b", "%00", "é" * 22, "x" * 5000])
async def test_a_wrong_link_is_told_in_words_and_the_page_is_there(shared: Shared, link: str) -> None:
    page = await shared.client.get(f"/?deep_link={link}")
    assert page.status == 200 and b'role="alert">This link does not work' in page.body
    assert (await shared.client.get(f"/config?deep_link={link}")).json["deep_link_state"] == "invalid"


async def test_a_link_ends_with_its_time(shared: Shared, settings: Any) -> None:
    link = (await shared.share({shared.name: "Ada"})).json["id"]
    settings.BLOCKS_DEEP_LINK_AGE = 0
    assert b"This link does not work" in (await shared.client.get(f"/?deep_link={link}")).body
    assert sum(each.sweep() for each in every_app()) == 1


async def test_a_link_of_another_app_is_none(shared: Shared) -> None:
    link = Links("another").add({"created": 9e9, "page": "", "owner": "", "values": [], "copies": []}, "")
    assert b"This link does not work" in (await shared.client.get(f"/?deep_link={link}")).body


async def test_links_are_bounded(shared: Shared, settings: Any) -> None:
    settings.BLOCKS_DEEP_LINK_SIZE = 2_000
    assert (await shared.share({shared.name: "x" * 3_000})).status == 413
    assert (await shared.share({shared.name: "x" * 100_000})).status == 413
    settings.BLOCKS_DEEP_LINK_VISITOR = 3_000
    links = [(await shared.share({shared.name: "x" * 1_000})).json["id"] for _ in range(4)]
    assert [Links(shared.mount.key).read(each) is not None for each in links] == [False, False, True, True]
    settings.BLOCKS_DEEP_LINK_TOTAL = 3_000
    shared.who = ANN
    refused = await shared.share({shared.name: "x" * 1_500})
    assert refused.status == 413 and "no more links" in refused.json["detail"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"values": {"x": 1}}', b"[" * 5000, b'{"page": "office"}'])
async def test_what_is_no_request_for_a_link_is_refused_in_words(shared: Shared, body: bytes) -> None:
    answer = await shared.client.post("/deep_link?session_hash=s", body)
    assert answer.status in (400, 404) and answer.json["detail"]


async def test_a_page_that_the_visitor_may_not_see_has_no_links(shared: Shared) -> None:
    made = await shared.client.post("/deep_link", {"page": "office", "values": {}})
    assert made.status == 404 and b"takings" not in made.body


async def test_a_component_is_found_again_after_a_change_of_the_app(shared: Shared) -> None:
    links = Links(shared.mount.key)
    content = {"created": 9e9, "page": "", "owner": "", "copies": []}
    moved = {"type": "textbox", "label": "Name", "elem_id": None, "id": shared.fruit._id, "value": "Ada"}
    gone = {"type": "textbox", "label": "Gone", "elem_id": None, "id": shared.said._id, "value": "lost"}
    shown = await shared.opened(links.add({**content, "values": [moved, gone]}, ""))
    assert (shown["Name"], shown["Said"]) == ("Ada", None)


def stored(store: file_data.FileStore, name: str, owner: str = "") -> dict[str, Any]:
    record = store.save(b"of ann", name, owner=owner)
    return {**file_data.file_data(record.path, None, orig_name=name), "url": f"/file={record.path}"}


async def test_files_of_a_person_open_for_that_person_alone(shared: Shared, store: file_data.FileStore) -> None:
    shared.who = ANN
    made = await shared.share({shared.file: stored(store, "a.txt", "user:1"), shared.name: "Ada"})
    assert made.json["dropped"] == ["a.txt"]
    assert (await shared.opened(made.json["id"]))["File"]["orig_name"] == "a.txt"
    for other in (BOB, ANONYMOUS):
        shared.who = other
        shown = await shared.opened(made.json["id"])
        assert (shown["File"], shown["Name"]) == (None, "Ada")


async def test_a_link_never_tells_the_files_of_somebody_unknown(shared: Shared, store: file_data.FileStore) -> None:
    mine, others = stored(store, "a.txt"), stored(store, "b.txt", "user:2")
    made = await shared.share({shared.file: mine, shared.files: [mine, others], shared.name: f"see {mine['url']}"})
    assert made.json["dropped"] == ["a.txt"]
    kept = json.dumps(Links(shared.mount.key).read(made.json["id"]))
    assert mine["path"] not in kept and others["path"] not in kept
    shown = await shared.opened(made.json["id"])
    assert (shown["File"], shown["Files"], shown["Name"]) == (None, None, None)


async def test_files_are_shared_on_purpose_as_copies_of_the_link(shared: Shared, store: file_data.FileStore) -> None:
    mine, others = stored(store, "a.txt", "user:1"), stored(store, "b.txt", "user:2")
    shared.who = ANN
    made = await shared.share({shared.files: [mine, others]}, files=True)
    shared.who = BOB
    (file,) = (await shared.opened(made.json["id"]))["Files"]
    assert file["orig_name"] == "a.txt" and file["path"] != mine["path"]
    assert (await shared.client.get(f"/file={file['path']}")).body == b"of ann"
    assert (await shared.client.get(f"/file={mine['path']}")).status == 404
    with override_settings(BLOCKS_DEEP_LINK_AGE=0):
        Links(shared.mount.key).sweep()
    assert (await shared.client.get(f"/file={file['path']}")).status == 404


async def test_without_the_authors_word_files_are_not_shared(
    monkeypatch: pytest.MonkeyPatch, store: file_data.FileStore
) -> None:
    async with Shared().served(monkeypatch) as shared:
        made = await shared.share({shared.file: stored(store, "a.txt")}, files=True)
        assert made.json["dropped"] == ["a.txt"]
        assert (await shared.opened(made.json["id"]))["File"] is None


async def test_files_that_are_everybodys_stay(shared: Shared, store: file_data.FileStore) -> None:
    page = store.save(b"example", "e.txt", keep=True)
    made = await shared.share(
        {
            shared.files: [
                file_data.file_data(page.path, None),
                {"path": "https://example.org/x.txt", "url": "javascript:1"},
            ]
        }
    )
    example, far = (await shared.opened(made.json["id"]))["Files"]
    assert example["path"] == page.path and far["url"] == "https://example.org/x.txt"


async def test_a_link_goes_with_the_account_it_stands_on(shared: Shared) -> None:
    link = (await shared.share({shared.name: "Ada"})).json["id"]
    links = Links(shared.mount.key)
    links.forget(links._notes()[0].payer)
    assert links.read(link) is None


def test_what_visitors_may_edit() -> None:
    with gr.Blocks() as demo:
        free, full, fixed = gr.Textbox(), gr.Textbox("x"), gr.Textbox(interactive=False)
        taken, made, html = gr.Textbox("x"), gr.Textbox(), gr.HTML()
        gr.Button().click(lambda x, _: x, [taken, html], made)
    editable = [each for each in (free, full, fixed, taken, made, html) if is_editable(demo, each)]
    assert editable == [free, taken]


def test_only_components_can_be_left_out() -> None:
    with pytest.raises(gr.exceptions.DeclarationError, match="takes components"):
        gr.DeepLinkButton(exclude=["name"])  # type: ignore[list-item]
