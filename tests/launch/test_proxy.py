"""Apps under a sub-path behind a real nginx: with and without path stripping, http and https, by full address too.

A page in Chromium uses the WebSocket, an upload and a download; the official clients use server-sent events.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.ports import free_ports

from .conftest import config, fetch
from .programs import certificate, official_clients, program, serving
from .test_script import ENVIRONMENT

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent

#: Of each app: its own port, the path that nginx publishes it under, and whether nginx takes that path away.
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header Host {host};
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
        proxy_read_timeout 1h;
{locations}
    }}
}}
"""
LOCATION = "        location {path} {{ proxy_pass http://127.0.0.1:{port}{rest}; }}\n"
#: What tells Django to believe the proxy. Without a full address as root_path nothing else knows the scheme.
PROXIED = {
    "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    "USE_X_FORWARDED_HOST": True,
}


@contextmanager
def apps(options: dict[str, dict[str, Any]], server: str) -> Iterator[None]:
    """The apps in a process of their own, without a Django project."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "proxied_app.py"), json.dumps(options)],
        env={**ENVIRONMENT, "BLOCKS_SERVER": server},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    with process:
        assert process.stdout.readline() == "ready\n"
        yield
        process.stdin.close()


@contextmanager
def nginx(folder: Path, ports: tuple[int, int], locations: str, host: str = "$http_host") -> Iterator[None]:
    """nginx on two ports, the second one with https."""
    key, cert = certificate(folder)
    settings = folder / "nginx.conf"
    http, https = ports
    settings.write_text(
        NGINX.format(folder=folder, http=http, https=https, cert=cert, key=key, host=host, locations=locations)
    )
    command = [program("nginx"), "-p", str(folder), "-c", str(settings), "-e", "stderr"]
    with serving(command, http, folder / "log"):
        yield


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The public address of each app by its name."""
    folder = tmp_path_factory.mktemp("nginx")
    http, https, blind, blind_https, *own = free_ports(11)
    plain, secure = f"http://127.0.0.1:{http}", f"https://127.0.0.1:{https}"
    launched: dict[str, dict[str, Any]] = {
        "kept": {"root_path": "/kept/app", "app_kwargs": PROXIED},
        "stripped": {"root_path": "/stripped"},
        "full": {"root_path": f"{plain}/full"},
        "full-secure": {"root_path": f"{secure}/full-secure"},
        "blind": {"root_path": f"https://127.0.0.1:{blind_https}/blind"},
        "private": {"root_path": "/private", "auth": ["ann", "secret"]},
        "blind-private": {"root_path": f"https://127.0.0.1:{blind_https}/blind-private", "auth": ["ann", "secret"]},
    }
    for port, options in zip(own, launched.values()):
        options["server_port"] = port
        options["app_kwargs"] = PROXIED  # one process, one set of settings
    kept = ("kept", "full-secure")
    written = {
        name: LOCATION.format(
            path=f"{urlsplit(options['root_path']).path}/",
            port=options["server_port"],
            rest="" if name in kept else "/",
        )
        for name, options in launched.items()
    }
    seeing = "".join(written[name] for name in launched if not name.startswith("blind"))
    unseeing = "".join(written[name] for name in launched if name.startswith("blind"))
    (folder / "blind").mkdir()
    with (
        apps(launched, request.param),
        nginx(folder, (http, https), seeing),
        nginx(folder / "blind", (blind, blind_https), unseeing, host="$proxy_host"),
    ):
        yield {
            "kept": f"{plain}/kept/app/",
            "kept-secure": f"{secure}/kept/app/",
            "stripped": f"{plain}/stripped/",
            "stripped-secure": f"{secure}/stripped/",
            "full": f"{plain}/full/",
            "full-secure": f"{secure}/full-secure/",
            "blind": f"https://127.0.0.1:{blind_https}/blind/",
            "private": f"{plain}/private/",
            "private-secure": f"{secure}/private/",
            "blind-private": f"https://127.0.0.1:{blind_https}/blind-private/",
        }


NAMES = ["kept", "kept-secure", "stripped", "stripped-secure", "full", "full-secure", "blind"]
PRIVATE = ["private", "private-secure", "blind-private"]
#: Where a browser looks: with Uvicorn once for each way in which the address can be known.
SHOWN = [
    *(("daphne", name) for name in ("kept", "stripped-secure", "full-secure", "blind")),
    ("uvicorn", "kept"),
    ("uvicorn", "blind"),
]
SHOWN_PRIVATE = [*(("daphne", name) for name in PRIVATE), ("uvicorn", "private-secure")]


@pytest.fixture(scope="module")
def outcomes(site: dict[str, str], clients: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the official clients got from every address."""
    return official_clients(clients, tmp_path_factory.mktemp("clients"), list(site.values()))


@pytest.mark.parametrize("name", NAMES)
def test_the_config_tells_the_public_address(site: dict[str, str], name: str) -> None:
    found = config(site[name])
    assert found["root"] == site[name].rstrip("/") and found["base"] == urlsplit(site[name]).path


@pytest.mark.parametrize(("site", "name"), SHOWN, indirect=["site"])
def test_a_browser_uses_page_socket_upload_and_download(
    site: dict[str, str], page: Page, tmp_path: Path, name: str
) -> None:
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    sockets = list[str]()
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(site[name])
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello Ann!")
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Counted")).to_have_value("3")
    given = tmp_path / "given.txt"
    given.write_text("some text")
    page.locator("input[type=file]").first.set_input_files(given)
    expect(page.get_by_role("link", name="Download given.txt")).to_be_visible()
    page.get_by_role("button", name="Copy").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download copy.txt").click()
    assert Path(download.value.path()).read_text() == "some text"
    assert sockets and all(address.startswith(site[name].replace("http", "ws", 1)) for address in sockets)
    assert all(address.startswith((site[name], "data:", "blob:")) for address in asked), asked


@pytest.mark.parametrize("version", ["1.0.1", "2.7.2"])
@pytest.mark.parametrize("name", [*NAMES, *PRIVATE])
def test_the_official_clients_use_it(site: dict[str, str], outcomes: dict[str, Any], name: str, version: str) -> None:
    expected = {"greet": "Hello Ann!", "count": [3, 3], "copy": "hello\n"}
    assert outcomes[version][site[name]] == expected


@pytest.mark.parametrize("age", ["old", "new"])
@pytest.mark.parametrize("name", [*NAMES, *PRIVATE])
def test_the_javascript_clients_use_it(site: dict[str, str], outcomes: dict[str, Any], name: str, age: str) -> None:
    expected: dict[str, Any] = {"endpoints": ["/copy", "/count", "/greet"]}
    if name in NAMES or age == "new":
        expected |= {"greet": "Hello Ann!", "count": [1, 2, 3]}
        expected["copy"] = [True, 200, "hello\n"] if name in NAMES else [True, 401, ""]
    assert outcomes[age][site[name]] == expected


@pytest.mark.parametrize(("site", "name"), SHOWN_PRIVATE, indirect=["site"])
def test_a_browser_logs_in_and_out(site: dict[str, str], page: Page, name: str) -> None:
    assert fetch(f"{site[name]}config")[0] == 401
    page.goto(site[name])
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(site[name])
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello Ann!")
    page.get_by_role("link", name="Log out").click()
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)
    assert page.url.startswith(site[name])


def test_the_icon_and_the_theme_are_there(site: dict[str, str]) -> None:
    assert [fetch(f"{site['stripped']}{path}")[0] for path in ("favicon.ico", "theme.css", "manifest.json")] == [
        200
    ] * 3
