"""The versions that stand side by side in the site: `versions.py SITE VERSION`, the last step of `make docs`.

Each has a folder of its own. Every page loads the list, `versions.js` beside the folders, so that one that was built
long ago links the newer ones, too. The address of the site leads to the newest release; before there is one, to `dev`.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV = "dev"


def number(version: str) -> tuple[int, ...]:
    """A release as something that can be put in order."""
    return tuple(int(part) for part in version.split("."))


def versions(site: Path) -> list[str]:
    """What is there: `dev` first, then the releases, the newest first."""
    found = [folder.name for folder in site.iterdir() if (folder / "index.html").is_file()]
    releases = [name for name in found if name.replace(".", "").isdigit()]
    return [DEV] * (DEV in found) + sorted(releases, key=number, reverse=True)


def refusal(version: str) -> str | None:
    """Why the working tree is not this version."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if version in (DEV, ours):
        return None
    return (
        f"This tree is {ours}, and not {version}. Check out the tag of {version}, or say DOCS_VERSION={ours} or {DEV}."
    )


def write(site: Path) -> None:
    """The list, and the page that leads to one of them."""
    found = versions(site)
    first = next((name for name in found if name != DEV), DEV)
    (site / "versions.js").write_text(f"window.DOCS_VERSIONS = {json.dumps(found)};\n", encoding="utf-8")
    links = "".join(f'<li><a href="{name}/index.html">{name}</a></li>' for name in found)
    (site / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Blocks on Django</title>'
        f'<meta http-equiv="refresh" content="0; url={first}/index.html">'
        f"<h1>Blocks on Django</h1><ul>{links}</ul></html>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    if (why := refusal(sys.argv[2])) is not None:
        sys.exit(why)
    if (Path(sys.argv[1]) / sys.argv[2]).is_dir():
        write(Path(sys.argv[1]))
