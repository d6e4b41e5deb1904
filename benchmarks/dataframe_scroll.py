"""How a large table scrolls in Chromium: `python -m benchmarks.dataframe_scroll [NUMBERS OF RUNS]`.

A script scrolls each table by a step per frame. For each it prints the milliseconds between frames (the median, and the
slowest of twenty), what the page's own work took of them (scripts, styles, layout), and how many frames took longer
than two of a screen's.
"""

from __future__ import annotations

import sys
import time
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks import chromium
from benchmarks.page.__main__ import FLAGS

FRAMES = 120
SCREEN = 1000 / 60
#: Shapes of tables, the step of a frame in pixels, and whether it goes sideways.
RUNS = [
    ("100,000 x 20, three rows a frame", (100_000, 20), 102, False),
    ("100,000 x 20, a page a frame", (100_000, 20), 500, False),
    ("100,000 x 20, row numbers and two pinned columns", (100_000, 20, 2), 102, False),
    ("1,000 x 1,000, down", (1_000, 1_000), 102, False),
    ("1,000 x 1,000, sideways", (1_000, 1_000), 102, True),
    ("2,000,000 x 1, down", (2_000_000, 1), 102, False),
]
SCROLL = """([frames, step, aside]) => new Promise((done) => {
  const box = document.querySelector('.table-wrap'), times = [];
  let last = performance.now();
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (times.length > frames) return done(times.slice(1));
    if (aside) box.scrollLeft += step; else box.scrollTop += step;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")


def app(rows: int, columns: int, pinned: int = 0) -> Any:
    """A table that a button fills."""
    import blocks_app as gr

    with gr.Blocks() as demo:
        table = gr.Dataframe(pinned_columns=pinned, show_row_numbers=bool(pinned), interactive=False)

        def fill() -> Any:
            import numpy

            return numpy.arange(rows * columns).reshape(rows, columns)

        gr.Button("Fill").click(fill, None, table)
    return demo


def work(session: CDPSession) -> dict[str, float]:
    """Seconds that the page has worked so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in metrics if each["name"] in WORK}


def measure(page: Page, url: str, step: int, aside: bool) -> str:
    """A line of figures."""
    page.goto(url)
    started = time.perf_counter()
    page.get_by_role("button", name="Fill").click()
    page.get_by_test_id("cell-2-0").wait_for(timeout=120_000)
    shown = time.perf_counter() - started
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = work(session)
    times: list[float] = page.evaluate(SCROLL, [FRAMES, step, aside])
    after = work(session)
    spent = {name: (after[name] - before[name]) * 1000 / FRAMES for name in WORK}
    slow = sum(each > 2 * SCREEN for each in times)
    return (
        f"filled in {shown:.2f} s; a frame {median(times):.1f} ms, slowest of 20 {quantiles(times, n=20)[-1]:.1f} ms, "
        f"{slow} of {FRAMES} slow; scripts {spent['ScriptDuration']:.2f}, styles {spent['RecalcStyleDuration']:.2f}, "
        f"layout {spent['LayoutDuration']:.2f}, all tasks {spent['TaskDuration']:.2f} ms"
    )


def main() -> None:
    """Print a line for each table."""
    wanted = sys.argv[1:]  # numbers of runs; none for all
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for number, (name, shape, step, aside) in enumerate(RUNS, 1):
            if wanted and str(number) not in wanted:
                continue
            demo = app(*shape)
            url = demo.launch(prevent_thread_lock=True, quiet=True).local_url
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            print(f"{name}: {measure(page, url, step, aside)}", flush=True)
            page.close()
            demo.close(verbose=False)
        browser.close()


if __name__ == "__main__":
    main()
