"""`auth="django"` leaves the packages that a project uses for its logins in charge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from blocks_app.listeners.oauth import NOT_LINKED
from tests.house.sources import ROOT


def reported(program: str, *arguments: str) -> dict[str, Any]:
    """What a project that runs as a program of its own says that it saw."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", program, *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180)
    lines = [line for line in ran.stdout.split("\n") if line.startswith("SEEN ")]
    assert lines, ran.stdout + ran.stderr
    found: dict[str, Any] = json.loads(lines[0].removeprefix("SEEN "))
    return found


def seen(package: str, folder: Path) -> dict[str, Any]:
    """What the project with this package saw."""
    return reported("tests.auth_app.packages_site", package, str(folder / "db.sqlite3"))


def test_axes_locks_out_through_our_login_page(tmp_path: Path) -> None:
    found = seen("axes", tmp_path)
    assert found == {"before": 200, "wrong": [400, 400, 429], "locked": 429}


def test_allauth_logs_in_and_out(tmp_path: Path) -> None:
    assert seen("allauth", tmp_path) == {
        "page": [302, "/accounts/login/?next=/app/"],
        "refused": 404,
        "entered": [302, "/app/"],
        "inside": ["hi: ann, ann"],
        "without": [[["ann", "ann", ""], None], NOT_LINKED],
        "linked": [
            [["Ann Lee", "annlee", "https://example.org/ann.png"], ["s3cret", "OAuthToken(scope='', expires_at=0)"]],
            "s3cret",
        ],
        "after": 401,
    }
