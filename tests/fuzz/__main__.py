"""`make fuzz`: 20,000 made-up requests to a real server. Exits with 1 and lists what was answered wrongly."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz import sockets
from tests.fuzz.judge import check
from tests.fuzz.requests import Made, requests
from tests.fuzz.server import Server

#: Requests after which the server has loaded everything; memory is compared with that.
WARM = 0.25
#: Bytes that the server's memory may grow from then on.
MAY_GROW = 40 * 1024 * 1024
#: Examples of one run of hypothesis, whose own memory grows with them.
BATCH = 1000


def main() -> None:
    """Run it all and say how it went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        before, begun = 0, time.monotonic()
        for batch in range(0, options.requests, BATCH):
            if not before and batch >= options.requests * WARM:
                before = server.memory
            _some(server, min(BATCH, options.requests - batch), options.seed + batch, statuses, wrong)
            sockets.fuzz(server.port, 100, options.seed + batch)
            print(f"{sum(statuses.values())} requests, {server.memory // 2**20} MB", flush=True)
        grown = server.memory - before if before else 0
        print(
            f"{time.monotonic() - begun:.0f} s, grown {grown / 2**20:.1f} MB, answers {dict(sorted(statuses.items()))}"
        )
        assert not wrong, "\n\n".join(wrong[:40])
        assert not server.complaints, server.log.read_text()[-5000:]
        assert grown < MAY_GROW, f"the server's memory grew by {grown} bytes"


def _some(server: Server, number: int, start: int, statuses: Counter[int], wrong: list[str]) -> None:
    @seed(start)
    @settings(
        max_examples=number, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(requests())
    def one(made: Made) -> None:
        try:
            statuses[check(server, made).status] += 1
        except (AssertionError, OSError, ValueError) as error:
            wrong.append(f"{type(error).__name__}: {str(error)[:700]}")

    one()


if __name__ == "__main__":
    main()
