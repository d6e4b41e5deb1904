"""`manage.py test` with PageUser: the real database is not touched, and the test's own can be dropped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.databases.conftest import Site, using
from tests.house.sources import ROOT

GUIDE = (ROOT / "docs/howto/testing.md").read_text()
SETTINGS = """
SECRET_KEY, USE_TZ, ROOT_URLCONF = "x" * 50, True, "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "auth_app", "blocks_app", "queue_app"]
DATABASES = {{"default": {database!r}}}
{more}
"""
MORE = """
import pathlib, tempfile
from asgiref.sync import sync_to_async
from auth_app.visitors.signals import notify

given = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
given.write_text("a")

with gr.Blocks() as other:
    found, file, press = gr.Textbox(), gr.File(), gr.Button()
    press.click(lambda: str(given), None, file)

    @press.click(outputs=found)
    async def count():
        notify(identity_key="user:1")
        return str(await sync_to_async(User.objects.count)())


class More(TransactionTestCase):
    def test_async_functions_and_files(self):
        with PageUser(other) as page:
            page.click(press)
            self.assertEqual((page.errors, page.value(found), page.value(file)["orig_name"]), ([], "0", "a.txt"))
"""


def test_the_real_database_stays_as_it_is(both: Site, tmp_path: Path, django_db_blocker: Any) -> None:
    more = "BLOCKS_EVENT_LOG = BLOCKS_MESSAGE_BUS = BLOCKS_FILE_ROWS = True" if both.server else ""
    example = re.search(r"^```python\n([^`]*TransactionTestCase[^`]*)^```", GUIDE, re.MULTILINE)
    assert example is not None
    (tmp_path / "settings.py").write_text(SETTINGS.format(database=both.settings, more=more))
    (tmp_path / "urls.py").write_text("urlpatterns = []")
    (tmp_path / "tests.py").write_text(example[1] + MORE)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BLOCKS_")}
    environment = {**clean, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "django", "test", "tests", "--noinput"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0 and "Ran 2 tests" in run.stderr, run.stdout + run.stderr
    assert "Traceback" not in run.stderr, run.stderr
    from queue_app.records.event_models import Event, Letter, Session, StoredFile

    with using(django_db_blocker, default=both.settings):
        assert [model.objects.count() for model in (Event, Session, Letter, StoredFile)] == [0, 0, 0, 0]
