"""`make chaos`: 2,000 events while processes of the site are killed at random. SEED and KILLS may be given."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.scale.arrangement import arranged
from tests.scale.chaos import rage


def main(seed: int = 1, kills: int = 40) -> int:
    """Run it, and print what has become of all events."""
    with tempfile.TemporaryDirectory() as folder, arranged(Path(folder), timeout=1.5) as site:
        outcome = asyncio.run(rage(site, sessions=100, events=20, kills=kills, seed=seed))
    print(f"seed {seed}: {outcome}")
    for line in outcome.wrong:
        print("WRONG", line)
    return int(bool(outcome.wrong))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
