"""launch(share=True): the tunnel through a real OpenSSH server, its keys, its breaks, and what is said without one."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_app.exceptions import LaunchError, ShareError
from queue_app.server.network.ssh_tunnel import Relay

from .conftest import call, config, fetch, hello
from .programs import certificate
from .relay import OpenSSH


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with nothing in it."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    for name in ("KEY", "HOST_KEY", "LINK"):
        monkeypatch.delenv(f"BLOCKS_SHARE_{name}", raising=False)
    return folder


@pytest.fixture
def relay(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSSH]:
    """A running relay that this machine knows: its host key is in known_hosts, the visitor's key is named."""
    folder = tmp_path / "sshd"
    folder.mkdir()
    server = OpenSSH(folder)
    server.start()
    (home / ".ssh/known_hosts").write_text(server.known_hosts)
    monkeypatch.setenv("BLOCKS_SHARE_KEY", str(server.key))
    yield server
    server.stop()


def test_the_public_link_leads_to_the_app(launched: Any, relay: OpenSSH, capsys: pytest.CaptureFixture[str]) -> None:
    demo = hello()
    _, url, link = launched(demo, share=True, share_server_address=relay.address, quiet=False)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"Running on local URL:  {url.rstrip('/')}"
    assert printed[1] == f"Running on public URL: {link.rstrip('/')}" and "until this program ends" in printed[2]
    assert link != url and call(link, "Ann") == ["Hello Ann!"] and config(link)["root"] == link.rstrip("/")
    assert (demo.share, demo.share_url, demo.share_server_protocol) == (True, link, "http")
    assert fetch(f"{link}robots.txt")[2].endswith(b"Disallow: /")


def test_a_browser_uses_the_link(launched: Any, relay: OpenSSH, page: Page) -> None:
    _, _, link = launched(share=True, share_server_address=relay.address)
    page.goto(link)
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello Ann!")


def test_quiet_is_quiet(launched: Any, relay: OpenSSH, capsys: pytest.CaptureFixture[str]) -> None:
    assert launched(share=True, share_server_address=relay.address)[2]
    assert capsys.readouterr().out == ""


