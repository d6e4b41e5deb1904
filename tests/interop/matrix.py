"""python -m tests.interop.matrix: every client against every server; writes docs/compatibility.md."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from blocks_app.extras.missing_names import LEFT_OUT
from tests.ports import free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-interop"
TARGET = ROOT / "docs" / "compatibility.md"
KINDS = ("open", "auth", "full")
#: One name of two Gradios, which write different files.
FLAGS = """## Which file CSVLogger writes

Gradio 4 and 6 give different files the same name. Here the names in use decide; the bytes are those of either. More:
[what visitors flag](howto/flagging.md).

| what is in use | file | columns after the values |
| --- | --- | --- |
| `CSVLogger()` in any folder, such as Gradio 4's `flagged` | `log.csv` | `flag`, `username`, `timestamp` |
| `verbose=`, `dataset_file_name=` | `dataset1.csv` | `flag`, `username` where there are any; `timestamp` |
| a folder in `.gradio`, or one with a `dataset1.csv` and no `log.csv` | `dataset1.csv` | the same |
| `flagging.ClassicCSVLogger()` | `log.csv` | `flag`, `username`, `timestamp` |
| `SimpleCSVLogger()` | `log.csv`, without a header | |
| `Interface` without `flagging_callback` and `flagging_dir`, inside a Django project | none: the site's database | |

Other than in Gradio, columns that a folder has had before get their rows in the file that they had, and a column for
the user's name appears when the first user flags, not only when the first flag of a process has one.""".splitlines()


@dataclass(frozen=True)
class Server:
    """A server: its name in the table, its interpreter and the module that its app imports."""

    name: str
    python: Path
    module: str = "gradio"


@dataclass(frozen=True)
class Client:
    """A client, and the servers that it is meant for."""

    name: str
    python: Path
    module: str
    servers: tuple[str, ...]


@dataclass
class Outcome:
    """What one client did with one server."""

    outcomes: dict[str, str] = field(default_factory=dict)
    view_api: str = ""


SERVERS = (
    Server("ours", Path(sys.executable), "blocks_app"),
    Server("Gradio 4.36", CACHE / "gradio-4.36/bin/python"),
    Server("Gradio 5", CACHE / "gradio-5/bin/python"),
    Server("Gradio 6", CACHE / "gradio-6/bin/python"),
)
ALL = tuple(server.name for server in SERVERS)
CLIENTS = (
    Client("blocks_client", Path(sys.executable), "blocks_client", ALL),
    Client("gradio_client 1.0.1", CACHE / "client-1.0.1/bin/python", "gradio_client", ("ours", "Gradio 4.36")),
    Client("gradio_client 2.7.2", CACHE / "client-2.7.2/bin/python", "gradio_client", ("ours", "Gradio 5", "Gradio 6")),
)


def environment(folder: Path) -> dict[str, str]:
    """Offline, the working copy importable, files in a folder that is thrown away."""
    return {
        # An app that is launched alone has no project; pytest's own settings would give it one.
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}",
        "HF_HUB_OFFLINE": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "TMPDIR": str(folder),
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
    }


@contextmanager
def serving(server: Server, kind: str, folder: Path) -> Iterator[str]:
    """Serve one kind of the app."""
    port = free_port()
    log = folder / f"{server.module}-{kind}.log"
    command = [str(server.python), str(HERE / "apps/scenario.py"), server.module, str(port), kind]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=out, stderr=subprocess.STDOUT)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait_until_up(base: str, folder: Path) -> None:
    """Until it answers."""
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        try:
            with urlopen(base, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)  # another process: nothing here to wait on
    logs = "\n".join(path.read_text()[-2000:] for path in folder.glob("*.log"))
    raise SystemExit(f"{base} did not start:\n{logs}")


def run(client: Client, bases: list[str], folder: Path) -> Outcome:
    """All scenarios of a client."""
    upload = folder / "up.txt"
    upload.write_text("hello\n")
    command = [str(client.python), str(HERE / "scripts/any_client.py"), client.module, *bases, str(upload)]
    ran = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)
    lines = [line for line in ran.stdout.split("\n") if line.startswith("OUTCOMES ")]
    if not lines:
        return Outcome({"all": (ran.stderr or ran.stdout).strip().split("\n")[-1]})
    return Outcome(**json.loads(lines[-1].removeprefix("OUTCOMES ")))


