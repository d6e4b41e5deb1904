"""`make matrix`: an environment for each Python and each end of the ranges, and a choice of tests in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT

from .requirements import asked

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ENDS = ("oldest", "newest")
HERE = ROOT / "tests" / "matrix"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-matrix"
#: Servers by launch() and runblocks, calls by our client, listeners, forms, uploads, identities, the admin.
CHOSEN = (
    "tests/launch/test_script.py",
    "tests/client/test_our_server.py",
    "tests/blocks_app/listeners",
    "tests/blocks_app/test_decoding.py",
    "tests/queue_app/execution/test_engine.py",
    "tests/queue_app/operations/test_admin.py",
    "tests/queue_app/operations/test_checks.py",
    "tests/queue_app/server/daphne/test_privates.py",
    "tests/queue_app/server/uvicorn/test_privates.py",
    "tests/queue_app/transport/test_consumers.py",
    "tests/queue_app/uploads",
    "tests/auth_app/test_dependency.py",
    "tests/auth_app/test_django_users.py",
)
SHOWN = "import django, twisted, numpy; print('Django', django.__version__, '· Twisted', twisted.__version__, end='')"


def interpreter(version: str) -> str | None:
    """The Python of this version, on the path or with pyenv, if it runs: pyenv's own stand-ins may lead nowhere."""
    found = [shutil.which(f"python{version}"), *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    for each in filter(None, reversed(found)):
        tried = subprocess.run(
            [each, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False
        )
        if tried.returncode == 0 and tried.stdout.startswith(f"{version}."):
            return str(each)
    return None


def installed(python: str, version: str, end: str) -> tuple[Path, int]:
    """The environment's Python, and how pip ended that brought it up to date (0: well, below: killed)."""
    folder = CACHE / f"{version}-{end}"
    if not (folder / "bin" / "python").exists():
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
    ours = folder / "bin" / "python"
    how = ["-c", HERE / "oldest.txt"] if end == "oldest" else ["--upgrade", "--upgrade-strategy", "eager"]
    pip = [ours, "-m", "pip", "install", "-q", *how, "-r", HERE / "tools.txt", *asked()]
    return ours, subprocess.run(pip, cwd=ROOT, check=False).returncode


def tried(version: str, end: str, arguments: list[str]) -> tuple[bool, str]:
    """Whether one place of the matrix holds, and a line of the table that says so."""
    place = f"{version:6} {end:7}"
    python = interpreter(version)
    if python is None:
        return True, f"{place} Python {version} is not installed: not tried."
    print(f"Python {version} with the {end} releases:", flush=True)
    ours, ended = installed(python, version, end)
    if ended:
        return False, f"{place} FAILED  pip could not install it, and ended with {ended}"
    command = [
        ours,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-m",
        "not browser",
        *CHOSEN,
        *arguments,
    ]
    failed = subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    releases = subprocess.run([ours, "-c", SHOWN], capture_output=True, text=True, check=False).stdout
    return not failed, f"{place} {'FAILED' if failed else 'passed'}  {releases}"


def main(arguments: list[str]) -> int:
    """Try what was named ("3.12", "oldest"; the rest is pytest's), or all; the table comes at the end."""
    pythons = [each for each in arguments if each in PYTHONS] or PYTHONS
    ends = [each for each in arguments if each in ENDS] or ENDS
    rest = [each for each in arguments if each not in (*PYTHONS, *ENDS)]
    results = [tried(version, end, rest) for version in pythons for end in ends]
    print("\nPython releases", *(line for _, line in results), sep="\n")
    return 0 if all(held for held, _ in results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
