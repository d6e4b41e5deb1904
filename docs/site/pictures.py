"""Takes the site's pictures: `pictures.py FOLDER PYTHON`, a step of `make docs`.

The gallery is served with a database of its own, and each demo of pictures.toml is opened in Chromium, wide, light and
dark. PYTHON is the interpreter that has what the gallery needs. Without Chromium it says so, and nothing is written;
with STRICT=1 in the environment that is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1120, "height": 630}
LOOKS = ("light", "dark")
NONE = "No Chromium is here: the documentation is built without pictures."
REFUSED = (
    "No Chromium is here, and STRICT=1 wants pictures. Install Debian's package `chromium-headless-shell`, "
    "or leave the pictures out: `make docs PICTURES=no`."
)


def wanted() -> list[dict[str, Any]]:
    """What pictures.toml says."""
    pictures: list[dict[str, Any]] = tomllib.loads((HERE / "pictures.toml").read_text(encoding="utf-8"))["picture"]
    return pictures


def chromium() -> str | None:
    """The browser, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextmanager
def gallery(python: str) -> Iterator[str]:
    """The gallery's address, served until the pictures are taken."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        places = {"DJANGO_SQLITE": f"{folder}/db.sqlite3", "GRADIO_TEMP_DIR": f"{folder}/files"}
        here: dict[str, Any] = {"cwd": ROOT, "env": {**os.environ, **places}}
        subprocess.run([python, "manage.py", "migrate", "-v", "0"], check=True, **here)
        command = [python, "-m", "daphne", "-v", "0", "-p", str(port), "project.asgi:application"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **here)
        try:
            wait_for(f"http://127.0.0.1:{port}/favicon.ico", server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    limit = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < limit:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # another process: nothing here to wait on
        else:
            return
    raise SystemExit("The gallery did not start: `make demo` says why.")


def take(page: Any, picture: dict[str, Any], address: str, file: Path) -> None:
    """One picture of one demo."""
    page.goto(f"{address}{picture['demo']}/")
    page.locator("#blocks-root:not([aria-busy])").wait_for()
    for label, text in picture.get("fill", {}).items():
        page.get_by_label(label, exact=True).fill(text)
    for name in picture.get("press", ()):
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=file, animations="disabled")


def main(folder: Path, python: str) -> None:
    """Take all pictures anew."""
    browser = chromium()
    if browser is None:
        if os.environ.get("STRICT") == "1":
            raise SystemExit(REFUSED)
        sys.stdout.write(f"{NONE}\n")
        return
    from playwright.sync_api import sync_playwright  # of the documentation's environment

    folder.mkdir(parents=True, exist_ok=True)
    with gallery(python) as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for look in LOOKS:
            context = started.new_context(viewport=SIZE, color_scheme=look, reduced_motion="reduce")
            for picture in wanted():
                take(context.new_page(), picture, address, folder / f"{picture['demo']}-{look}.png")
        started.close()


def shown(folder: Path, page: str, up: str) -> str:
    """The pictures of a page that have been taken, as MyST writes them."""
    told = ""
    for picture in wanted():
        files = {look: folder / f"{picture['demo']}-{look}.png" for look in LOOKS}
        if picture["page"] != page or not all(file.is_file() for file in files.values()):
            continue
        for look, file in files.items():
            told += (
                f"```{{image}} {up}pictures/{file.name}\n:alt: {picture['alt']}\n:class: picture only-{look}\n```\n\n"
            )
    return told


def placed(text: str, pictures: str) -> str:
    """A page's text with its pictures below the first paragraph, or the first piece of code."""
    first = r"\A.*?^# .*?\n\n(?:```.*?^```\n\n|.+?\n\n)"
    return re.sub(first, lambda found: found[0] + pictures, text, count=1, flags=re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