def version(server: Server) -> str:
    """The installed version."""
    if server.module == "blocks_app":
        return "this checkout"
    code = "from importlib.metadata import version; print(version('gradio'))"
    return subprocess.run([server.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


Found = dict[tuple[str, str], Outcome]


def document(found: Found, versions: dict[str, str]) -> str:
    """The page."""
    pairs = list(found)
    names = list(dict.fromkeys(name for outcome in found.values() for name in outcome.outcomes))
    lines = [
        "# Which client works with which server",
        "",
        "Written by `make interop`, which runs the scenarios of `tests/interop/scripts/any_client.py` with each client "
        "against the app of `tests/interop/apps/scenario.py` on each server. Do not edit.",
        "",
        "Servers: " + ", ".join(f"{name} ({text})" for name, text in versions.items()) + ".",
        "",
        "| scenario | " + " | ".join(f"{client} → {server}" for client, server in pairs) + " |",
        "| --- |" + " --- |" * len(pairs),
    ]
    notes: list[str] = []
    for name in names:
        cells = [_cell(found[pair].outcomes.get(name, ""), f"{pair[0]} → {pair[1]}, {name}", notes) for pair in pairs]
        lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(cells) + " |")
    lines.append("| view api, byte for byte as the newest gradio_client | " + " | ".join(_texts(found, pairs)) + " |")
    if notes:
        lines += ["", "## What goes wrong", ""] + [f"{number}. {text}" for number, text in enumerate(notes, 1)]
    lines += ["", *left_out(), "", *FLAGS]
    return "\n".join(lines) + "\n"


def left_out() -> list[str]:
    """Names of Gradio's that are not here, each with the reason that the name itself gives."""
    rows = [f"| `{name}` | {sentence} |" for name, sentence in LEFT_OUT.items()]
    return ["## Names that are left out", "", "| name of Gradio's | what it says here |", "| --- | --- |", *rows]


def _cell(outcome: str, where: str, notes: list[str]) -> str:
    if outcome in ("ok", ""):
        return "yes" if outcome else "–"
    shortened = re.sub(r" at 0x[0-9a-f]+|, started daemon \d+", "", " ".join(outcome.split()))
    notes.append(f"{where}: {shortened}")
    return f"no [{len(notes)}]"


def _texts(found: Found, pairs: list[tuple[str, str]]) -> list[str]:
    cells = []
    for client, server in pairs:
        theirs = found.get(("gradio_client 2.7.2", server))
        if theirs is None or client == "gradio_client 2.7.2":
            cells.append("–")
        else:
            cells.append("yes" if theirs.view_api == found[client, server].view_api else "no")
    return cells


def main() -> int:
    """Run the matrix; 1 when our client or our server fails a scenario that is not the other side's fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.interop.matrix", description=__doc__)
    parser.add_argument("--server", action="append", choices=ALL, help="only these; nothing is written")
    options = parser.parse_args()
    found: Found = {}
    for server in SERVERS:
        if options.server and server.name not in options.server:
            continue
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interop-")))
            bases = [stack.enter_context(serving(server, kind, folder)) for kind in KINDS]
            for base in bases:
                wait_until_up(base, folder)
            for client in CLIENTS:
                if server.name in client.servers:
                    found[client.name, server.name] = outcome = run(client, bases, folder)
                    print(client.name, "->", server.name, _short(outcome), flush=True)
    if not options.server:
        TARGET.write_text(document(found, {server.name: version(server) for server in SERVERS}))
    ours = [outcome for (client, _), outcome in found.items() if client == "blocks_client"]
    return int(any(text != "ok" for outcome in ours for text in outcome.outcomes.values()))


def _short(outcome: Outcome) -> Any:
    return {name: text for name, text in outcome.outcomes.items() if text != "ok"} or "all well"


if __name__ == "__main__":
    sys.exit(main())
