"""python -m benchmarks: measure ours, Gradio and others side by side and write benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import hello, measures, report, results, targets

HERE = Path(__file__).resolve().parent
NOTES = HERE / "NOTES.md"
FIGURES = HERE / "results.json"
KINDS = ("import", "start", "page", "kitchen", "media", "load")


def main() -> None:
    """Run the measures and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each load")
    parser.add_argument("--only", choices=KINDS, action="append", help="measure this anew and keep the other results")
    parser.add_argument("--quick", action="store_true", help="the hello page alone: some minutes, whatever --only says")
    options = parser.parse_args()
    targets.environments()
    if options.quick:
        print(hello.beside(min(2, options.rounds)))
        return
    figures: measures.Figures = json.loads(FIGURES.read_text()) if options.only and FIGURES.exists() else {}
    for kind in options.only or KINDS:
        add(figures, measure(kind, options.rounds, options.seconds))
        FIGURES.write_text(json.dumps(figures, indent=1))
    text = report.document(figures, targets.ALL, measures.backlog(), options.rounds, NOTES.read_text())
    results.write_page(text)
    print(text)
    if not options.only:
        print(hello.beside(options.rounds))


def measure(kind: str, rounds: int, seconds: float) -> measures.Figures:
    """One kind of measure, on the servers that it makes sense for."""
    launched = [target for target in targets.ALL if not target.uvicorn]
    if kind == "load":
        return measures.load(targets.ALL, rounds, seconds)
    pages = {"start": measures.first_page, "page": measures.page, "kitchen": measures.kitchen, "media": measures.media}
    return {"import": measures.import_time, **pages}[kind](launched, rounds)


def add(figures: measures.Figures, more: measures.Figures) -> None:
    """Merge what another measure found."""
    for name, found in more.items():
        figures.setdefault(name, {}).update(found)
        print(name, {key: [round(value, 3) for value in values] for key, values in found.items()}, flush=True)


if __name__ == "__main__":
    main()
