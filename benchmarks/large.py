"""How soon a page shows long lists and large values: `python -m benchmarks.large [PYTHON OF A GRADIO]`.

For each: milliseconds from the key or the click to the frame that shows it, the median of several pages. A typed letter
and an arrow key are drawn in the page alone; texts and data come from the server, so their time is the road's as well.
Then how long scrolling through them keeps a frame, the median and the slowest of twenty.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from statistics import median
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import chromium
from benchmarks.page.__main__ import FLAGS

PAGES = 5
PORT = 7990
#: Takes the time of each press and click, and of the frame after it.
WATCH = """() => {
  for (const name of ["keydown", "mousedown", "click"])
    addEventListener(name, () => {
      if (window.begun) return; // a click after its press
      const begun = (window.begun = performance.now());
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.shown = performance.now() - begun);
      requestAnimationFrame(() => port2.postMessage(null));
    }, true);
}"""
#: Milliseconds from a click on a button until what it fetches is there and painted.
FETCH = """([button, ready]) => new Promise((done) => {
  const is = new Function(`return ${ready}`);
  const begun = performance.now();
  const look = () => {
    if (!is()) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  };
  [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === button).click();
  look();
})"""
SCROLL = """(find) => new Promise((done) => {
  const box = new Function(`return ${find}`)(), times = [];
  let last = performance.now();
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (times.length > 60) return done(times.slice(1));
    box.scrollTop += 400;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""
IN_SIGHT = "[...document.querySelectorAll({0!r})].some((each) => {1})"
LINES = IN_SIGHT.format("textarea", "each.value.endsWith('the last line')")
DATA = IN_SIGHT.format("[data-testid=json], .json-holder, .json-node", "each.textContent.includes('somebody')")
CODE = IN_SIGHT.format("gr-code, .cm-content", "each.textContent.includes('9 some words')")
SCROLLERS = {
    "text scrolled": "[...document.querySelectorAll('textarea')].find((each) => each.value.length > 1000)",
    "data scrolled": "[...document.querySelectorAll('.json-holder, [data-testid=json] *')]"
    ".find((each) => each.scrollHeight > each.clientHeight + 500)",
}


def press(page: Page, do: Any) -> float:
    """What one press takes until it is shown."""
    page.evaluate("window.shown = window.begun = null")
    do()
    page.wait_for_function("window.shown !== null")
    taken: float = page.evaluate("window.shown")
    page.wait_for_timeout(150)  # what it has set going comes to its end
    return taken


def lists(page: Page, found: dict[str, list[float]]) -> None:
    """A list that opens, is searched and walked through."""
    for label in ("Many", "Several"):
        field = page.get_by_label(label, exact=True).first
        name = f"dropdown, {label.lower()}"
        found.setdefault(f"{name}: opened", []).append(press(page, field.click))
        found.setdefault(f"{name}: an arrow", []).append(press(page, lambda: page.keyboard.press("ArrowDown")))
        found.setdefault(f"{name}: an arrow again", []).append(press(page, lambda: page.keyboard.press("ArrowDown")))
        found.setdefault(f"{name}: a letter", []).append(press(page, lambda: page.keyboard.press("4")))
        found.setdefault(f"{name}: another", []).append(press(page, lambda: page.keyboard.press("9")))
        page.keyboard.press("Escape")


def values(page: Page, found: dict[str, list[float]]) -> None:
    """What functions answer."""
    for name, button, ready in (("text", "Lines", LINES), ("data", "Load data", DATA), ("code", "Load code", CODE)):
        found.setdefault(f"{name}: shown", []).append(page.evaluate(FETCH, [button, ready]))
        page.wait_for_timeout(500)
    for name, find in SCROLLERS.items():
        frames = sorted(page.evaluate(SCROLL, find))
        found.setdefault(f"{name}: a frame", []).append(median(frames))
        found.setdefault(f"{name}: one of twenty", []).append(frames[-len(frames) // 20])


def measure(python: str, module: str, port: int) -> dict[str, float]:
    """All of it, in one server and several pages."""
    server = subprocess.Popen([python, "-m", "benchmarks.apps.large", module, str(port)])
    found: dict[str, list[float]] = {}
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            for _ in range(PAGES):
                page = browser.new_page(bypass_csp=True)  # the script makes functions of texts
                page.add_init_script(f"({WATCH})()")
                page.goto(url)
                page.get_by_role("button", name="Load code").wait_for()
                page.wait_for_timeout(1000)
                lists(page, found)
                values(page, found)
                page.close()
    finally:
        server.terminate()
        server.wait()
    return {name: median(times) for name, times in found.items()}


def _wait(url: str) -> None:
    until = monotonic() + 120
    while monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            sleep(0.2)
    raise SystemExit(f"{url} does not answer.")


def main() -> None:
    """Print a line for each measure."""
    columns = {"here": measure(sys.executable, "blocks_app", PORT)}
    if len(sys.argv) > 1:
        columns["Gradio"] = measure(sys.argv[1], "gradio", PORT + 1)
    print(f"{'milliseconds':36}" + "".join(f"{name:>10}" for name in columns))
    for name in columns["here"]:
        print(f"{name:36}" + "".join(f"{column.get(name, 0):10.0f}" for column in columns.values()))


if __name__ == "__main__":
    main()
