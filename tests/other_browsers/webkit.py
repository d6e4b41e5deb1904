"""WebKit over WebDriver: the small browser that comes with WebKitGTK, on a screen that nobody sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from tests.ports import free_port

from .tab import FIND, KEYS, PATIENCE, Tab

#: No graphics card is asked for.
IN_SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "GDK_BACKEND": "x11"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SYNC = "execute/sync"
AS_PROMISE = "return Promise.resolve((function () {{ {} }}).apply(null, arguments))"


class WebKit(Tab):
    """One screen, one driver, one browser with one tab."""

    def __init__(self, folder: Path) -> None:
        """`folder` is empty, for what the browser keeps."""
        driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        assert driver and screen, (
            "WebKit is missing: `make test` installs it on Debian, or install webkit2gtk-driver and xvfb yourself."
        )
        port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=3 * PATIENCE, trust_env=False)
        self.processes: list[subprocess.Popen[bytes]] = []
        try:
            display = self._screen(screen, folder)
            homes = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
            environment = {**os.environ, **homes, **IN_SOFTWARE, "DISPLAY": display}
            with (folder / "log").open("w") as log:
                command = [driver, f"--port={port}"]
                self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
            self._wait_for_driver()
            capabilities = {"webkitgtk:browserOptions": {"binary": str(_browser()), "args": ["--automation"]}}
            answer = self._ask("POST", "/session", capabilities={"alwaysMatch": capabilities})
            self.session = f"/session/{answer['sessionId']}"
            self.send("window/rect", width=1280, height=800)
        except BaseException:
            self._end()
            raise

    def _screen(self, program: str, folder: Path) -> str:
        """Start one whose number is free; that number is what it writes when it is ready."""
        read, write = os.pipe()
        command = [program, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
        with (folder / "screen").open("w") as log:
            self.processes.append(subprocess.Popen(command, pass_fds=[write], stdout=log, stderr=log))
        os.close(write)
        with os.fdopen(read) as number:
            return f":{number.readline().strip()}"

    def _wait_for_driver(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._ask("GET", "/status") and None
            except httpx.ConnectError:
                assert time.monotonic() < deadline, "WebKitWebDriver does not answer."
                time.sleep(0.05)

    def _ask(self, method: str, path: str, **params: Any) -> Any:
        answer = self.http.request(method, path, json=params if method == "POST" else None)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()["value"]

    def send(self, command: str, **params: Any) -> Any:
        """One command of the session, and its value."""
        return self._ask("POST", f"{self.session}/{command}", **params)

    def open(self, url: str) -> None:
        self.send("url", url=url)

    def run(self, script: str, *args: Any) -> Any:
        return self.send(SYNC, script=AS_PROMISE.format(script), args=list(args))

    def _element(self, css: str, named: str | None) -> str:
        found = self.send(SYNC, script=f"{FIND} return shown;", args=[css, named])
        assert found, f"There is no {css} {named or ''}"
        return str(found[ELEMENT])

    def point(self, css: str, named: str | None) -> None:
        self.send(f"element/{self._element(css, named)}/click")

    def press(self, text: str) -> None:
        keys = [KEYS[text]] if text in KEYS else text
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.send("actions", actions=[{"type": "key", "id": "keys", "actions": steps}])

    def give_file(self, css: str, path: Path) -> None:
        self.send(f"element/{self._element(css, None)}/value", text=str(path))

    def complaints(self) -> list[str]:
        return []  # this protocol does not tell

    def close(self) -> None:
        self._ask("DELETE", self.session)
        self._end()

    def _end(self) -> None:
        self.http.close()
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE)


def _browser() -> Path:
    """MiniBrowser, which Debian keeps beside the library."""
    found = [
        *Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"),
        *Path("/usr/libexec").glob("webkit2gtk-4*/MiniBrowser"),
    ]
    assert found, "WebKit's MiniBrowser is missing: install Debian's webkit2gtk-driver."
    return found[0]
