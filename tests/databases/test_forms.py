"""gr.from_model on SQLite and PostgreSQL: two who save one row at the same moment, keys that no column takes, zones."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

from django.db import connections

import blocks_app as gr
from demos._guest_book.models import Guest
from queue_app.testing import PageUser
from tests.databases.conftest import Site, using


def test_of_two_who_save_a_row_at_once_one_is_told(site: Site, settings: Any) -> None:
    settings.USE_TZ = False
    entered, go_on = threading.Event(), threading.Event()

    def slowly(form: Any, request: gr.Request) -> Any:
        if form.cleaned_data["name"] == "first":
            entered.set()
            assert go_on.wait(20)
        return form.save()

    guest = Guest.objects.create(name="Ada", left="2030-01-02", text="Tea")
    demo = gr.from_model(Guest, fields=["name", "nights", "left", "text"], permissions=None, save=slowly)
    demo.queue(default_concurrency_limit=2)
    with PageUser(demo) as first, PageUser(demo) as second:
        for page, name in ((first, "first"), (second, "second")):
            page.select(demo.table, [0, 0])
            page.set(demo.fields["name"], name)
        first.click(demo.form.save, wait=False)
        assert entered.wait(20)
        if site.server:  # it waits for the row; on SQLite it waits for the file, before it may read
            second.click(demo.form.save, wait=False)
        go_on.set()
        first.wait()
        second.wait()
        if not site.server:
            second.click(demo.form.save)
        changed = "Somebody has changed this guest meanwhile. Open it again to see how it is now."
        assert first.toasts[-1].text == "The guest “first” was changed."
        assert second.problem(demo.form.heading) == changed or second.errors == [changed]
        for key in ("x", "9" * 40, "\0", str(guest.pk + 1)):
            second.set(demo.form.pk, key)
            second.click(demo.form.sure)
            assert second.errors[-1] == "This guest is not there any more, or not for you."
        second.set(demo.list.words, "\0 fir")
        second.submit(demo.list.words)
        assert second.value(demo.table)["data"] == [["first"]]
    assert Guest.objects.get().name == "first"


def test_what_only_the_database_knows_is_said_in_words(site: Site) -> None:
    def twice(form: Any, request: gr.Request) -> Any:
        Guest.objects.create(name=form.cleaned_data["name"], left=form.cleaned_data["left"], text="")
        return form.save()

    demo = gr.from_model(Guest, fields=["name", "nights", "left", "text"], permissions=None, save=twice)
    with PageUser(demo) as page:
        page.set(demo.fields["name"], "Ada")
        page.set(demo.fields["text"], "Tea")
        page.click(demo.form.save)
        assert page.errors == ["The database does not take this: it contradicts what is there already."]
    assert not Guest.objects.exists()


class Elsewhere:
    """Guests are in a database of their own."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "other" if model is Guest else None

    db_for_write = db_for_read


def test_rows_are_where_routers_say(migrated: Path, tmp_path: Path, django_db_blocker: Any, settings: Any) -> None:
    settings.DATABASE_ROUTERS = [Elsewhere()]
    engine = {"ENGINE": "django.db.backends.sqlite3"}
    files = {name: {**engine, "NAME": str(shutil.copy(migrated, tmp_path / name))} for name in ("default", "other")}
    demo = gr.from_model(Guest, fields=["name", "nights", "left", "text"], permissions=None)
    with using(django_db_blocker, **files):
        with connections["default"].cursor() as cursor:
            cursor.execute("DROP TABLE guest_book_guest")
        with PageUser(demo) as page:
            for name in ("Ada", "Bob"):
                page.set(demo.fields["name"], name)
                page.set(demo.fields["text"], "Tea")
                page.click(demo.form.save)
            page.select(demo.table, [0, 0])
            page.set(demo.fields["text"], "Milk")
            page.click(demo.form.save)
            page.click(demo.form.sure)
            assert (page.errors, len(page.toasts)) == ([], 4)
        assert list(Guest.objects.using("other").values_list("name", "text")) == [("Ada", "Tea")]
