"""Firefox over WebDriver BiDi, which it speaks itself: no driver stands between."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from .tab import FIND, KEYS, PATIENCE, Tab

#: Nothing of Firefox's own asks the network or covers the page.
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.startup.max_resumed_crashes": -1,
}
#: A promise in a function that is called is waited for by the browser.
AS_ANSWER = (
    "async function () {{ return JSON.stringify((await (function () {{ {} }}).apply(null, arguments)) ?? null) }}"
)
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Firefox(Tab):
    """One Firefox without a window, and its first tab."""

    def __init__(self, folder: Path) -> None:
        """`folder` is empty, for the profile."""
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "Firefox is missing: `make test` installs it on Debian, or install firefox-esr yourself."
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (folder / "user.js").write_text("\n".join(lines))
        self.log = folder / "log"
        command = [program, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
        environment = {**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self.open_things = ExitStack()
        self.sent = 0
        self.told: list[str] = []
        try:
            self.socket = self.open_things.enter_context(
                connect(self._address() + "/session", max_size=None, proxy=None)
            )
            self.send("session.new", capabilities={})
            self.send("session.subscribe", events=["log.entryAdded"])
            self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]
            size = {"width": 1280, "height": 800}
            self.send("browsingContext.setViewport", context=self.context, viewport=size)
        except BaseException:
            self.open_things.close()
            self.process.kill()
            self.process.wait()
            raise

    def _address(self) -> str:
        deadline = time.monotonic() + 3 * PATIENCE
        while (found := LISTENING.search(self.log.read_text())) is None:
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
        return found[1]

    def send(self, method: str, **params: Any) -> Any:
        """One command, and its result; what the page logs meanwhile is noted."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=3 * PATIENCE))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.told.append(message["params"]["text"])
            elif message.get("id") == self.sent:
                assert message["type"] == "success", f"{method}: {message}"
                return message["result"]

    def open(self, url: str) -> None:
        self.send("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, script: str, *args: Any) -> Any:
        return json.loads(self._call(AS_ANSWER.format(script), *args)["value"])

    def _call(self, function: str, *args: Any) -> Any:
        given = [{"type": "null"} if each is None else {"type": _kind(each), "value": each} for each in args]
        answer = self.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=given,
            awaitPromise=True,
            userActivation=True,
            target={"context": self.context},
        )
        assert answer["type"] == "success", answer
        return answer["result"]

    def _element(self, css: str, named: str | None) -> dict[str, str]:
        found = self._call(f"function () {{ {FIND} return shown; }}", css, named)
        assert "sharedId" in found, f"There is no {css} {named or ''}"
        return {"sharedId": found["sharedId"]}

    def point(self, css: str, named: str | None) -> None:
        origin = {"type": "element", "element": self._element(css, named)}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})

    def press(self, text: str) -> None:
        keys = [KEYS[text]] if text in KEYS else text
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": steps})

    def _act(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self.context, actions=[source])

    def give_file(self, css: str, path: Path) -> None:
        self.send("input.setFiles", context=self.context, element=self._element(css, None), files=[str(path)])

    def complaints(self) -> list[str]:
        self.run("return 1")  # what was logged before comes before its answer
        told, self.told = self.told, []
        return told

    def close(self) -> None:
        self.send("browser.close")
        self.open_things.close()
        self.process.wait(PATIENCE)


def _kind(value: Any) -> str:
    return {str: "string", bool: "boolean"}.get(type(value), "number")
