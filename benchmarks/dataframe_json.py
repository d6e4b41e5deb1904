"""The JSON of a large table against the encoder alone: `python -m benchmarks.dataframe_json`.

What a Dataframe adds to it (looking at each column once, turning columns into rows, writing in pieces) should cost at
most half as much again as `orjson.dumps` of the finished rows.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

ROWS, COLUMNS = 100_000, 20
GOAL = 1.5


def tables() -> dict[str, Any]:
    """Tables by what is in them."""
    import numpy
    import pandas

    rng = numpy.random.default_rng(1)
    numbers = pandas.DataFrame({f"n{i}": rng.normal(size=ROWS) for i in range(COLUMNS)})
    texts = {f"t{i}": [f"some text {j % 977}" for j in range(ROWS)] for i in range(COLUMNS // 2)}
    counts = {f"c{i}": rng.integers(0, 10**9, ROWS) for i in range(COLUMNS // 2)}
    days = {f"d{i}": pandas.date_range("2020-01-01", periods=ROWS, freq="min") for i in range(2)}
    mixed = pandas.DataFrame({**texts, **counts})
    dated = pandas.DataFrame({**days, **{f"n{i}": numbers[f"n{i}"] for i in range(COLUMNS - 2)}})
    return {"numbers": numbers, "texts and counts": mixed, "moments and numbers": dated}


def best(work: Callable[[], Any], times: int = 5) -> float:
    """The quickest of several runs, in seconds."""
    taken = []
    for _ in range(times):
        started = time.thread_time()
        work()
        taken.append(time.thread_time() - started)
    return min(taken)


def rows_of(table: Any) -> list[Any]:
    """The rows of a frame, in the plainest way there is."""
    return list(zip(*[table[each].tolist() for each in table]))


def main() -> None:
    """Print a line for each table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django
    import orjson

    django.setup()
    import blocks_app as gr
    from blocks_app.running import encoding

    component = gr.Dataframe()
    for name, table in tables().items():
        rows = list(component.postprocess(table)["data"])
        finished = component.postprocess(table)
        own = best(lambda: orjson.dumps(rows))  # noqa: B023 - called at once
        written = best(lambda: encoding.encode(finished))  # noqa: B023
        bare = best(lambda: orjson.dumps(rows_of(table), default=str))  # noqa: B023
        whole = best(lambda: encoding.encode(component.postprocess(table)))  # noqa: B023
        split = best(lambda: orjson.dumps(table.to_dict(orient="split")["data"], default=str), 2)  # noqa: B023
        print(
            f"{name}: orjson {own * 1000:.0f} ms; ours {written * 1000:.0f} ms ({written / own:.2f}, goal {GOAL}). "
            f"From the frame: columns, rows and orjson {bare * 1000:.0f} ms; ours {whole * 1000:.0f} ms "
            f"({whole / bare:.2f}); to_dict and orjson {split * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
