"""python -m benchmarks.page ROUNDS NAME=URL NAME=URL …: figures of each hello page as JSON, rounds interleaved.

`requests` are those that were answered, `kB` and `js_kB` what comes over the network into an empty cache,
`first_result` the milliseconds until the first answered click, `click` those of a later one;
medians over the rounds. Other hosts do not exist for the browser.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks import chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
SCRIPT = Path(__file__).with_name("clicking.js").read_text()
CLICKS = 4  # of each page, the first of which is not counted
SETTLE = 300  # milliseconds after the first answer
PAUSE = 1.0  # seconds in which the browser ends the processes of the page before

Figures = dict[str, dict[str, list[float]]]


class Traffic:
    """What a page gets over the network, by request."""

    def __init__(self, page: Page) -> None:
        self._requests: dict[str, dict[str, Any]] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].startswith("http"):
            is_script = event.get("type") == "Script" or response.get("mimeType", "").endswith("javascript")
            cached = response.get("fromDiskCache") or response.get("fromPrefetchCache")
            self._requests[event["requestId"]] = {"is_script": is_script, "cached": cached, "bytes": 0}

    def _finished(self, event: dict[str, Any]) -> None:
        if (request := self._requests.get(event["requestId"])) is not None and not request["cached"]:
            request["bytes"] = event["encodedDataLength"]

    @property
    def requests(self) -> int:
        """How many were answered."""
        return len(self._requests)

    def kilobytes(self, *, of_scripts: bool = False) -> float:
        """How much it was."""
        return sum(each["bytes"] for each in self._requests.values() if each["is_script"] or not of_scripts) / 1024


def opened(context: BrowserContext, url: str) -> tuple[Page, Traffic, float | None]:
    """A page that has answered once, and after how many milliseconds."""
    page = context.new_page()
    traffic = Traffic(page)
    page.add_init_script(SCRIPT)
    page.goto(url, wait_until="commit")
    first = page.evaluate("() => clicking.first")
    page.wait_for_timeout(SETTLE)
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")  # and not while it is clicked
    return page, traffic, first


def look(browser: Browser, url: str, number: int, figures: dict[str, list[float]]) -> None:
    """One round of one page, with nothing in the cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, traffic, first = opened(context, url)
    if first is None:
        raise RuntimeError(f"{url} did not answer.")
    for click in range(CLICKS):
        found = page.evaluate("text => clicking.once(text)", f"r{number}_{click}")
        if found is not None and click and number:
            figures["click"].append(found["answered"] - found["clicked"])
    if number:  # the round before the first warms the server up
        figures["first_result"].append(first)
        figures["requests"].append(traffic.requests)
        figures["kB"].append(traffic.kilobytes())
        figures["js_kB"].append(traffic.kilobytes(of_scripts=True))
    context.close()
    time.sleep(PAUSE)


def main() -> None:
    """Measure, and print."""
    rounds, targets = int(sys.argv[1]), [given.split("=", 1) for given in sys.argv[2:]]
    figures: Figures = {name: defaultdict(list) for name, _ in targets}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for number in range(rounds + 1):
            for name, url in targets:
                look(browser, url, number, figures[name])
        browser.close()
    print(json.dumps({name: {key: median(values) for key, values in each.items()} for name, each in figures.items()}))


if __name__ == "__main__":
    main()
