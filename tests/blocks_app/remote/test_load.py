"""gr.load: an app of another server as one of this, against one of ours that is served here."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import CallError, DeclarationError, InvalidApiNameError
from blocks_app.files.filestore import default_store
from blocks_app.remote.dialects import dialect_of
from queue_app.testing import PageUser
from tests.client.conftest import CONFIG, Faulty, serving

PICTURE = Path(gr.get_image("cheetah1.jpg"))
going_on, cancelled = threading.Event(), threading.Event()


def greet(name: str, size: str, times: int) -> tuple[str, int]:
    return f"Hello {name}, {size}, visit {times}", times + 1


def count(progress: gr.Progress = gr.Progress()) -> Iterator[str]:
    progress((1, 3), desc="counting")
    yield "one"
    going_on.wait(30)
    yield "two"
    gr.Info("That was all")


def endless() -> Iterator[str]:
    try:
        while True:
            yield "…"
            threading.Event().wait(0.05)
    finally:
        cancelled.set()


def shout(path: str) -> str:
    target = Path(path).parent / "loud.txt"
    target.write_text(Path(path).read_text().upper())
    return str(target)


def fail() -> None:
    raise gr.Error("No such word", title="Words")


def chosen(event: gr.SelectData) -> str:
    return f"{event.value} at {event.index}"


def other(name: str) -> Any:
    return gr.update(visible=False), gr.update(choices=["x", "y"], value="y", label=name)


def there() -> gr.Blocks:
    """The app that is loaded."""
    with gr.Blocks(title="There", theme="soft") as demo:
        with gr.Row(elem_id="top"):
            name = gr.Textbox(label="Name", info="Yours", placeholder="Ada")
            size = gr.Dropdown(["small", "large"], value="small", label="Size")
        with gr.Tabs(), gr.Tab("Results"):
            out = gr.Textbox(label="Result", value="first")
        picture = gr.Image(str(PICTURE), label="Picture")
        file, times = gr.File(label="File"), gr.State(1)
        changes = gr.Number(0, label="Changes")
        go = gr.Button("Greet")
        go.click(greet, [name, size, times], [out, times], api_name="greet")
        times.change(lambda number: number + 1, changes, changes, api_name="changed")
        counting = gr.Button("Count")
        counting.click(count, None, out, api_name="count").then(lambda: "after", None, name, api_name="after")
        running = gr.Button("Run").click(endless, None, out, api_name="endless")
        gr.Button("Stop").click(None, cancels=running)
        gr.Button("Fail").click(fail, None, out, api_name="fail").failure(lambda: "failed", None, name, api_name="then")
        size.select(chosen, None, out, api_name="chosen")
        gr.Button("Shout").click(shout, file, file, api_name="shout")
        gr.Button("Other").click(other, name, [name, size], api_name=False)
        gr.Button("Turn").click(lambda image: image[::-1], picture, picture, api_name="turn")
        gr.Button("Leave").click(None, name, name, js="(name) => location = name")
        gr.ClearButton([name, out], value="Clear")
        gr.Examples([["Grace"], ["Alan"]], name)
        demo.load(lambda: "loaded", None, name, api_name="loaded")
    return demo


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    demo = there()
    yield demo.launch(prevent_thread_lock=True, quiet=True).local_url
    demo.close()


@pytest.fixture(scope="module")
def app(address: str) -> Iterator[gr.Blocks]:
    with pytest.warns(UserWarning, match="gr.load leaves out listeners of the app: .* \\(a script\\)"):
        made = gr.load(address)
    yield made
    made.close(verbose=False)


def named(app: gr.Blocks, name: str) -> Any:
    """A block by its label, or a button by its text."""
    return next(
        each
        for each in app.blocks.values()
        if getattr(each, "label", None) == name or (isinstance(each, gr.Button) and each.value == name)
    )


def test_components_layout_and_endpoints_are_those_of_the_other_app(app: gr.Blocks) -> None:
    assert app.title == "There" and app.theme == "soft"
    name, size = named(app, "Name"), named(app, "Size")
    assert (name.info, name.placeholder, size.choices) == ("Yours", "Ada", [("small", "small"), ("large", "large")])
    assert type(name.parent.parent) is gr.Row and name.parent.parent.elem_id == "top"
    assert type(named(app, "Result").parent.parent) is gr.Tab
    endpoints = app.get_api_info()["named_endpoints"]
    assert list(endpoints) == [
        "/greet", "/changed", "/count", "/after", "/endless", "/fail", "/then", "/chosen", "/shout", "/turn", "/loaded",
    ]  # fmt: skip
    assert [each["label"] for each in endpoints["/greet"]["parameters"]] == ["Name", "Size"]
    assert named(app, "Picture").initial_value()["orig_name"]


def test_it_is_called_as_a_function(app: gr.Blocks, tmp_path: Path) -> None:
    assert app("Bob", "large") == "Hello Bob, large, visit 1"
    going_on.set()
    assert app(api_name="/count") == "two"
    (tmp_path / "quiet.txt").write_text("psst")
    assert Path(app(str(tmp_path / "quiet.txt"), api_name="shout")).read_text() == "PSST"
    with pytest.raises(gr.Error, match="No such word"):
        app(api_name="fail")
    with pytest.raises(CallError, match="takes 2 values"):
        app("Bob")
    with pytest.raises(InvalidApiNameError):
        app(api_name="nothing")


def test_each_visitor_has_a_session_of_ones_own_there(app: gr.Blocks) -> None:
    name, go, out, changes = (named(app, each) for each in ("Name", "Greet", "Result", "Changes"))
    with PageUser(app) as ann, PageUser(app) as bob:
        assert ann.value(name) == "loaded" and ann.value(out) == "first"
        for page, text in ((ann, "Ann"), (ann, "Ann"), (bob, "Bob")):
            page.set(name, text)
            page.click(go)
        assert ann.value(out) == "Hello Ann, small, visit 2"
        assert bob.value(out) == "Hello Bob, small, visit 1"
        assert (ann.value(changes), bob.value(changes)) == (2, 1)  # the State's change is heard here


def test_values_stream_and_what_is_said_meanwhile_is_shown(app: gr.Blocks) -> None:
    going_on.clear()
    with PageUser(app) as page:
        page.click(named(app, "Count"), wait=False)
        page.until(lambda: page.value(named(app, "Result")) == "one")
        page.until(lambda: [each["desc"] for each in page.progress(named(app, "Result"))] == ["counting"])
        going_on.set()
        page.wait()
        assert page.value(named(app, "Result")) == "two" and page.value(named(app, "Name")) == "after"
        assert [each.text for each in page.toasts] == ["That was all"]


def test_stop_ends_the_event_on_the_other_server_too(app: gr.Blocks) -> None:
    cancelled.clear()
    with PageUser(app) as page:
        page.click(named(app, "Run"), wait=False)
        page.until(lambda: page.value(named(app, "Result")) == "…")
        page.click(named(app, "Stop"))
        assert cancelled.wait(30)


def test_errors_events_updates_examples_and_clearing_are_as_there(app: gr.Blocks) -> None:
    name, out, size = named(app, "Name"), named(app, "Result"), named(app, "Size")
    with PageUser(app) as page:
        page.click(named(app, "Fail"))
        assert page.errors == ["No such word"] and page.value(name) == "failed"
        page.select(size, 1, "large")
        assert page.value(out) == "large at 1"
        samples = next(each for each in app.blocks.values() if isinstance(each, gr.Dataset))
        page.set(samples, 1)
        page.click(samples)
        assert page.value(name) == "Alan"
        page.click(named(app, "Other"))  # which the app keeps for its own page
        assert page.prop(size, "choices") == [["x", "x"], ["y", "y"]] and page.value(size) == "y"
        assert page.prop(name, "visible") is False
        page.click(named(app, "Clear"))
        assert page.value(name) is None and page.value(out) is None


def test_a_visitors_files_go_there_and_come_back(app: gr.Blocks) -> None:
    file = named(app, "File")
    mine = {"path": default_store().save(b"psst", "quiet.txt").path, "meta": {"_type": "gradio.FileData"}}
    with PageUser(app) as page:
        page.set(file, mine)
        page.click(named(app, "Shout"))
        loud = page.value(file)
        assert (loud["orig_name"], loud["size"]) == ("loud.txt", 4) and "/tmp" not in loud["path"]


@pytest.mark.parametrize(
    "path",
    ["http://127.0.0.1:9/secret", "/etc/hostname", "0123456789abcdef/other.txt"],
    ids=["address", "path", "other"],
)
def test_what_a_visitor_merely_names_is_neither_visited_nor_sent(app: gr.Blocks, path: str) -> None:
    file = named(app, "File")
    with PageUser(app) as page:
        page.set(file, {"path": path, "url": path, "orig_name": "x", "meta": {"_type": "gradio.FileData"}})
        page.click(named(app, "Shout"))
        assert len(page.errors) == 1 and "File" in page.errors[0]


def test_it_can_stand_in_an_app_of_ones_own(address: str) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# Mine")
        with pytest.warns(UserWarning, match="leaves out"):
            loaded = gr.load(address)
    with PageUser(demo) as page:
        page.set(named(demo, "Name"), "Eve")
        page.click(named(demo, "Greet"))
        assert page.value(named(demo, "Result")) == "Hello Eve, small, visit 1"
    loaded.close(verbose=False)


def test_a_token_is_asked_of_each_visitor(address: str) -> None:
    demo = gr.load(address, accept_token=True)
    box = next(each for each in demo.blocks.values() if isinstance(each, gr.Textbox))
    with PageUser(demo) as page, pytest.warns(UserWarning, match="leaves out"):
        page.set(box, "hf_secret")
        page.submit(box)
        page.set(page.find(gr.Textbox, "Name"), "Tom")
        page.click(page.find(gr.Button, "Greet"))
        assert page.value(page.find(gr.Textbox, "Result")) == "Hello Tom, small, visit 1"


def file_of(path: str, url: str) -> dict[str, Any]:
    return {"path": path, "url": url, "orig_name": "x.txt", "meta": {"_type": "gradio.FileData"}}


def answering(server: Faulty, value: Any) -> None:
    """Have the stand-in answer each event with a value."""
    done = {"msg": "process_completed", "event_id": "e1", "output": {"data": [value]}, "success": True}
    server.answers["/queue/data"] = lambda exchange: exchange.stream(done, {"msg": "close_stream", "event_id": None})


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    with serving() as server:
        components = [{"id": 1, "type": "textbox", "props": {"label": "In"}}, {"id": 2, "type": "file", "props": {}}]
        dependency = {**CONFIG["dependencies"][0], "targets": [[1, "submit"]]}
        layout = {"id": 0, "children": [{"id": 1}, {"id": 2}]}
        config = {**CONFIG, "components": components, "dependencies": [dependency], "layout": layout}
        server.answers["/config"] = lambda exchange: exchange.say(config)
        yield server


def test_files_of_other_hosts_are_left_to_the_browser_and_redirects_are_not_followed(faulty: Faulty) -> None:
    with serving() as elsewhere:
        app = gr.load(faulty.base)
        box, file = named(app, "In"), next(each for each in app.blocks.values() if isinstance(each, gr.File))
        with PageUser(app) as page:
            answering(faulty, file_of(f"{elsewhere.base}inside.txt", f"{elsewhere.base}inside.txt"))
            page.submit(box)
            assert page.value(file)["url"] == f"{elsewhere.base}inside.txt"
            faulty.answers["/x.txt"] = lambda exchange: exchange.say(b"", 302, location=f"{elsewhere.base}inside.txt")
            answering(faulty, file_of("a/x.txt", "a/x.txt"))
            page.submit(box)
            assert page.errors == ["The app behind this page leads to another host, which is not followed."]
        assert not elsewhere.seen
        app.close(verbose=False)


def test_an_app_that_went_away_is_told_in_plain_words(faulty: Faulty) -> None:
    app = gr.load(faulty.base)
    faulty.answers["/queue/join"] = lambda exchange: exchange.say({"detail": "secret reasons"}, 500)
    with PageUser(app) as page:
        page.submit(named(app, "In"))
        assert page.errors == ["The app behind this page does not offer this."]
    app.close(verbose=False)


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("http://127.0.0.1:9/", {}, "cannot load 'http://127.0.0.1:9/'"),
        ("word", {}, "'spaces/owner/name'"),
        ("", {}, "takes an address or a name"),
        ("spaces/a/b/c", {}, "'spaces/owner/name'"),
        ("a/b", {"src": "datasets"}, "src is 'spaces', 'models'"),
    ],
)
def test_what_cannot_be_loaded_is_told_when_the_app_is_declared(name: str, options: dict[str, Any], text: str) -> None:
    with pytest.raises(DeclarationError, match=text):
        gr.load(name, **options)


def test_a_space_is_found_by_the_hub_and_others_by_a_function(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.base.rstrip("/"))
        hub.answers["/api/spaces/ann/app"] = lambda exchange: exchange.say({"host": faulty.base})
        hub.answers["/runtime"] = lambda exchange: exchange.say({"stage": "RUNNING"})
        for name in ("spaces/ann/app", "ann/app", f"{hub.base}spaces/ann/app"):
            app = gr.load(name, token="hf_mine")
            assert named(app, "In").label == "In"
        assert hub.headers_of("/ann/app")[0]["authorization"] == "Bearer hf_mine"
        with pytest.warns(UserWarning, match="title mean nothing"):
            gr.load("ann/app", title="Mine")
    made = gr.Blocks()
    assert gr.load("x", src=lambda name, token: made) is made


def test_conversations_and_films_of_older_versions_are_shown_as_those_of_today() -> None:
    old, film = {"version": "4.36.0"}, file_of("a/film.mp4", "a/film.mp4")
    talk = dialect_of("chatbot", {}, old)
    assert talk is not None
    pairs = [["Hi", "Hello"], [{"file": film, "alt_text": "x"}, None], [None, "And"]]
    messages = talk.shown(pairs)
    assert [(each["role"], each["content"][0]["type"]) for each in messages] == [
        ("user", "text"), ("assistant", "text"), ("user", "file"), ("assistant", "text"),
    ]  # fmt: skip
    assert talk.sent(messages) == [["Hi", "Hello"], [{"file": film, "alt_text": "x"}, "And"]]
    talk = dialect_of("chatbot", {"type": "messages"}, {"version": "5.50.0"})
    assert talk is not None
    messages = [{"role": "user", "metadata": None, "content": "Hi", "options": None}]
    assert (
        talk.shown(messages)[0]["content"] == [{"text": "Hi", "type": "text"}]
        and talk.sent(talk.shown(messages)) == messages
    )
    assert dialect_of("chatbot", {}, {"version": "6.31.0"}) is None
    assert dialect_of("video", {}, old) is None
    seen = dialect_of("video", {}, {"version": "6.31.0"})
    assert seen is not None and seen.shown(film) == {"video": film, "subtitles": None}
    assert seen.sent({"video": film, "trim": None}) == film and seen.shown(None) is None
    assert dialect_of("video", {}, {"version": "6.31.0", "websocket": "/queue/ws"}) is None


def test_what_does_not_exist_here_is_shown_as_json_and_told(faulty: Faulty) -> None:
    parts = [
        {"id": 1, "type": "globe", "props": {"label": "In", "value": {"at": 1}}},
        {"id": 2, "type": "imageeditor", "props": {"label": "Ed", "brush": {"default_size": 3, "odd": 1}}},
        {"id": 3, "type": "slider", "props": {"label": "Sl", "minimum": "none", "value": 1}},
        {"id": 4, "type": "dataset", "props": {"components": ["globe"], "samples": [["a"]]}},
    ]
    built = {"id": 1, "targets": [[1, "change"]], "inputs": [], "outputs": [], "backend_fn": True, "render_id": 0}
    missing = {"id": 2, "targets": [[9, "click"]], "inputs": [9], "outputs": [], "backend_fn": True, "api_name": "lost"}
    layout = {"id": 0, "children": [{"id": each["id"]} for each in parts]}
    faulty.answers["/config"] = lambda exchange: exchange.say(
        {**CONFIG, "components": parts, "dependencies": [built, missing], "layout": layout, "theme": "unheard/of"}
    )
    with pytest.warns(UserWarning) as told:
        app = gr.load(faulty.base)
    texts = " ".join(str(each.message) for each in told)
    assert "no component 'globe'" in texts and "lost (it names what is not on the page)" in texts
    assert "1 (parts that are built at run time stay there)" in texts
    assert type(named(app, "In")) is gr.JSON and named(app, "In").initial_value() == {"at": 1}
    assert named(app, "Ed").brush.default_size == 3 and app.get_config_file()["theme"] == "default"


@pytest.mark.parametrize("config", [{"components": [{"id": 1}]}, {"layout": {"children": [{"id": 1, "children": 7}]}}])
def test_a_config_that_makes_no_sense_is_told(faulty: Faulty, config: dict[str, Any]) -> None:
    odd = {**CONFIG, "layout": {"id": 0, "children": [{"id": 1}]}, "dependencies": [{"targets": [7]}], **config}
    faulty.answers["/config"] = lambda exchange: exchange.say(odd)
    with pytest.raises(DeclarationError, match="cannot load"):
        gr.load(faulty.base)


def test_files_of_a_page_go_with_the_app(address: str) -> None:
    with pytest.warns(UserWarning, match="leaves out"):
        app: Any = gr.load(address)
    shown = next(iter(app.first_files.kept()))
    assert shown.is_file()
    app.close(verbose=False)
    del app
    gc.collect()
    assert not shown.exists()


def test_an_app_of_several_pages_has_them_here_too() -> None:
    with gr.Blocks() as two:
        kept, name = gr.State("nobody"), gr.Textbox(label="Name")
        name.submit(lambda name: name, name, kept)
    with two.route("Second", "/second"):
        shown = gr.Textbox(label="Shown")
        gr.Button("Show").click(lambda name: name, kept, shown)
    address = two.launch(prevent_thread_lock=True, quiet=True).local_url
    app = gr.load(address)
    assert [tuple(each)[:2] for each in app.pages] == [("", "Home"), ("second", "Second")]
    with PageUser(app) as page:
        page.set(named(app, "Name"), "Ada")
        page.submit(named(app, "Name"))
        page.go("second")
        page.click(named(app, "Show"))
        assert page.value(named(app, "Shown")) == "Ada"
    with gr.Blocks(), pytest.warns(UserWarning, match="only the first page"):
        gr.load(address)
    app.close(verbose=False)
    two.close(verbose=False)
