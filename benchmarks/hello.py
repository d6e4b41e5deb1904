"""The hello page of ours beside those of Gradio, NiceGUI, Streamlit and Panel: `python -m benchmarks --quick`."""

from __future__ import annotations

from statistics import median

from benchmarks import measures, report, results
from benchmarks.report import Goal
from benchmarks.targets import GRADIO_4, GRADIO_6, OTHERS, OURS

RIVALS = (GRADIO_4, GRADIO_6, *OTHERS)
GOALS = (
    Goal("hello page, kB", 1 / 12),
    Goal("until the button answers, ms", 1 / 3),
    Goal("a later click, ms", 1 / 3),
    Goal("start to first page, s", 1),
    Goal("idle memory, MB", 1),
)
REQUESTS = 5


def beside(rounds: int) -> str:
    """Measure all of them, and write the section of RESULTS.md."""
    servers = (OURS, *RIVALS)
    figures = measures.first_page(servers, rounds)
    for name, found in measures.page(servers, rounds).items():
        figures[name].update(found)
    asked = median(figures[OURS.name]["hello page, requests"])
    verdict = "met" if asked <= REQUESTS else "**missed**"
    text = "\n".join(
        [
            f"{report.machine()}, {rounds} rounds, interleaved; medians. Each in an environment "
            "of its own, with the same three parts: a name, a button, a greeting. A ratio is of ours to the best of "
            "the others at that measure. Streamlit sends its first page before it has run the app's script.",
            "",
            *report.goals(figures, GOALS, RIVALS),
            f"| hello page, requests | {OURS.name} | at most {REQUESTS} | {asked:.0f} | {verdict} |",
            "",
            *report.table(figures, servers),
        ]
    )
    results.write_section("hello", "The hello page beside others", text)
    return text
