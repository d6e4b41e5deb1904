"""The examples of the guides in docs/howto/ run, each page's in one namespace, and do what their page says.

What an example takes from the reader's own program is given here. `launch()` checks its arguments and serves nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import blocks_app as gr
from blocks_app.blocks import Blocks
from queue_app.server.launch_options import LaunchArguments
from queue_app.testing import PageUser
from tests.launch.examples import examples, run
from tests.ports import free_ports


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the examples of one page share: a module of its own."""
    module = ModuleType("guide")
    monkeypatch.setitem(sys.modules, "guide", module)
    vars(module)["gr"] = gr
    yield vars(module)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[LaunchArguments]:
    """The arguments of each `launch()`."""
    seen: list[LaunchArguments] = []
    monkeypatch.setattr(Blocks, "launch", lambda demo, **arguments: seen.append(LaunchArguments(**arguments)))
    return seen


def guide(name: str, names: dict[str, Any]) -> int:
    """Run all examples of a guide; how many they are."""
    codes = examples(f"docs/howto/{name}.md")
    for code in codes:
        run(code, names, name)
    return len(codes)


def test_access(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    mine = {"directory": SimpleNamespace(accepts=lambda name, password: password == name * 2), "tokens": {"t": "ann"}}
    apps = ("chat", "lab", "beta", "kiosk")
    names.update(mine, demo=Blocks(), **{name: SimpleNamespace(demo=Blocks()) for name in apps})
    from django.urls import path

    names["path"] = path
    login, who, urls, button, events, greet = examples("docs/howto/access.md")
    for code in (login, who, urls, button):
        run(code, names)
    assert names["check"]("ann", "annann") and not names["check"]("ann", "ann")
    assert names["who"](SimpleNamespace(headers={"Authorization": "t"})) == "ann"
    assert [bool(each.auth or each.auth_dependency) for each in launched] == [True] * 4
    with gr.Blocks() as demo:
        names.update(erase=gr.Button(), publish=gr.Button(), text=gr.Textbox(), erase_all=print, send=print)
        run(events, names)
        run(greet, names)
        said = gr.Textbox()
        names["publish"].click(names["greet"], names["text"], said)
    with PageUser(demo, username="ann") as page:
        page.set(names["text"], "Hello")
        page.click(names["publish"])
        assert page.value(said) == "Hello, ann"


def test_cache(names: dict[str, Any]) -> None:
    asked: list[Any] = []
    names["model"] = SimpleNamespace(
        predict=lambda picture: asked.append(picture) or "cat",
        read=lambda prompt: asked.append(prompt) or 7,
        answer=str,
    )
    assert guide("cache", names) == 2
    assert [names["classify"](np.ones((2, 2))) for _ in range(2)] == ["cat", "cat"] and len(asked) == 1
    with gr.Blocks() as demo:
        prompt, answer = gr.Textbox(), gr.Textbox()
        prompt.submit(names["generate"], prompt, answer)
    with PageUser(demo) as page:
        page.set(prompt, "Why")
        for _ in range(2):
            page.submit(prompt)
        assert page.value(answer) == "7" and asked[1:] == ["Why"]


def test_chat(names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    app, program, model = examples("docs/howto/chat.md")
    (port,) = free_ports(1)
    run(app.replace("gr.ChatInterface(answer).launch()", "demo = gr.ChatInterface(answer)"), names)
    names["demo"].launch(server_port=port, prevent_thread_lock=True, quiet=True)
    try:
        run(program.replace("client.predict", "said = client.predict").replace("7860", str(port)), names)
    finally:
        names["client"].close()
        names["demo"].close()
    assert names["said"] == "You said Hi."
    run(model.replace(".launch()", "").replace("gr.load_chat", "model = gr.load_chat"), names)
    assert isinstance(names["model"], gr.ChatInterface)


def test_deep_links(names: dict[str, Any]) -> None:
    names["ask"] = lambda question: f"**{question}**"
    assert guide("deep-links", names) == 1
    with PageUser(names["demo"]) as page:
        page.set(names["question"], "Why?")
        page.submit(names["question"])
        link = page.link()
    with PageUser(names["demo"], query=f"deep_link={link}") as other:
        assert (other.value(names["question"]), other.value(names["answer"])) == ("Why?", "**Why?**")


def test_examples(names: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_EXAMPLES_CACHE", str(tmp_path))
    names["greet"] = lambda name, age: f"{name} is {age}"
    assert guide("examples", names) == 2
    assert names["BLOCKS_EXAMPLES_VERSION"]
    with PageUser(names["demo"]) as page:
        assert page.value(names["name"]) in (None, "", "Ada")


def test_events(names: dict[str, Any]) -> None:
    assert guide("events", names) == 2
    with PageUser(names["demo"]) as page:
        page.set(names["text"], "Three small words")
        page.click(names["go"])
        assert (page.value(names["words"]), page.value(names["verdict"])) == (3, "short")
        page.set(names["text"], "")
        page.click(names["go"])
        assert page.value(names["verdict"]) == "none" and page.errors == ["Write something first."]
    with PageUser(names["counter"]) as page:
        page.click(names["start"])
        assert [value for value in page.history(names["now"]) if value] == [1, 2, 3]
        page.set(names["limit"], 100_000)
        page.click(names["start"], wait=False)
        page.until(lambda: (page.value(names["now"]) or 0) > 3)
        page.click(names["stop"])
        page.until(lambda: not page.pending)


def test_layout(names: dict[str, Any]) -> None:
    assert guide("layout", names) == 1
    with PageUser(names["demo"]) as page:
        page.set(names["gift"], True)
        assert page.prop(names["card"], "visible") is True
        page.set(names["dish"], "Cake")
        page.click(names["order"])
        assert page.value(names["total"]) == "Cake: €5" and page.prop(names["tabs"], "selected") == "receipt"


def test_data(names: dict[str, Any]) -> None:
    assert guide("data", names) == 2
    with PageUser(names["demo"]) as page:
        page.set(names["table"], {"headers": ["Article", "Price", "Paid"], "data": [["Tea", 3.5, True]]})
        assert page.value(names["total"]) == "3.50 €"
    with PageUser(names["marked"]) as page:
        page.click(names["go"])
        assert page.value(names["shown"])[0]["token"] == "Ada"
        assert page.value(names["kinds"])["confidences"][0]["confidence"] == 0.5


def test_files(names: dict[str, Any], tmp_path: Path) -> None:
    assert guide("files", names) == 1
    (tmp_path / "a.txt").write_text("four")
    assert Path(names["measure"]([str(tmp_path / "a.txt")])).read_text() == "a.txt: 4"
    assert names["demo"]([str(tmp_path / "a.txt")])["orig_name"] == "report.txt"


def test_media(names: dict[str, Any]) -> None:
    assert guide("media", names) == 2
    assert (names["negative"](np.zeros((2, 2, 3), np.uint8)) == 255).all()
    assert names["backwards"]((8000, np.arange(3)))[1].tolist() == [2, 1, 0]
    with PageUser(names["stream"]) as page:
        page.click(next(block for block in names["stream"].children if isinstance(block, gr.Button)))
        assert page.value(names["heard"])["url"] and not page.errors


def test_fastapi(names: dict[str, Any]) -> None:
    [code] = examples("docs/howto/fastapi.md")
    run(code.replace("from fastapi import", "from starlette.applications import Starlette as"), names)
    assert [getattr(route, "path", "") for route in names["app"].routes] == ["/ui"]


def test_flagging(names: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app, mail, database = examples("docs/howto/flagging.md")
    sent: list[tuple[Any, ...]] = []
    names["send_mail"] = lambda *what: sent.append(what)
    run(app, names)
    with PageUser(names["demo"]) as page:
        page.set(names["question"], "Why?")
        page.click(names["wrong"])
    assert "Why?" in (tmp_path / "flagged/log.csv").read_text()
    run(mail, names)
    callback = names["Mail"]()
    callback.setup([names["question"]], "")
    assert callback.flag(["Why?"]) == 1 and sent[0][1] == "{'Question': 'Why?'}"
    with names["demo"]:
        run(database, names)


def test_interface(names: dict[str, Any], launched: list[LaunchArguments], monkeypatch: pytest.MonkeyPatch) -> None:
    one, several, model = examples("docs/howto/interface.md")
    run(one, names)
    assert names["demo"]("Ada", 2) == "Hello Hello Ada" and launched == [LaunchArguments()]
    names.update(greeter=gr.Interface(len, "text", "number"), counter=gr.Interface(str, "number", "text"))
    run(several, names)
    assert isinstance(names["page"], gr.Blocks)
    kind = type("TextClassificationPipeline", (), {"__module__": "transformers.pipelines", "__call__": print})
    kind.model = SimpleNamespace(config=SimpleNamespace(name_or_path="org/model"))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(pipeline=lambda task: kind()))  # type: ignore[arg-type]
    run(model, names)
    assert len(launched) == 2


def test_launch(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    from django.conf import global_settings

    extension, cell, site = examples("docs/howto/launch.md")
    assert (extension, cell.splitlines()[0]) == ("%load_ext blocks_app\n", "%%blocks")  # run by test_notebook.py
    run(cell.partition("\n")[2], names)
    run(site, names)
    [given] = launched
    assert all(name.startswith("BLOCKS_") or hasattr(global_settings, name) for name in given.app_kwargs or {})


def test_mcp(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    app, more, header = examples("docs/howto/mcp.md")
    run(app, names)
    assert names["demo"]("strawberry", "r") == 3 and launched[0].mcp_server is True
    run(more, names)
    assert {"/count_letter", "/note", "/explain"} <= set(names["demo"].get_api_info()["named_endpoints"])
    run(header, names)


def test_pages(names: dict[str, Any]) -> None:
    assert guide("pages", names) == 1
    assert [page.path for page in names["demo"].pages] == ["", "basket", "admin-prices"]


def test_programs(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    served, program, server, loaded, greeter, later, described = examples("docs/howto/programs.md")
    (port,) = free_ports(1)
    here = f"http://127.0.0.1:{port}"
    run(served.replace("launch()", f"launch(server_port={port}, prevent_thread_lock=True, quiet=True)"), names)
    app = names["demo"]
    try:
        run(program.replace("http://127.0.0.1:7860", here).replace("client.predict", "found = client.predict"), names)
        assert names["found"] == 6
    finally:
        app.close()
    app, there = (
        gr.Interface(lambda name: f"Hello {name}", "text", "text", api_name="greet"),
        "https://example.org/greeter/",
    )
    app.launch(server_port=port, prevent_thread_lock=True, quiet=True)
    try:
        run(greeter.replace(there, here).replace('greeter("Ada")', 'found = greeter("Ada", api_name="greet")'), names)
        assert names["found"] == "Hello Ada"
        run(later.replace(there, here), names)
        with PageUser(names["demo"]) as page:
            assert page.find(gr.Textbox, "name") and not page.errors
    finally:
        app.close()
    monkeypatch.setattr(Blocks, "launch", lambda demo: None)
    run(server, names)
    assert names["hello"]("Ada") == "Hello Ada" and names["item"](3) == {"number": 3, "full": False}
    asked: list[tuple[Any, ...]] = []  # what is loaded from elsewhere is tested in tests/blocks_app/remote
    for name in ("load", "load_openapi"):
        monkeypatch.setattr(gr, name, lambda *what: asked.append(what) or Blocks())
    run(loaded, names)
    run(described, names)
    assert [len(what) for what in asked] == [1, 1, 1, 2]


def test_pwa(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    from django.urls import path
    from starlette.applications import Starlette

    names.update(demo=Blocks(), path=path, app=Starlette())
    assert guide("pwa", names) == 1
    assert launched[0].pwa is True


def test_render(names: dict[str, Any]) -> None:
    assert guide("render", names) == 1
    with PageUser(names["demo"]) as page:
        page.set(page.find(gr.Textbox, "two"), "2")
        page.click(page.find(gr.Button, "Say two"))
        assert page.value(names["said"]) == "two: 2"


def test_reverse_proxy_and_share(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    names["demo"] = Blocks()
    assert (guide("reverse-proxy", names), guide("share", names)) == (2, 1)
    assert launched[2].app_kwargs and launched[3].share is True


def test_translation(names: dict[str, Any], launched: list[LaunchArguments]) -> None:
    names["demo"] = Blocks()
    with gr.Blocks() as demo:
        assert guide("translation", names) == 2
    assert launched[0].i18n is names["i18n"]
    send = next(block for block in demo.children if isinstance(block, gr.Button))
    with PageUser(demo, headers={"Accept-Language": "de"}) as page:
        assert page.value(send) == "Senden"
