"""Finds the static files of component modules that other apps, or a script, bring along."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


def find_static(blocks: DeclaredPage, name: str) -> Path | None:
    """The file for a name below `static/`, if it lies in a folder where a component of the page has its module.

    Looked for with Django's finders, and beside the Python file that declares the component: a script without a
    project has no installed apps.
    """
    owners = [owner for owner in _owners(blocks) if name.startswith(_folder(owner))]
    if not owners or ".." in name.split("/"):
        return None
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found)
    return next((path for owner in owners for path in _beside(owner, name) if path.is_file()), None)


def _owners(blocks: DeclaredPage) -> set[type]:
    """Classes of the page's blocks, and those they inherit from, that name a module of their own in static files."""
    classes = {owner for block in blocks.blocks.values() for owner in type(block).__mro__}
    return {owner for owner in classes if "/" in (module := vars(owner).get("module") or "") and ".ts" not in module}


def _folder(owner: type) -> str:
    return str(vars(owner)["module"]).rpartition("/")[0] + "/"


def _beside(owner: type, name: str) -> Iterator[Path]:
    """Where the file may lie: `static/` beside the module's file, and in the packages around that."""
    source = getattr(sys.modules.get(owner.__module__), "__file__", None)
    for folder in Path(source).resolve().parents if source else ():
        try:
            yield Path(safe_join(folder / "static", name))
        except SuspiciousFileOperation:
            return
        if not (folder / "__init__.py").is_file():
            return
