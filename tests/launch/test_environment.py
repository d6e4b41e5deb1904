"""Environment variables: an argument wins over the variable, the variable over the default; read at each launch."""

from __future__ import annotations

from typing import Any

import pytest

from queue_app.exceptions import LaunchError
from queue_app.server.launch_options import LaunchArguments, launch_options

from .conftest import config, fetch, hello

CASES = [
    ("server_name", "GRADIO_SERVER_NAME", "0.0.0.0", "0.0.0.0", "127.0.0.1"),
    ("root_path", "GRADIO_ROOT_PATH", "/env", "/env", "/given"),
    ("share", "GRADIO_SHARE", "TRUE", True, False),
    ("share", "GRADIO_SHARE", "true", True, False),
    ("share", "GRADIO_SHARE", "no", False, True),
    ("share_server_address", "GRADIO_SHARE_SERVER_ADDRESS", "env:22", "env:22", "given:22"),
    ("allowed_paths", "GRADIO_ALLOWED_PATHS", "/a, /b", ["/a", "/b"], ["/c"]),
    ("blocked_paths", "GRADIO_BLOCKED_PATHS", "/a", ["/a"], ["/c"]),
]


@pytest.mark.parametrize(("argument", "variable", "text", "meant", "given"), CASES)
def test_argument_then_variable_then_default(
    monkeypatch: pytest.MonkeyPatch, argument: str, variable: str, text: str, meant: Any, given: Any
) -> None:
    monkeypatch.delenv(variable, raising=False)
    assert getattr(launch_options((), {}), argument) == getattr(LaunchArguments(), argument)
    monkeypatch.setenv(variable, text)
    assert getattr(launch_options((), {}), argument) == meant
    assert getattr(launch_options((), {argument: given}), argument) == given


def test_the_root_path_is_read_at_launch(launched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/env")
    assert config(launched()[1])["base"] == "/env/"
    assert config(launched(root_path="/mine")[1])["base"] == "/mine/"


def test_the_port_is_the_first_free_one_of_a_range(launched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = port_of(launched()[1])
    monkeypatch.setattr("queue_app.server.network.ports.FIRST_PORT", first)
    monkeypatch.setenv("GRADIO_NUM_PORTS", "50")
    assert first < port_of(launched()[1]) < first + 50
    monkeypatch.setenv("GRADIO_NUM_PORTS", "1")
    with pytest.raises(OSError) as refused:
        hello().launch(prevent_thread_lock=True)
    assert str(refused.value) == (
        f"Cannot find empty port in range: {first}-{first}. You can specify a different port by setting the "
        "GRADIO_SERVER_PORT environment variable or passing the `server_port` parameter to `launch()`."
    )


def test_a_port_that_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_PORT", "http")
    with pytest.raises(LaunchError, match="GRADIO_SERVER_PORT must be a number, not 'http'"):
        hello().launch(prevent_thread_lock=True)


@pytest.mark.parametrize(
    ("name", "printed", "local"),
    [
        (None, "127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0", "localhost"),
        ("[::1]", "[::1]", "[::1]"),
        ("::1", "[::1]", "[::1]"),
        ("::", "[::]", "localhost"),
        ("localhost", "localhost", "localhost"),
    ],
)
def test_where_it_listens_and_what_it_prints(
    launched: Any, capsys: pytest.CaptureFixture[str], name: str | None, printed: str, local: str
) -> None:
    _, url, _ = launched(server_name=name, quiet=False)
    port = port_of(url)
    assert capsys.readouterr().out.startswith(f"Running on local URL:  http://{printed}:{port}\n")
    assert url == f"http://{local}:{port}/"
    assert fetch(url)[0] == 200


def test_every_address_of_the_machine_is_bound(launched: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # as without a project
    port = port_of(launched(server_name="0.0.0.0")[1])
    assert [fetch(f"http://{name}:{port}/")[0] for name in ("127.0.0.1", "127.0.0.2")] == [200, 200]
    port = port_of(launched()[1])
    with pytest.raises(OSError, match="refused"):
        fetch(f"http://127.0.0.2:{port}/")


def port_of(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])
