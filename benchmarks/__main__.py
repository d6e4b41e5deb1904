"""python -m benchmarks: measure ours and Gradio side by side and write benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import measures, report, targets

HERE = Path(__file__).resolve().parent
NOTES = HERE / "NOTES.md"
KINDS = ("import", "start", "page", "load")


def main() -> None:
    """Run the measures and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each load")
    parser.add_argument("--only", choices=KINDS, action="append", help="leave the others out; nothing is written")
    options = parser.parse_args()
    targets.environments()
    kinds = options.only or KINDS
    figures: measures.Figures = {}
    without_uvicorn = [target for target in targets.ALL if not target.uvicorn]
    if "import" in kinds:
        add(figures, measures.import_time(without_uvicorn, options.rounds))
    if "start" in kinds:
        add(figures, measures.first_page(without_uvicorn, options.rounds))
    if "page" in kinds:
        add(figures, measures.page(without_uvicorn, options.rounds))
    if "load" in kinds:
        add(figures, measures.load(targets.ALL, options.rounds, options.seconds))
    print("\n".join([*report.goals(figures), "", *report.table(figures, targets.ALL)]))
    if not options.only:
        text = report.document(figures, targets.ALL, measures.backlog(), options.rounds, NOTES.read_text())
        (HERE / "RESULTS.md").write_text(text)
        (HERE / "results.json").write_text(json.dumps(figures, indent=1))


def add(figures: measures.Figures, more: measures.Figures) -> None:
    """Merge what another measure found."""
    for name, found in more.items():
        figures.setdefault(name, {}).update(found)
        print(name, {key: [round(value, 3) for value in values] for key, values in found.items()}, flush=True)


if __name__ == "__main__":
    main()
