"""`manage.py blocks_examples`: make the answers to examples before a deploy, so that no visitor waits for one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import get_resolver

from blocks_app.examples import records
from blocks_app.examples.examples import Examples, cached_examples


class Command(BaseCommand):
    """Fills the cache of every app of the site; `--check` only says whether it is full, `--clear` empties it."""

    help = "Run the functions of examples whose answers are to be kept, and keep these."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do instead, or besides."""
        parser.add_argument("--all", action="store_true", dest="every", help="those that are cached lazily, too")
        parser.add_argument("--check", action="store_true", help="run nothing; fail when an answer is missing")
        parser.add_argument("--clear", action="store_true", help="forget all answers that are kept, and stop")
        parser.add_argument(
            "--prune", action="store_true", help="afterwards forget those of functions that are no more"
        )

    def handle(self, *args: Any, check: bool, clear: bool, prune: bool, every: bool, **options: Any) -> None:
        """Fill, and tell how much was done."""
        kept = records.records()
        if clear:
            count = sum(kept.forget(each) for each in kept.functions())
            self.stdout.write(f"{count} answers forgotten.")
            return
        _ = get_resolver().url_patterns  # declares the apps of the site
        known = cached_examples()
        wanted = [each for each in known if every or each.cache_examples is True]
        if check:
            self._check(wanted)
            return
        made = sum(each.fill(self.stdout.write) for each in wanted)
        self.stdout.write(f"{made} answers made, for {len(wanted)} groups of examples.")
        if prune:
            used = {each.cached_folder.name for each in known}
            count = sum(kept.forget(each) for each in kept.functions() if each not in used)
            self.stdout.write(f"{count} answers of other functions forgotten.")

    def _check(self, wanted: list[Examples]) -> None:
        missing = sum(each.missing() for each in wanted)
        if missing:
            raise CommandError(f"{missing} answers are missing. Run `python manage.py blocks_examples`.")
        self.stdout.write("All answers are there.")
