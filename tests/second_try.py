"""Run pytest; the few tests that fail run once more, alone, when nothing else runs (docs/decisions/second-try.md).

`python -m tests.second_try ARGUMENTS OF PYTEST`. A test that fails twice fails; what passed at its second try is named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

#: Where the first run notes what failed, when it is asked to.
NOTES = "BLOCKS_TEST_NOTES"
#: More failures than this are no noise of the machine.
MOST = 10


def note(reporter: pytest.TerminalReporter) -> None:
    """Write down which tests of this run failed, for the process that started it."""
    if path := os.environ.get(NOTES):
        failed = [report.nodeid for kind in ("failed", "error") for report in reporter.stats.get(kind, ())]
        passed = len(reporter.stats.get("passed", ()))
        Path(path).write_text(json.dumps({"failed": list(dict.fromkeys(failed)), "passed": passed}))


def main(arguments: list[str]) -> int:
    """The exit code of the first run, or of the second."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        code = subprocess.call([sys.executable, "-m", "pytest", *arguments], env={**os.environ, NOTES: str(notes)})
        if code != pytest.ExitCode.TESTS_FAILED or not notes.exists():
            return code
        noted = json.loads(notes.read_text())
    failed: list[str] = noted["failed"]
    if len(failed) > MOST:
        print(f"{len(failed)} tests failed: too many for a second try.")
        return code
    print(f"{len(failed)} of {noted['passed'] + len(failed)} tests failed, and run once more, alone:", flush=True)
    code = subprocess.call([sys.executable, "-m", "pytest", "-n", "0", *failed])
    if code == pytest.ExitCode.OK:
        print("Passed at the second try:", *failed, sep="\n  ")
        print(f"{noted['passed'] + len(failed)} passed, 0 failed")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
