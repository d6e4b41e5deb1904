"""An app mounted in a Django project answers wherever the project and its proxy put it."""

from __future__ import annotations

import json
import re
from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from .conftest import Site

MOUNTS = ["/", "/deep/chat/"]


def get(url: str, **headers: str) -> tuple[int, Message, str]:
    try:
        with urlopen(Request(url, headers=headers), timeout=20) as response:
            return response.status, response.headers, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def post(url: str, data: object, **headers: str) -> tuple[int, object]:
    body = json.dumps(data).encode()
    try:
        with urlopen(Request(url, body, {"Content-Type": "application/json", **headers}), timeout=20) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_config_tells_public_addresses(site: Site, mount: str) -> None:
    for path in ("config", "config/", "gradio_api/config"):
        found = json.loads(get(site.url(mount + path))[2])
        assert found["base"] == site.seen + mount
        assert found["root"] == (site.origin + site.seen + mount).rstrip("/")
        assert found["websocket"] == f"{site.seen}{mount}queue/ws"


@pytest.mark.parametrize("mount", MOUNTS)
def test_every_address_in_the_page_leads_to_a_file(site: Site, mount: str) -> None:
    status, headers, page = get(site.url(mount))
    addresses = set(re.findall(r'(?:href|src)="(/[^"]+)"', page))
    assert status == 200 and "script-src 'self' 'nonce-" in headers["Content-Security-Policy"]
    assert len(addresses) >= 5 and all(address.startswith(site.seen + mount) for address in addresses)
    for address in addresses:
        assert get(site.url(address.removeprefix(site.seen)))[0] == 200, address


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("endpoint", ["run/greet", "api/greet/", "gradio_api/run/greet/"])
def test_programs_call_it(site: Site, mount: str, endpoint: str) -> None:
    status, answer = post(site.url(mount + endpoint), {"data": ["Ann"]})
    assert status == 200 and isinstance(answer, dict) and answer["data"] == ["Hello Ann, AnonymousUser!"]


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_browsers_socket_opens_for_the_own_page_only(site: Site, mount: str) -> None:
    address = site.url(f"{mount}queue/ws?session_hash=abc&after=0").replace("http", "ws", 1)
    with connect(address, origin=site.origin) as socket:  # type: ignore[arg-type]
        assert json.loads(socket.recv(10))["type"] == "welcome"
    with pytest.raises(InvalidStatus, match="403"):
        connect(address, origin="http://evil.example")  # type: ignore[arg-type]


def test_another_sites_page_may_not_post(site: Site) -> None:
    status, _ = post(site.url("/run/greet"), {"data": ["Ann"]}, Origin="http://evil.example")
    assert status == 403


def test_the_sites_own_pages_stay(site: Site) -> None:
    assert get(site.url("/about/"))[::2] == (200, "about us")
    assert get(site.url("/nothing/here"))[0] == 404


def test_bundles_come_compressed_and_for_ever(site: Site) -> None:
    page = get(site.url("/"))[2]
    address = re.findall(r'src="(/[^"]+\.js)"', page)[0].removeprefix(site.seen)
    _, headers, _ = get(site.url(address))
    with urlopen(Request(site.url(address), headers={"Accept-Encoding": "gzip, br"}), timeout=20) as response:
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"] and response.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in headers and headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(HTTPError, match="304"):
        urlopen(Request(site.url(address), headers={"If-None-Match": headers["ETag"]}), timeout=20)


@pytest.mark.parametrize(
    "path", ["assets/../urls.py", "assets/%2e%2e/urls.py", "static/../settings.py", "app/..%2fx", "assets//etc/passwd"]
)
def test_no_name_leads_elsewhere(site: Site, path: str) -> None:
    assert get(site.url(f"/{path}"))[0] in (400, 404)


FORGED = {
    "Daphne-Root-Path": "/evil",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "1.2.3.4",
    "X-Script-Name": "/evil",
    "Script-Name": "/evil",
}


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("name", FORGED)
def test_a_visitors_header_moves_nothing(site: Site, mount: str, name: str) -> None:
    """T20, for a whole site: neither its addresses nor the way to them."""
    sent = {name: FORGED[name]}
    found = json.loads(get(site.url(mount + "config"), **sent)[2])
    assert found["root"] == (site.origin + site.seen + mount).rstrip("/")
    for path in (mount, f"{mount}login"):
        assert "evil" not in get(site.url(path), **sent)[2]
    assert get(f"{site.origin}/evil{mount}config", **sent)[0] == 404
    assert get(f"{site.origin}/evil{mount}queue/status", **sent)[0] == 404
    with pytest.raises(InvalidStatus):
        address = f"ws{site.origin.removeprefix('http')}/evil{mount}queue/ws?session_hash=s"
        connect(address, origin=site.origin, additional_headers=sent)  # type: ignore[arg-type]
