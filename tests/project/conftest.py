"""The site under Daphne and Uvicorn, at the root of a host and behind a proxy's sub-path."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.house.sources import ROOT

DAPHNE = ["-m", "daphne", "-p", "0"]
#: By itself Uvicorn believes what peers on this machine, which a proxy would be, say of the visitor.
UVICORN = ["-m", "uvicorn", "--port", "0", "--no-access-log", "--no-proxy-headers"]
APPLICATION = "project.asgi:application"

#: Command, environment, the prefix that visitors see, and whether the proxy leaves that in the path.
SERVERS = {
    "daphne": (DAPHNE, {}, "", False),
    "uvicorn": (UVICORN, {}, "", False),
    "daphne behind a proxy that strips": (DAPHNE, {"DJANGO_SCRIPT_NAME": "/tools"}, "/tools", False),
    "daphne behind a proxy that does not": (DAPHNE, {"DJANGO_SCRIPT_NAME": "/tools"}, "/tools", True),
    "uvicorn with a root path": ([*UVICORN, "--root-path", "/tools"], {}, "/tools", False),
}


@dataclass(frozen=True)
class Site:
    """A running site: `origin` is its address, `sent` what stands before each path in requests, `seen` in answers."""

    origin: str
    sent: str
    seen: str

    def url(self, path: str) -> str:
        return f"{self.origin}{self.sent}{path}"


@pytest.fixture(scope="package", params=SERVERS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """Each of the servers in turn."""
    command, environment, prefix, stays = SERVERS[request.param]
    process = subprocess.Popen(
        [sys.executable, *command, APPLICATION],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.project.settings", "PYTHONUNBUFFERED": "1", **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Site(f"http://127.0.0.1:{_port(process)}", prefix if stays else "", prefix)
    finally:
        process.terminate()
        process.communicate(timeout=15)


def _port(process: subprocess.Popen[str]) -> int:
    """Read the server's log until it tells its port."""
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if found := re.search(r"(?:Listening on TCP address|running on) \S*?127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise AssertionError("The server did not start:\n" + "".join(seen))