def test_the_browser_is_opened_at_the_link(launched: Any, relay: OpenSSH, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert opened == [launched(share=True, share_server_address=relay.address, inbrowser=True)[2]]


def test_an_app_with_https_can_be_shared_too(launched: Any, relay: OpenSSH, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    tls = {"ssl_keyfile": key, "ssl_certfile": cert, "ssl_verify": False}
    _, url, link = launched(share=True, share_server_address=relay.address, **tls)
    assert url.startswith("https://") and link.startswith("http://")
    assert config(url)["root"] == url.rstrip("/") and call(link, "Ann") == ["Hello Ann!"]


def test_close_ends_the_tunnel(launched: Any, relay: OpenSSH) -> None:
    demo = hello()
    _, _, link = launched(demo, share=True, share_server_address=relay.address)
    demo.close(verbose=False)
    with pytest.raises(OSError):
        fetch(link)
    assert not demo.is_running and demo.share_url is None


def test_a_broken_tunnel_is_built_again_with_the_same_link_and_says_so(
    launched: Any, relay: OpenSSH, monkeypatch: pytest.MonkeyPatch, capsys: Any, caplog: pytest.LogCaptureFixture
) -> None:
    demo = hello()
    _, _, link = launched(demo, share=True, share_server_address=relay.address, quiet=False)
    caplog.set_level("INFO", "queue_app.sharing")
    capsys.readouterr()
    lines = sayings(demo, monkeypatch)
    relay.drop()
    lines.until("works again")
    assert demo.share_url == link and call(link, "Ann") == ["Hello Ann!"]
    broken, works = lines.lines[0], f"The public link works again: {link.rstrip('/')}"
    assert "broken" in broken and lines.lines[-1] == works
    assert capsys.readouterr().out.splitlines()[:: len(lines.lines) - 1] == [broken, works]
    logged = [record.action for record in caplog.records if getattr(record, "action", "").startswith("share.")]
    assert (logged[0], logged[-1]) == ("share.lost", "share.back")


def test_a_relay_may_be_away_for_a_while(launched: Any, relay: OpenSSH, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = hello()
    _, url, link = launched(demo, share=True, share_server_address=relay.address)
    lines = sayings(demo, monkeypatch)
    relay.stop()
    assert "cannot be reached" in lines.until("still broken")
    assert call(url, "Bob") == ["Hello Bob!"]
    relay.start()
    lines.until("works again")
    assert call(link, "Ann") == ["Hello Ann!"]


def test_a_relay_that_comes_back_with_another_key_is_told(
    launched: Any, relay: OpenSSH, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    demo = hello()
    launched(demo, share=True, share_server_address=relay.address)
    lines = sayings(demo, monkeypatch)
    relay.stop()
    relay.make_new_host_key()
    relay.log.write_text("")
    relay.start()
    assert "BLOCKS_SHARE_HOST_KEY" in lines.until("host key that is not known")
    assert "Accepted publickey" not in relay.log.read_text()
    assert capsys.readouterr().out == "", "a quiet app says it in the log alone"


class Sayings:
    """What a tunnel says, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._coming: queue.Queue[str] = queue.Queue()

    def add(self, line: str) -> None:
        self._coming.put(line)

    def until(self, words: str) -> str:
        """Wait for the line with these words; fails after two minutes without any line."""
        while not self.lines or words not in self.lines[-1]:
            self.lines.append(self._coming.get(timeout=120))
        return self.lines[-1]


def sayings(demo: Any, monkeypatch: pytest.MonkeyPatch) -> Sayings:
    tunnel, lines = demo.server.tunnel, Sayings()
    say = tunnel.say

    def both(line: str) -> None:
        say(line)
        lines.add(line)

    monkeypatch.setattr(tunnel, "say", both)
    return lines


def refused(demo: Any, capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    """Launch an app whose sharing fails; what is said of it. The app itself is there."""
    _, url, link = demo.launch(share=True, prevent_thread_lock=True, **options)
    assert link is None and demo.share and fetch(url)[0] == 200
    _, printed = capsys.readouterr().out.split("\n", 1)
    assert printed.startswith("Could not create share link.") and url in printed
    return printed


@pytest.fixture
def demo() -> Iterator[Any]:
    """An app that is closed at the end."""
    app = hello()
    yield app
    app.close(verbose=False)


def test_without_a_relay_it_says_how_to_name_one(demo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    printed = refused(demo, capsys)
    assert "No public relay is configured" in printed and "share_server_address" in printed
    assert "GRADIO_SHARE_SERVER_ADDRESS" in printed


def test_quietly_a_failure_is_a_warning(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(UserWarning, match="No public relay is configured"):
        assert launched(share=True)[2] is None
    assert capsys.readouterr().out == ""


def test_the_variable_shares_too(demo: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SHARE", "tRuE")
    demo.launch(prevent_thread_lock=True)
    assert demo.share and "No public relay is configured" in capsys.readouterr().out


def test_an_unknown_host_key_is_refused(demo: Any, relay: OpenSSH, home: Path, capsys: Any) -> None:
    (home / ".ssh/known_hosts").unlink()
    assert "host key that is not known" in refused(demo, capsys, share_server_address=relay.address)
    assert "Accepted publickey" not in relay.log.read_text()


def test_a_changed_host_key_is_refused(demo: Any, relay: OpenSSH, home: Path, capsys: Any) -> None:
    place = relay.known_hosts.split()[0]
    other = (relay.folder / "visitor.pub").read_text()
    (home / ".ssh/known_hosts").write_text(f"{place} {other}")
    assert "host key that is not known" in refused(demo, capsys, share_server_address=relay.address)


def test_a_fingerprint_does_instead_of_known_hosts(
    launched: Any, relay: OpenSSH, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".ssh/known_hosts").unlink()
    monkeypatch.setenv("BLOCKS_SHARE_HOST_KEY", relay.fingerprint)
    _, _, link = launched(share=True, share_server_address=relay.address)
    assert call(link, "Ann") == ["Hello Ann!"]


def test_a_fingerprint_wins_over_known_hosts(demo: Any, relay: OpenSSH, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("BLOCKS_SHARE_HOST_KEY", "SHA256:" + "A" * 43)
    assert "host key that is not known" in refused(demo, capsys, share_server_address=relay.address)


def test_a_stranger_is_not_let_in(demo: Any, relay: OpenSSH, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("BLOCKS_SHARE_KEY")
    assert "does not let" in refused(demo, capsys, share_server_address=relay.address)


def test_a_relay_that_is_not_there(demo: Any, relay: OpenSSH, capsys: Any) -> None:
    relay.stop()
    assert "cannot be reached" in refused(demo, capsys, share_server_address=relay.address)


def test_a_relay_that_forwards_nothing(demo: Any, relay: OpenSSH, capsys: Any) -> None:
    relay.stop()
    settings = relay.folder / "settings"
    settings.write_text(settings.read_text().replace("AllowTcpForwarding remote", "AllowTcpForwarding no"))
    relay.start()
    assert "forwards no port" in refused(demo, capsys, share_server_address=relay.address)


def test_a_relay_that_ends_tls_makes_https_links(
    launched: Any, relay: OpenSSH, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # as without a project
    monkeypatch.setenv("BLOCKS_SHARE_LINK", "{protocol}://p{port}.share.example.org")
    _, _, link = launched(share=True, share_server_address=relay.address, share_server_protocol="https")
    name = link.removeprefix("https://").rstrip("/")
    port = int(name.removeprefix("p").partition(".")[0])
    # What the relay's own proxy would do: end TLS, and hand the request to the port that the tunnel listens on.
    found = json.loads(fetch(f"http://127.0.0.1:{port}/config", Host=name)[2])
    assert found["root"] == f"https://{name}"


@pytest.mark.parametrize(
    ("text", "relay"),
    [
        ("example.org:2222", Relay("example.org", 2222)),
        ("example.org", Relay("example.org", 22)),
        ("me@example.org:22", Relay("example.org", 22, "me")),
        ("me@[::1]:2222", Relay("::1", 2222, "me")),
        ("[::1]", Relay("::1", 22)),
    ],
)
def test_addresses(text: str, relay: Relay) -> None:
    assert Relay.parse(text) == relay


@pytest.mark.parametrize("text", ["", "host:", "host:x", "host:0", "host:70000", "::1", "me@:22"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(LaunchError, match="share_server_address"):
        Relay.parse(text)


def test_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BLOCKS_SHARE_LINK", raising=False)
    assert Relay("::1").link("http", 8000) == "http://[::1]:8000/"
    monkeypatch.setenv("BLOCKS_SHARE_LINK", "https://{nonsense}/")
    with pytest.raises(ShareError, match="BLOCKS_SHARE_LINK"):
        Relay("example.org").link("http", 8000)


def test_the_library_is_told_when_it_is_missing(demo: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "asyncssh", None)
    assert "pip install" in refused(demo, capsys, share_server_address="example.org:22")
