"""From figures to benchmarks/RESULTS.md: medians, ratios per round, and which goals are met."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.measures import Figures
from benchmarks.targets import GRADIO_4, GRADIO_6, OURS, OURS_UVICORN, Target


@dataclass(frozen=True)
class Goal:
    """`ratio` of ours to the better of Gradio's two: at most where less is better, at least where more is."""

    figure: str
    ratio: float
    target: Target = OURS

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate."""
        return "/s" in self.figure


GOALS = (
    Goal("import, s", 1 / 8),
    Goal("start to first page, s", 1 / 4),
    Goal("hello page, kB", 1 / 10),
    Goal("until the button answers, ms", 1 / 3),
    Goal("kitchen page, kB", 1 / 4),
    Goal("until its first tab answers, ms", 1 / 2),
    *(
        Goal(f"{job}, {unit}", 1 / 2)
        for job in ("ten pictures in and out", "a minute of sound in", "a minute of sound out")
        for unit in ("s", "CPU s", "MB")
    ),
    Goal("p50, 1 sessions, ms", 1 / 5),
    Goal("events/s, 200 sessions", 4),
    Goal("yields/s, 32 sessions", 6),
    Goal("idle memory, MB", 2 / 3),
    Goal("events/s, 200 sessions", 8, OURS_UVICORN),
)


def ratio(figures: Figures, goal: Goal, rivals: Sequence[Target] = (GRADIO_4, GRADIO_6)) -> float | None:
    """The median over the rounds of ours to the best of theirs in the same round; None when not measured."""
    ours = figures.get(goal.target.name, {}).get(goal.figure)
    theirs = [figures.get(each.name, {}).get(goal.figure) for each in rivals]
    theirs = [values for values in theirs if values]
    if not ours or not theirs:
        return None
    best = max if goal.more_is_better else min
    return median(mine / best(others) for mine, *others in zip(ours, *theirs, strict=False))


def table(figures: Figures, targets: Sequence[Target]) -> list[str]:
    """Medians of every figure, a column per server."""
    shown = [target for target in targets if target.name in figures]
    names = list(dict.fromkeys(name for target in shown for name in figures[target.name]))
    lines = [f"| | {' | '.join(target.name for target in shown)} |", f"|---{'|---:' * len(shown)}|"]
    for name in names:
        cells = [figures[target.name].get(name) for target in shown]
        lines.append(f"| {name} | {' | '.join(_number(median(cell)) if cell else '' for cell in cells)} |")
    return lines


def goals(
    figures: Figures, wanted: Sequence[Goal] = GOALS, rivals: Sequence[Target] = (GRADIO_4, GRADIO_6)
) -> list[str]:
    """One line per goal."""
    lines = ["| measure | server | goal | measured | |", "|---|---|---:|---:|---|"]
    for goal in wanted:
        found = ratio(figures, goal, rivals)
        if found is None:
            continue
        met = found >= goal.ratio if goal.more_is_better else found <= goal.ratio
        verb = "at least" if goal.more_is_better else "at most"
        shown = f"{goal.figure} | {goal.target.name} | {verb} {_times(goal.ratio)} | {_times(found)}"
        lines.append(f"| {shown} | {'met' if met else '**missed**'} |")
    return lines


def machine() -> str:
    """What the figures come from."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f} during the run"


def document(figures: Figures, targets: Sequence[Target], waiting: dict[str, float], rounds: int, notes: str) -> str:
    """The whole of RESULTS.md."""
    return "\n".join(
        [
            "# Measured",
            "",
            f"Written by `make bench`: {machine()}. Servers on one core, the load on another, interleaved, {rounds} "
            "rounds; medians. A ratio is the median over the rounds of ours to the better of Gradio 4.36 and 6.31.",
            "",
            "## Goals",
            "",
            *goals(figures),
            "",
            "## Figures",
            "",
            *table(figures, targets),
            "",
            "## Cost of an event while others wait",
            "",
            "Our queue alone, CPU time of one event:",
            "",
            *(f"- {name}: {value:.1f} µs" for name, value in waiting.items()),
            "",
            notes.strip(),
            "",
        ]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _times(value: float) -> str:
    return f"{value:.1f} ×" if value >= 1 else f"1/{1 / value:.1f}"
