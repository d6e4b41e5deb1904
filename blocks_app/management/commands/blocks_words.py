"""`manage.py blocks_words`: bring the catalogues of our own texts up to date, and compile them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blocks_app.management.catalogues import compile_all
from blocks_app.management.texts import write_all


class Command(BaseCommand):
    """Texts and their translations, brought together."""

    help = "Collect the texts of pages and admin into locale/*/LC_MESSAGES/*.po, and write the .mo that Django reads."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both; fail where a text is not translated."""
        lacking = write_all()
        compile_all()
        if lacking:
            raise CommandError("Not translated:\n" + "\n".join(lacking))
        self.stdout.write("Every text is translated.")
