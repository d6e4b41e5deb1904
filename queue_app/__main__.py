"""`python -m queue_app demos/hello.py`: serve a file's app without a Django project, and reload on change."""

from __future__ import annotations

import sys

from django.core.management import call_command

from queue_app.standalone import ensure_django

if __name__ == "__main__":
    ensure_django()
    call_command("runblocks", *sys.argv[1:])
