"""https: certificates and keys, a real browser, the official clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_app.exceptions import LaunchError

from .conftest import config, fetch, hello
from .programs import certificate, official_clients

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("each_server")]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate whose key needs the password "open sesame"."""
    return certificate(tmp_path_factory.mktemp("tls"), password="open sesame")


def test_a_browser_and_the_official_clients_use_it(
    launched: Any, page: Page, locked: tuple[str, str], clients: Path, tmp_path: Path
) -> None:
    key, cert = locked
    options = {"ssl_keyfile": key, "ssl_certfile": cert, "ssl_keyfile_password": "open sesame", "ssl_verify": False}
    _, url, _ = launched(**options)
    assert url.startswith("https://127.0.0.1:") and config(url)["root"] == url.rstrip("/")
    page.goto(url)
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello Ann!")
    outcomes = official_clients(clients, tmp_path, [url])
    assert {version: found[url]["greet"] for version, found in outcomes.items()} == dict.fromkeys(
        ("1.0.1", "2.7.2", "old", "new"), "Hello Ann!"
    )


def test_a_wrong_password_is_said_so(locked: tuple[str, str]) -> None:
    key, cert = locked
    for password in ("wrong", None):
        with pytest.raises(LaunchError, match="ssl_keyfile_password"):
            hello().launch(ssl_keyfile=key, ssl_certfile=cert, ssl_keyfile_password=password, prevent_thread_lock=True)


def test_a_certificate_without_its_key_is_said_so(locked: tuple[str, str]) -> None:
    with pytest.raises(LaunchError, match="ssl_keyfile must be provided"):
        hello().launch(ssl_certfile=locked[1], prevent_thread_lock=True)


def test_a_key_of_another_certificate_is_said_so(locked: tuple[str, str], tmp_path: Path) -> None:
    key, _ = certificate(tmp_path)
    with pytest.raises(LaunchError, match="cannot be used with the key"):
        hello().launch(ssl_certfile=locked[1], ssl_keyfile=key, prevent_thread_lock=True)


@pytest.mark.parametrize("argument", ["ssl_certfile", "ssl_keyfile"])
def test_files_that_are_not_there(locked: tuple[str, str], argument: str) -> None:
    files = {"ssl_certfile": locked[1], "ssl_keyfile": locked[0], argument: "/no/such.pem"}
    with pytest.raises(LaunchError, match=f"`{argument}` names no file"):
        hello().launch(prevent_thread_lock=True, **files)


def test_a_self_signed_certificate_needs_ssl_verify_false(launched: Any, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    demo = hello()
    with pytest.raises(LaunchError, match="CERTIFICATE_VERIFY_FAILED.*ssl_verify=False"):
        demo.launch(ssl_keyfile=key, ssl_certfile=cert, prevent_thread_lock=True, quiet=True)
    assert demo.server is None
    assert fetch(launched(demo, ssl_keyfile=key, ssl_certfile=cert, ssl_verify=False)[1])[0] == 200


def test_a_trusted_certificate_passes(launched: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", cert)
    assert fetch(launched(ssl_keyfile=key, ssl_certfile=cert)[1])[0] == 200


def test_one_file_may_hold_both(launched: Any, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    both = tmp_path / "both.pem"
    both.write_text(Path(cert).read_text() + Path(key).read_text())
    assert fetch(launched(ssl_certfile=str(both), ssl_verify=False)[1])[0] == 200
