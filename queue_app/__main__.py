"""`python -m queue_app demos/hello.py`: serve a file's app without a Django project, and reload on change."""

from __future__ import annotations

import os
import sys

from queue_app.management.commands.runblocks import Command
from queue_app.server.minimal_project import ensure_django

if __name__ == "__main__":
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        ensure_django()
    # Without a project the file's own launch(app_kwargs=...) has a say in the settings, so they are made then.
    Command().run_from_argv(["queue_app", "runblocks", *sys.argv[1:]])
