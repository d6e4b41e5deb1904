"""`manage.py blocks_new Rating`: start a component. Writes its four files and its two lines in the list of all."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

SCAFFOLD = Path(__file__).resolve().parents[1] / "scaffold"
REPOSITORY = Path(__file__).resolve().parents[3]
LIST = "blocks_app/components/__init__.py"


def words(name: str) -> list[str]:
    """The words of a class name: StarRating -> Star, Rating; HTMLView -> HTML, View."""
    return re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)


def create(name: str, root: Path = REPOSITORY) -> list[Path]:
    """Write the files of a component called `name`, and list it.

    Args:
        name: its class name, such as `Rating` or `StarRating`.
        root: the repository.

    Returns:
        The files that were written or changed.

    Raises:
        ValueError: the name is no class name, or is taken. Nothing has been written.
    """
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        raise ValueError(f"{name!r} is no class name. Write it as in Rating or StarRating.")
    stem = "_".join(words(name)).lower()
    names = {
        "name": name,
        "stem": stem,
        "words": " ".join(words(name)),
        "element": "Gr" + "".join(word.capitalize() for word in words(name)),
        "tag": f"gr-{name.lower()}",
    }
    targets = {
        "component.py.txt": root / f"blocks_app/components/{stem}.py",
        "component.ts.txt": root / f"blocks_app/components/{stem}.ts",
        "test_component.py.txt": root / f"tests/blocks_app/components/test_{stem}.py",
        "component.test.ts.txt": root / f"tests/frontend/components/{stem}.test.ts",
    }
    listed = (root / LIST).read_text()
    package = root / f"blocks_app/components/{stem}"
    taken = [path for path in (*targets.values(), package) if path.exists()]
    if taken or re.search(rf'^    "{name}",$', listed, re.MULTILINE):
        raise ValueError(f"There is a component of this name already: {taken[0] if taken else name}.")
    for template, path in targets.items():
        path.write_text(Template((SCAFFOLD / template).read_text()).substitute(names))
    (root / LIST).write_text(with_component(listed, name, stem))
    return [*targets.values(), root / LIST]


def with_component(listed: str, name: str, stem: str) -> str:
    """The text of components/__init__.py with one more import and one more name, both in their sorted places."""
    lines = listed.splitlines()
    imports = [i for i, line in enumerate(lines) if line.startswith("from blocks_app.components.")]
    new = f"from blocks_app.components.{stem} import {name}"
    module = new.split()[1]
    at = next((i for i in imports if lines[i].split()[1] > module), _end_of_statement(lines, imports[-1]) + 1)
    lines.insert(at, new)
    start = lines.index("__all__ = [") + 1
    end = lines.index("]", start)
    at = next((i for i in range(start, end) if _order(lines[i].strip(' ",')) > _order(name)), end)
    lines.insert(at, f'    "{name}",')
    return "\n".join(lines) + "\n"


def _end_of_statement(lines: list[str], start: int) -> int:
    """The line on which an import ends that may be written in brackets."""
    return start if not lines[start].endswith("(") else lines.index(")", start)


def _order(name: str) -> tuple[bool, str]:
    """Names in capitals come first, as ruff sorts them."""
    return not name.isupper(), name


class Command(BaseCommand):
    """Start a component: its Python and browser halves, their tests, and its place in the list."""

    help = "Start a component: make new name=Rating"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One argument: the class name."""
        parser.add_argument("name", help="class name, such as Rating or StarRating")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and tell which."""
        try:
            written = create(options["name"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        for path in written:
            self.stdout.write(f"  {path.relative_to(REPOSITORY)}")
        self.stdout.write("It works as a line of text. Change it to what it shall be, then: make test")
