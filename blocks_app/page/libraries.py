"""JavaScript that installed Python packages bring along: what draws a figure is of the same version as what made it.

Plotly and Bokeh carry their own. Each file has an address below the mount with a hash of its content in it, so that
browsers keep it, and nothing is asked of another host. Nothing is imported for it, and a name that is not in this list
leads nowhere. The disk is asked once: each page that may show a figure names them, and what is installed stays as it is
while a process lives.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

#: name: package, and where in it the file lies.
_FILES = {
    "plotly": ("plotly", "package_data/plotly.min.js"),
    "bokeh": ("bokeh", "server/static/js/bokeh.min.js"),
    "bokeh-widgets": ("bokeh", "server/static/js/bokeh-widgets.min.js"),
    "bokeh-tables": ("bokeh", "server/static/js/bokeh-tables.min.js"),
    "bokeh-mathjax": ("bokeh", "server/static/js/bokeh-mathjax.min.js"),
}


def addresses() -> dict[str, str]:
    """The address of each file that is there, below the mount, by its name."""
    found = {}
    for name in _FILES:
        path = _path(name)
        if path is not None:
            found[name] = f"libraries/{name}-{_digest(path)}.js"
    return found


def find(file: str) -> Path | None:
    """The file that `addresses` calls so, without its folder; None for any other name."""
    name = file.rpartition("-")[0]
    return _path(name) if addresses().get(name) == f"libraries/{file}" else None


@lru_cache(16)
def version_of(package: str) -> str | None:
    """The version of a package; None when it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@lru_cache(16)
def folder_of(package: str) -> Path | None:
    """Where a package is installed; None where it is not."""
    try:
        spec = util.find_spec(package)
    except (ImportError, ValueError):  # a half removed package
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _path(name: str) -> Path | None:
    if name not in _FILES:
        return None
    package, tail = _FILES[name]
    folder = folder_of(package)
    path = folder / tail if folder is not None else None
    return path if path is not None and _digest(path) else None


@lru_cache(16)
def _digest(path: Path) -> str:
    """A hash of the file; nothing where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
