"""The browser that pages are measured in."""

from __future__ import annotations

import shutil

#: Its programs; the shell alone first, as for the tests.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find() -> str:
    """The first of them on the PATH."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SystemExit("Chromium is missing: install Debian's package chromium-headless-shell, or Google Chrome.")
    return path
