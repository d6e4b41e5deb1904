"""What the product asks for: requirements.txt, and the extras in pyproject.toml."""

from __future__ import annotations

import tomllib

from tests.house.sources import ROOT


def asked() -> list[str]:
    """Each requirement as it is written, without its comment."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    return [*filter(None, lines), *(each for extra in extras.values() for each in extra)]
