"""launch() in this process: what it returns, prints, keeps and refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from queue_app.exceptions import LaunchError, UnknownLaunchOption
from tests.ports import free_ports

from .conftest import call, config, fetch, hello

pytestmark = pytest.mark.usefixtures("each_server")


def test_it_serves_the_app_and_tells_where(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    result = launched(quiet=False)
    app, url, share = result
    assert url.startswith("http://127.0.0.1:") and url.endswith("/") and share is None and callable(app)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"Running on local URL:  {url.rstrip('/')}" and "`share=True`" in printed[1]
    assert repr(result) == ""
    assert call(url, "Ann") == ["Hello Ann!"]


def test_quiet_prints_nothing(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    launched(quiet=True)
    assert capsys.readouterr().out == ""


def test_launching_again_keeps_the_server(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    demo = hello()
    first = launched(demo)
    assert launched(demo, quiet=False) == first
    assert capsys.readouterr().out.startswith("Rerunning server...")


def test_close_frees_the_port_for_another_launch(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    demo, (port,) = hello(), free_ports(1)
    _, url, _ = launched(demo, server_port=port)
    demo.close()
    assert capsys.readouterr().out == f"Closing server running on port: {port}\n"
    with pytest.raises(OSError, match="refused"):
        fetch(url)
    assert launched(demo, server_port=port)[1] == url
    assert call(url, "Bob") == ["Hello Bob!"]


def test_several_apps_live_side_by_side(launched: Any) -> None:
    urls = [launched(hello(title=title))[1] for title in ("one", "two")]
    assert urls[0] != urls[1]
    assert [config(url)["title"] for url in urls] == ["one", "two"]


def test_a_busy_port_that_was_asked_for_is_an_error(launched: Any) -> None:
    port = int(launched()[1].rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match=f"Cannot find empty port in range: {port}-{port}"):
        hello().launch(server_port=port, prevent_thread_lock=True)


def test_the_environment_names_port_and_host(launched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    port = launched()[1].rstrip("/").rpartition(":")[2]
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    with pytest.raises(OSError, match=port):
        hello().launch(prevent_thread_lock=True)
    (free,) = free_ports(1)
    assert launched(server_port=free)[1].endswith(f":{free}/")
    monkeypatch.delenv("GRADIO_SERVER_PORT")
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    assert launched()[1].startswith("http://localhost:")
    assert launched(server_name="127.0.0.1")[1].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("given", "root", "base"),
    [
        (None, "{origin}", "/"),
        ("/my", "{origin}/my", "/my/"),
        ("my/app/", "{origin}/my/app", "/my/app/"),
        ("https://ex.com/app/", "https://ex.com/app", "/app/"),
        ("https://ex.com", "https://ex.com", "/"),
    ],
)
def test_root_path(launched: Any, given: str | None, root: str, base: str) -> None:
    _, url, _ = launched(root_path=given)
    found = config(url)
    assert (found["root"], found["base"]) == (root.format(origin=url.rstrip("/")), base)
    assert f'src="{base}assets/' in fetch(url)[2].decode()


def test_a_proxy_may_leave_the_root_path_in(launched: Any) -> None:
    _, url, _ = launched(root_path="/my/app")
    assert config(f"{url}my/app/")["base"] == "/my/app/"
    assert fetch(f"{url}my/app")[0] == 200


def test_forwarded_headers_of_strangers_change_nothing(launched: Any) -> None:
    _, url, _ = launched()
    spoofed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Daphne-Root-Path": "/evil"}
    assert config(url, **spoofed)["root"] == url.rstrip("/")


def test_only_loopback_names_reach_a_loopback_server(launched: Any) -> None:
    _, url, _ = launched()
    port = url.rstrip("/").rpartition(":")[2]
    status, _, body = fetch(url, Host=f"evil.example:{port}")
    assert status == 400 and b"root_path" in body
    assert fetch(url, Host=f"localhost:{port}")[0] == 200


def test_the_public_name_is_told_by_root_path(launched: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # as without a project
    _, url, _ = launched(root_path="https://ex.com/app")
    assert fetch(url, Host="ex.com")[0] == 200


def test_the_icon_is_ours_or_the_given_one(launched: Any, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(b"\x89PNG...")
    _, headers, _ = fetch(f"{launched()[1]}favicon.ico")
    assert headers["Content-Type"] == "image/svg+xml"
    _, headers, body = fetch(f"{launched(favicon_path=str(icon))[1]}favicon.ico")
    assert (headers["Content-Type"], body) == ("image/png", b"\x89PNG...")


def test_an_app_is_installable_where_that_is_asked_for(launched: Any) -> None:
    assert [b'rel="manifest"' in fetch(launched(pwa=pwa)[1])[2] for pwa in (True, None)] == [True, False]


def test_texts_of_the_app_are_given_in_the_languages_of_visitors(launched: Any) -> None:
    texts = gr.I18n(de={"name": "Vorname"}, en={"name": "First name"})
    with gr.Blocks() as demo:
        gr.Textbox(label=texts("name"))
    url = launched(demo, i18n=texts)[1]
    for language, label in (("de", "Vorname"), ("en", "First name")):
        name = config(url, **{"Accept-Language": language})["components"][0]
        assert name["props"]["label"] == label


def test_options_reach_the_mount(launched: Any) -> None:
    demo = hello()
    _, url, _ = launched(demo, max_threads=3, max_file_size="5 kb", show_api=False, show_error=True)
    found = config(url)
    assert (found["max_file_size"], found["show_api"], found["show_error"]) == (5120, False, True)
    assert demo.mount is not None and demo.mount.options.max_threads == 3


def test_inbrowser_opens_the_page_once(launched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert opened == [launched(inbrowser=True)[1]]


def test_a_function_decides_who_may_use_the_app(launched: Any) -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
    _, url, _ = launched(demo, auth_dependency=lambda request: request.headers.get("X-Name"))
    assert [fetch(url + path)[0] for path in ("", "config", "info", "app_id")] == [401, 401, 401, 200]
    assert fetch(f"{url}user", **{"X-Name": "ann"})[2] == b'"ann"'
    assert fetch(url, **{"X-Name": "ann"})[0] == 200


async def test_it_launches_beside_a_running_loop_as_in_a_notebook(launched: Any) -> None:
    _, url, _ = launched()
    assert await asyncio.to_thread(call, url, "Ann") == ["Hello Ann!"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"share_server_address": "example.org:nothing"}, "share_server_address"),
        ({"share_server_protocol": "ftp"}, '"http" or "https"'),
        ({"auth": "ab"}, "auth takes"),
        ({"auth": ("a", "b"), "auth_dependency": print}, "You cannot provide both `auth` and `auth_dependency` in"),
        ({"allowed_paths": "/tmp"}, "^`allowed_paths` must be a list of directories.$"),
        ({"blocked_paths": "/tmp"}, "^`blocked_paths` must be a list of directories.$"),
        ({"allowed_origins": "example.org"}, "^`allowed_origins` is a list of hosts such as"),
        ({"allowed_origins": ["a; script-src *"]}, "^`allowed_origins` has 'a; script-src"),
        ({"max_file_size": "5 zz"}, "Invalid file size unit"),
        ({"max_file_size": "1.5mb"}, "Invalid file size unit"),
        ({"server_port": "7860"}, "server_port"),
        ({"server_port": True}, "server_port"),
        ({"server_port": 65536}, "server_port"),
        ({"max_threads": 0}, "max_threads"),
        ({"state_session_capacity": 0}, "state_session_capacity"),
        ({"ssl_keyfile_password": "secret"}, "without a key"),
        ({"favicon_path": "/no/such.png"}, "names no file"),
        ({"ssl_keyfile": "key.pem"}, "^ssl_certfile must be provided if ssl_keyfile is provided.$"),
        ({"ssl_certfile": "/no/such.pem"}, "names no file"),
        ({"app_kwargs": {"docs_url": "/docs"}}, "There is no FastAPI"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(options: dict[str, Any], words: str) -> None:
    with pytest.raises(LaunchError, match=words):
        hello().launch(prevent_thread_lock=True, **options)


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(UnknownLaunchOption, match="no argument 'server_prot'"):
        hello().launch(server_prot=7860)
