"""`manage.py blocks_reference`: write docs/reference/ from signatures and docstrings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from blocks_app.management.reference import pages

TARGET = Path(__file__).resolve().parents[3] / "docs" / "reference"


class Command(BaseCommand):
    """Writes one page per group of public names; `--check` only says whether they are as they would be written."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether to write at all."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
        parser.add_argument("--to", type=Path, default=TARGET, help="folder of the pages")

    def handle(self, *args: Any, check: bool, to: Path, **options: Any) -> None:
        """Write, or compare."""
        made = pages()
        there = {path.name: path.read_text() for path in to.glob("*.md")}
        if check:
            stale = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
            if stale:
                raise CommandError(f"Out of date: {', '.join(stale)}. Run `python manage.py blocks_reference`.")
            return
        to.mkdir(parents=True, exist_ok=True)
        for name in there.keys() - made.keys():
            (to / name).unlink()
        for name, text in made.items():
            (to / name).write_text(text)
