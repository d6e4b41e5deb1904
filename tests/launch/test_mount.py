"""gr.mount_gradio_app: an app inside a Starlette application, as one would be inside a FastAPI one."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from mcp import Client as Agent
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

import blocks_app as gr
from blocks_app.web.registry import unmount
from blocks_client import Client
from queue_app.exceptions import LaunchError

ROOT = Path(__file__).resolve().parents[2]


class Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, app: Any) -> None:
        super().__init__(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
        self.ready = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture(autouse=True)
def in_memory(settings: Any) -> None:
    """Sessions as a script without a project has them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve an application with Uvicorn; its address."""
    running: list[tuple[Server, threading.Thread]] = []

    def start(app: Any) -> str:
        server = Server(app)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        assert server.ready.wait(30)
        return server.url

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def demo() -> Iterator[gr.Blocks]:
    """Greets; waits for ever when told to."""
    with gr.Blocks(title="Mounted") as blocks:
        name, out = gr.Textbox(label="Name"), gr.Textbox(label="Out")
        name.submit(lambda name: f"Hello {name}", name, out, api_name="greet")

        @name.change(inputs=name, outputs=out, api_name="wait", concurrency_limit=None)
        async def wait(_):
            blocks.waits.set()
            await asyncio.Event().wait()

        gr.Button("Fail").click(lambda: 1 / 0, api_name="fail")

    blocks.waits = threading.Event()
    yield blocks
    if blocks.mount is not None:
        unmount(blocks)


async def test_agents_find_its_tools(serve: Any, demo: gr.Blocks) -> None:
    app = outer()
    gr.mount_gradio_app(app, demo, path="/ui", mcp_server=True)
    url = serve(app)
    for mode in ("auto", "legacy"):
        async with Agent(f"{url}/ui/gradio_api/mcp/", mode=mode) as agent:
            assert [tool.name for tool in (await agent.list_tools()).tools] == ["greet", "wait", "fail"]
            assert (await agent.call_tool("greet", {"name": "Ada"})).content[0].text == "Hello Ada"
            assert "division by zero" in (await agent.call_tool("fail", {})).content[0].text


def outer(**options: Any) -> Starlette:
    return Starlette(routes=[Route("/", lambda request: PlainTextResponse("outer"))], **options)


def test_both_answer_and_the_client_finds_its_way(serve: Any, demo: gr.Blocks) -> None:
    app = outer()
    assert gr.mount_gradio_app(app, demo, path="/ui") is app
    url = serve(app)
    assert httpx.get(url).text == "outer"
    page = httpx.get(f"{url}/ui", follow_redirects=True)
    assert page.url.path == "/ui/" and "<title>Mounted</title>" in page.text
    config = httpx.get(f"{url}/ui/config").json()
    assert (config["root"], config["base"]) == (f"{url}/ui", "/ui/")
    with Client(f"{url}/ui/", verbose=False) as client:
        assert client.predict("Ada", api_name="/greet") == "Hello Ada"
        with pytest.raises(Exception, match="division by zero"):  # show_error is on, as in Gradio
            client.predict(api_name="/fail")


def test_several_apps_and_one_inside_a_mounted_application(serve: Any, demo: gr.Blocks) -> None:
    with gr.Blocks(title="Other") as other:
        gr.Markdown("other")
    inner = gr.mount_gradio_app(outer(), demo, path="/ui/")
    app = gr.mount_gradio_app(Starlette(routes=[Mount("/deep", inner)]), other, path="")
    url = serve(app)
    try:
        assert httpx.get(f"{url}/config").json()["title"] == "Other"
        assert httpx.get(f"{url}/deep/ui/config").json()["base"] == "/deep/ui/"
        with Client(f"{url}/deep/ui", verbose=False) as client:
            assert client.predict("Bob", api_name="/greet") == "Hello Bob"
    finally:
        unmount(other)


def test_an_application_that_takes_the_path_away(serve: Any, demo: gr.Blocks) -> None:
    """Starlette before 0.33 did."""
    app = gr.mount_gradio_app(outer(), demo, path="/ui")

    async def old(scope: Any, receive: Any, send: Any) -> None:
        mounted = app.routes[-1].app
        if scope["type"] != "lifespan" and scope["path"].startswith("/ui"):
            scope = {**scope, "path": scope["path"][3:], "root_path": "/ui"}
            return await mounted(scope, receive, send)
        return await app(scope, receive, send)

    url = serve(old)
    assert httpx.get(f"{url}/ui/config").json()["base"] == "/ui/"
    with Client(f"{url}/ui", verbose=False) as client:
        assert client.predict("Eve", api_name="/greet") == "Hello Eve"


def test_auth_and_limits_are_those_of_launch(serve: Any, demo: gr.Blocks) -> None:
    app = gr.mount_gradio_app(
        outer(), demo, path="/ui", auth=("ada", "secret"), auth_message="Who?", max_file_size="1kb", show_error=False
    )
    url = serve(app)
    assert httpx.get(f"{url}/ui/config").status_code == 401
    assert "Who?" in httpx.get(f"{url}/ui/").text
    with httpx.Client(base_url=f"{url}/ui/") as visitor:
        assert visitor.post("login", data={"username": "ada", "password": "secret"}).status_code == 200
        config = visitor.get("config").json()
        assert (config["username"], config["max_file_size"], config["show_error"]) == ("ada", 1024, False)


def test_a_dependency_sees_the_request(serve: Any, demo: gr.Blocks) -> None:
    app = gr.mount_gradio_app(outer(), demo, path="/ui", auth_dependency=lambda request: request.headers.get("x-user"))
    url = serve(app)
    assert httpx.get(f"{url}/ui/config").status_code == 401
    assert httpx.get(f"{url}/ui/config", headers={"x-user": "ada"}).json()["username"] == "ada"


def test_a_public_address_is_used_whole(serve: Any, demo: gr.Blocks) -> None:
    url = serve(gr.mount_gradio_app(outer(), demo, path="/ui", root_path="/public/tool"))
    assert httpx.get(f"{url}/ui/config").json()["base"] == "/public/tool/"


def test_the_end_of_the_outer_application_ends_what_is_pending(serve: Any, demo: gr.Blocks) -> None:
    order: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Any) -> Any:
        order.append("up")
        yield {"key": "value"}
        order.append("down")

    app = gr.mount_gradio_app(outer(lifespan=lifespan), demo, path="/ui")
    server = Server(app)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(30)
    with Client(f"{server.url}/ui", verbose=False) as client:
        job = client.submit("x", api_name="/wait")
        assert demo.waits.wait(30)
        server.should_exit = True
        with pytest.raises(Exception):  # noqa: B017 - the server's last word, or the end of the connection
            job.result(timeout=30)
    thread.join(30)
    assert not thread.is_alive()
    assert order == ["up", "down"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"shwo_error": True}, "has no argument 'shwo_error'"),
        ({"server_port": 7860}, "whoever serves the outer application"),
        ({"ssr_mode": True}, "drawn in the browser"),
        ({"run_history": True}, "no such thing"),
        ({"auth": ("a", "b"), "auth_dependency": print}, "choose one"),
        ({"favicon_path": "/nowhere.ico"}, "names no file"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(demo: gr.Blocks, options: dict[str, Any], text: str) -> None:
    with pytest.raises(LaunchError, match=text):
        gr.mount_gradio_app(outer(), demo, path="/ui", **options)


def test_a_look_given_there_is_that_of_the_page(demo: gr.Blocks, tmp_path: Path) -> None:
    (tmp_path / "more.css").write_text("b {}")
    gr.mount_gradio_app(outer(), demo, "/ui", theme="soft", css="a {}", css_paths=tmp_path / "more.css", js="() => 1")
    config = demo.get_config_file()
    assert (config["theme"], config["css"], config["js"]) == ("soft", "a {}\nb {}", "() => 1")


def test_only_an_application_that_can_mount_will_do(demo: gr.Blocks) -> None:
    with pytest.raises(LaunchError, match=r"demo\.urls"):
        gr.mount_gradio_app(object(), demo, path="/ui")
    with pytest.raises(LaunchError, match="plain path"):
        gr.mount_gradio_app(outer(), demo, path="/{user}")
    with pytest.raises(LaunchError, match="Django settings"):
        gr.mount_gradio_app(outer(), demo, "/ui", {"openapi_url": "/docs"})
    gr.mount_gradio_app(outer(), demo, path="/ui", ssr_mode=False, server_name=None)


def test_without_a_django_project(tmp_path: Path) -> None:
    """A script, in a process of its own: settings are made on the spot; `app_kwargs` are such settings."""
    script = tmp_path / "site.py"
    script.write_text(
        textwrap.dedent(
            """
            import json
            from starlette.applications import Starlette
            from starlette.testclient import TestClient
            import blocks_app as gr

            with gr.Blocks() as demo:
                box = gr.Textbox()
                box.submit(lambda text: text.upper(), box, box, api_name="shout")

            app = gr.mount_gradio_app(Starlette(), demo, path="/ui", app_kwargs={"LANGUAGE_CODE": "de"})
            with TestClient(app) as client:
                answer = client.post("/ui/gradio_api/run/shout", json={"data": ["hello"]})
                from django.conf import settings
                print(json.dumps([answer.json()["data"], settings.LANGUAGE_CODE]))
            """
        )
    )
    ran = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == [["HELLO"], "de"]
