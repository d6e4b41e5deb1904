"""Whether launch() waits: debug, GRADIO_DEBUG, prevent_thread_lock, interactive Python."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ports import free_ports

from . import test_script
from .conftest import fetch
from .programs import wait_for_port
from .test_script import SCRIPT, address, running


@pytest.mark.parametrize(("options", "variable"), [("debug=True, ", None), ("", "1")])
def test_debug_waits_even_with_prevent_thread_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, variable: str | None
) -> None:
    if variable:
        monkeypatch.setitem(test_script.ENVIRONMENT, "GRADIO_DEBUG", variable)
    (tmp_path / "app.py").write_text(SCRIPT.replace("PLACE", f"{options}prevent_thread_lock=True"))
    with running(tmp_path, "app.py") as process:
        assert fetch(address(process))[0] == 200  # it waits now: the script has nothing else to do
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    lines = rest.splitlines()
    assert "Keyboard interruption in main thread... closing server." in lines
    assert lines[-1] == "after launch"


def test_an_interactive_python_never_waits(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SCRIPT.replace("PLACE", ""))
    ran = subprocess.run(
        [sys.executable, "-i", "app.py"],
        cwd=tmp_path,
        env=test_script.ENVIRONMENT,
        input="print(demo.is_running)\ndemo.launch(quiet=True)\n",
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-3:] == ["after launch", "True", ""]  # what launch() returns prints as nothing


def test_quiet_prints_nothing_from_start_to_end(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    (tmp_path / "app.py").write_text(SCRIPT.replace("PLACE", f"quiet=True, server_port={port}"))
    with running(tmp_path, "app.py") as process:
        wait_for_port(port, process, tmp_path / "app.py")
        assert [fetch(f"http://127.0.0.1:{port}/")[0] for _ in range(3)] == [200] * 3
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "after launch\n")
