"""What is measured: our server under Daphne and Uvicorn, and Gradio and others in environments of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.processes import processor_time, resident

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "benchmarks" / "apps"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-bench"

#: The core that servers run on and the one for what loads them.
SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 2) - 1


#: Apps that bring a site of their own for Uvicorn.
SITES = {"chat": "chat"}


@dataclass(frozen=True)
class Target:
    """One server: `name` in the tables, the interpreter, the module that declares pages, the prefix of its API."""

    name: str
    python: Path
    module: str
    prefix: str
    uvicorn: bool = False
    own: tuple[str, ...] = ()  # how it serves its own hello page, with `{port}`; for what is no Gradio

    def command(self, app: str, port: int) -> list[str]:
        """How `apps/<app>.py` is served on a port."""
        python = ["taskset", "-c", str(SERVER_CORE), str(self.python)]
        if self.own:
            return [*python, *(part.format(port=port) for part in self.own)]
        if self.uvicorn:
            options = ["--port", str(port), "--log-level", "warning", "--no-access-log", "--backlog", "2048"]
            return [*python, "-m", "uvicorn", *options, f"benchmarks.apps.{SITES.get(app, 'site')}:application"]
        rest = ["none"] if app == "echo" else []
        return [*python, str(APPS / f"{app}.py"), self.module, str(port), *rest]


OURS = Target("ours, Daphne", Path(sys.executable), "blocks_app", "/gradio_api")
OURS_UVICORN = Target("ours, Uvicorn", Path(sys.executable), "blocks_app", "/gradio_api", uvicorn=True)
GRADIO_4 = Target("Gradio 4.36", CACHE / "gradio-4.36/bin/python", "gradio", "")
GRADIO_6 = Target("Gradio 6.31", CACHE / "gradio-6.31/bin/python", "gradio", "/gradio_api")
ALL = (OURS, OURS_UVICORN, GRADIO_4, GRADIO_6)
_STREAMLIT = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")
OTHERS = (
    Target("NiceGUI", CACHE / "nicegui/bin/python", "nicegui", "", own=(str(APPS / "hello_nicegui.py"), "{port}")),
    Target(
        "Streamlit",
        CACHE / "streamlit/bin/python",
        "streamlit",
        "",
        own=("-m", "streamlit", "run", str(APPS / "hello_streamlit.py"), "--server.port={port}", *_STREAMLIT),
    ),
    Target("Panel", CACHE / "panel/bin/python", "panel", "", own=(str(APPS / "hello_panel.py"), "{port}")),
)


def environments() -> None:
    """Make the environments of others where they are missing or their requirements have changed."""
    for requirements in sorted((ROOT / "benchmarks").glob("requirements-*.txt")):
        name = requirements.stem.removeprefix("requirements-")
        folder, wanted = CACHE / name, requirements.read_text()
        stamp = folder / "installed.txt"
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        print(f"Installing {name} into {folder}…", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "-r", str(requirements)], check=True)
        stamp.write_text(wanted)


def environment() -> dict[str, str]:
    """Variables for servers: our checkout importable, byte code written as everywhere, no telemetry."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}


@dataclass
class Server:
    """A running server."""

    target: Target
    base: str
    process: subprocess.Popen[bytes]
    seconds: float  # from the start of the process to its first page

    def pause(self) -> None:
        """Take it off the processor while another is measured."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run again."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def cpu(self) -> float:
        """Seconds that the process and its children have used."""
        return processor_time(self.process.pid)

    @property
    def memory(self) -> float:
        """Resident megabytes of the process and its children."""
        return resident(self.process.pid) / 1e6


@contextmanager
def serving(target: Target, app: str) -> Iterator[Server]:
    """Serve an app of `apps/`, from before its first page until the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, log = f"http://127.0.0.1:{port}", CACHE / f"{target.name}-{app}.log"
    CACHE.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            target.command(app, port), cwd=ROOT, env=environment(), stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _first_page(base, process, log)
            yield Server(target, base, process, time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _first_page(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < limit:
        try:
            with urlopen(base, timeout=30) as response:
                response.read()
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")
