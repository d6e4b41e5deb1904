"""Programs of others that the tests put around a launched app: certificates, nginx, OpenSSH, official clients."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.house.sources import ROOT

HERE = Path(__file__).parent
CLIENTS = ("1.0.1", "2.7.2")
#: The oldest JavaScript client of 1.x, and the newest.
BROWSER_CLIENTS = ("old", "new")
SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


def program(name: str) -> str:
    """The path of a program that `make launch-setup` installs where it is missing."""
    found = _found(name)
    if found is None:
        command = ["make", "--no-print-directory", "-f", "tests/launch/setup.mk", "-B", f".make/{name}"]
        made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        found = _found(name)
    assert found is not None, f"{name} is missing."
    return found


def _found(name: str) -> str | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # Debian's place for PostgreSQL's own programs
    return shutil.which(name, path=":".join([SYSTEM_PATH, *map(str, reversed(versions))]))


def certificate(folder: Path, *, password: str | None = None, days: int = 2) -> tuple[str, str]:
    """A self-signed certificate for localhost and 127.0.0.1, and its key, perhaps encrypted: their paths."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    secret = ["-passout", f"pass:{password}"] if password else ["-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-days", str(days), *secret, *names]
    subprocess.run([*make, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return str(key), str(cert)


@contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own that listens on `port`, ended with the block."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_for_port(port, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def wait_for_port(port: int, process: subprocess.Popen[Any], log: Path) -> None:
    """Return when somebody listens there; fail when the process ends before."""
    limit = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < limit:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # another program: nothing here to wait on
    raise AssertionError(f"Nobody listens on {port}:\n{log.read_text()}")


def official_clients(cache: Path, folder: Path, addresses: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the official clients get from each address, by their version; they run at the same time.

    The Python ones are "1.0.1" and "2.7.2", the JavaScript ones "old" and "new".
    """
    given = folder / "up.txt"
    given.write_text("hello\n")
    environment = {**os.environ, "TMPDIR": str(folder), "GRADIO_TEMP_DIR": str(folder / "downloads")}
    environment |= {"NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_NO_WARNINGS": "1"}
    commands = {
        version: [str(cache / f"client-{version}/bin/python"), str(HERE / "client_scenario.py"), str(given)]
        for version in CLIENTS
    } | {
        age: ["node", str(HERE / "client_scenario.mjs"), str(cache / "js"), age, str(given)] for age in BROWSER_CLIENTS
    }
    running = {
        version: subprocess.Popen(
            [*command, *addresses], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for version, command in commands.items()
    }
    outcomes = {}
    for version, process in running.items():
        printed, _ = process.communicate(timeout=240)
        lines = [line for line in printed.splitlines() if line.startswith("OUTCOMES ")]
        assert lines, printed
        outcomes[version] = json.loads(lines[-1].removeprefix("OUTCOMES "))
    return outcomes
