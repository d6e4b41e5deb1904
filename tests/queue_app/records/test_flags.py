"""Flags in the database: what is kept of whom, with which files, and when it goes; their pages in the admin."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.file_data import FileContext
from blocks_app.files.file_registry import QuotaExceeded, RegisteredFile
from blocks_app.files.filestore import FileStore
from blocks_app.files.quotas import account
from blocks_app.flagging import database_logger, flag_method
from blocks_app.flagging.csv_logger import CSVLogger
from blocks_app.flagging.database_logger import DatabaseLogger
from blocks_app.flagging.flag_method import FlagMethod
from blocks_app.media.sample_paths import get_image
from queue_app.records import flags
from queue_app.records.event_models import Audit, StoredFile
from queue_app.records.flag_models import Flag, FlagFile
from queue_app.testing import PageUser

LIST = "/admin/queue_app/flag/"
Flagging = Callable[..., int]


@pytest.fixture
def flag(store: FileStore) -> Flagging:
    """Flags values of text boxes, or of a picture, as somebody."""

    def keep(*values: Any, option: str | None = None, user: str | None = None, owner: str = "", name: str = "n") -> int:
        components = [
            gr.Image(label="P") if isinstance(each, dict) and "path" in each else gr.Textbox(label="T")
            for each in values
        ]
        logger = DatabaseLogger(name, inputs=1)
        logger.setup(components)
        with file_data.use(FileContext(owner=owner, store=store, mount="app", address="1.2.3.4")):
            return logger.flag(list(values), option, user)

    return keep


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def may(*permissions: str) -> Client:
    user = User.objects.create_user(f"may {permissions}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def picture(store: FileStore, owner: str = "") -> dict[str, Any]:
    with file_data.use(FileContext(owner=owner, store=store)):
        return dict(file_data.publish(get_image("wheel.gif")))


def copy_of(store: FileStore, row: Flag | None = None) -> RegisteredFile:
    found = FlagFile.objects.get() if row is None else row.files.get()
    record = store.get(found.file_id)
    assert record is not None
    return record


def test_a_flag_is_a_row_with_everything(flag: Flagging, store: FileStore) -> None:
    assert [flag("first"), flag("Ada \ud83d\0", picture(store), option="Wrong", user="ada", owner="user:7")] == [1, 2]
    row = Flag.objects.order_by("id").last()
    assert row is not None
    assert (row.mount, row.name, row.option, row.username, row.identity) == ("app", "n", "Wrong", "ada", "user:7")
    text, image = json.loads(row.values)
    assert text == {"role": "input", "label": "T", "kind": "Textbox", "value": "Ada �\0"}
    assert (image["role"], image["value"]["orig_name"], image["value"]["mime_type"]) == (
        "output",
        "wheel.gif",
        "image/gif",
    )
    assert json.loads(row.columns) == ["input: T", "output: P"] and row.excerpt.endswith("wheel.gif")


def test_a_file_lives_as_long_as_its_flag_and_nobody_else_may_have_it(
    flag: Flagging, store: FileStore, django_capture_on_commit_callbacks: Any
) -> None:
    mine = picture(store, owner="user:7")
    flag("x", mine, owner="user:7")
    copy = copy_of(store)
    store.delete(mine["path"].split("/")[0])
    assert store.local_path(copy).is_file() and copy.expires is None
    assert [store.find(copy.path, owner) for owner in ("", "user:7", "flag")] == [None, None, None]
    payer = account("user:7", "1.2.3.4")
    assert store.used_by(payer) == copy.size
    with django_capture_on_commit_callbacks(execute=True):
        Flag.objects.all().delete()
    assert (store.get(copy.id), store.used_by(payer)) == (None, 0)


def test_files_of_others_cannot_be_flagged(flag: Flagging, store: FileStore) -> None:
    with pytest.raises(Error, match="was not uploaded here"):
        flag("x", picture(store, owner="user:8"), owner="user:7")
    for path in ("/etc/passwd", "../../etc/passwd", str(store.local)):
        with pytest.raises(Error, match="was not uploaded here"):
            flag("x", {"path": path, "meta": {"_type": "gradio.FileData"}})
    assert not Flag.objects.exists()


def test_a_flag_that_cannot_be_kept_leaves_nothing(flag: Flagging, store: FileStore, settings: Any) -> None:
    given = picture(store)
    with pytest.raises(Error, match="too much to be flagged"):
        flag("x" * (database_logger.LARGEST + 1), given)
    settings.BLOCKS_FLAGS_VISITOR = 1000
    with pytest.raises(Error, match="a great deal today"):
        flag("x" * 1000, given)
    settings.BLOCKS_UPLOAD_QUOTA = 100
    with pytest.raises(QuotaExceeded):
        flag("x", given)
    assert [each.file_id for each in StoredFile.objects.all()] == [given["path"].split("/")[0]]
    assert not Flag.objects.exists()


def test_odd_values_are_kept_and_passwords_are_not(store: FileStore) -> None:
    class Odd:
        def __str__(self) -> str:
            raise ValueError

    logger = DatabaseLogger()
    secret = gr.Textbox(type="password", label="Secret")
    logger.setup([gr.State(), gr.Textbox(label="Long"), secret, gr.Textbox(label="\ud83d")])
    logger.flag([Odd(), "x" * 1_100_000, "hunter2", [[[1]]]])
    row = Flag.objects.get()
    assert [each["value"] for each in json.loads(row.values)] == ["<Odd>", "x" * 1_100_000, None, [[[1]]]]
    assert "hunter2" not in row.values and (row.mount, row.username) == ("", "")


def test_a_component_that_hides_something_hides_it_in_the_table_too(store: FileStore) -> None:
    class Secret(gr.Textbox):
        def flag(self, payload: Any, flag_dir: Any = "") -> str:
            return super().flag("*" * len(payload), flag_dir)

    logger = DatabaseLogger()
    logger.setup([Secret(label="S"), gr.Number(label="N")])
    logger.flag(["hunter2", 1.5])
    assert [each["value"] for each in json.loads(Flag.objects.get().values)] == ["*******", 1.5]


def test_with_an_account_go_its_flags(
    flag: Flagging, store: FileStore, django_capture_on_commit_callbacks: Any
) -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    flag("hers", picture(store), user="ann", owner=f"user:{ann.pk}")
    flag("his", user="bob", owner=f"user:{bob.pk}")
    copy = copy_of(store)
    with django_capture_on_commit_callbacks(execute=True):
        ann.delete()
    assert [row.username for row in Flag.objects.all()] == ["bob"] and store.get(copy.id) is None


def test_copies_without_a_flag_are_swept(flag: Flagging, store: FileStore) -> None:
    flag("x", picture(store))
    lost = store.save(b"lost", "a.txt", owner=database_logger.OWNER)
    assert flags.sweep(-1) == 1
    assert store.get(lost.id) is None and store.get(copy_of(store).id) is not None


# -- the admin --------------------------------------------------------------------------------------------------------


def test_the_admin_lists_filters_and_finds_flags(staff: Client, flag: Flagging) -> None:
    flag('<i>Grüße</i> "x"', option="Wrong", user="ann")
    flag("other", option="Rude", user="bob", name="m")
    for query in ({"option": "Wrong"}, {"username": "ann"}, {"q": "ann"}, {"q": 'grüße</i> "'}, {"name": "n"}):
        html = staff.get(LIST, query).content.decode()
        assert "Grüße" in html and ">other<" not in html and "<i>Gr" not in html, query
    html = staff.get(LIST, {"q": "nothing"}).content.decode()
    assert "Grüße" not in html and "export.csv?q=nothing" in html
    assert staff.get(LIST, {"values__startswith": "x"}).status_code in (302, 400)


def test_a_flag_shows_its_values_and_pictures(staff: Client, flag: Flagging, store: FileStore) -> None:
    flag("<b>bold</b>", picture(store), option="Wrong")
    row = Flag.objects.get()
    address = f"{LIST}{row.pk}/file/{copy_of(store).id}"
    html = staff.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f'<img src="{address}" alt="wheel.gif"' in html and "&lt;b&gt;bold" in html and "<b>bold" not in html
    answer = staff.get(address)
    assert answer.headers["Content-Type"] == "image/gif" and b"".join(answer.streaming_content)[:3] == b"GIF"  # type: ignore[attr-defined]
    assert "attachment" in staff.get(f"{address}?download").headers["Content-Disposition"]
    store.delete(copy_of(store).id)
    assert "(its file was deleted)" in staff.get(f"{LIST}{row.pk}/change/").content.decode()
    assert staff.get(address).status_code == 404
    flag("x")
    assert staff.get(address.replace(f"/{row.pk}/", f"/{row.pk + 1}/")).status_code == 404


def test_each_thing_needs_its_permission(flag: Flagging, store: FileStore) -> None:
    flag("x", picture(store))
    row = Flag.objects.get()
    file = f"{LIST}{row.pk}/file/{copy_of(store).id}"
    asked = (LIST, f"{LIST}{row.pk}/change/", file, f"{LIST}export.csv", f"{LIST}export.jsonl")
    nothing, viewer, exporter = may(), may("view_flag"), may("view_flag", "export_flag")
    assert [nothing.get(each).status_code for each in asked] == [403] * 5
    assert [viewer.get(each).status_code for each in asked] == [200, 200, 200, 403, 403]
    assert [exporter.get(each).status_code for each in asked] == [200] * 5
    assert [Client().get(each).status_code for each in asked] == [302] * 5
    assert "export.csv" not in viewer.get(LIST).content.decode()
    viewer.post(LIST, {"action": "delete_flags", "_selected_action": [row.pk], "confirmed": "1"})
    assert viewer.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403 and Flag.objects.count() == 1


def test_deleting_flags_deletes_their_files(
    staff: Client, flag: Flagging, store: FileStore, django_capture_on_commit_callbacks: Any
) -> None:
    for text in ("one", "two", "three"):
        flag(text, picture(store))
    rows = list(Flag.objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"{LIST}{rows[0].pk}/delete/", {"post": "yes"})
        action = {"action": "delete_flags", "_selected_action": [rows[1].pk], "confirmed": "1"}
        assert "1 flag deleted" in staff.post(LIST, action, follow=True).content.decode()
    assert [row.pk for row in Flag.objects.all()] == [rows[2].pk]
    assert StoredFile.objects.filter(owner=database_logger.OWNER).count() == 1
    assert [each.action for each in Audit.objects.all()] == ["delete flag"] * 2


def test_an_export_has_what_the_list_shows(
    staff: Client, flag: Flagging, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_app.operations.admin.flag_export.AT_ONCE", 2)
    for number in range(3):
        flag(f"=1+{number}", option="@Wrong", user="ann")
    flag("other", picture(store), user="bob")
    answer = staff.get(f"{LIST}export.csv", {"username": "ann"})
    assert "flags.csv" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert table[0] == ["number", "flagged", "app", "interface", "option", "user", "input: T"]
    assert [row[4:] for row in table[1:]] == [["'@Wrong", "ann", f"'=1+{number}"] for number in (2, 1, 0)]
    lines = b"".join(staff.get(f"{LIST}export.jsonl").streaming_content).splitlines()  # type: ignore[attr-defined]
    newest = json.loads(lines[0])
    assert len(lines) == 4 and newest["user"] == "bob" and newest["values"][0]["value"] == "other"
    assert newest["values"][1]["value"]["url"] == f"http://testserver{LIST}{newest['number']}/file/{copy_of(store).id}"
    assert staff.get(f"{LIST}export.xml").status_code == 404


# -- in an app --------------------------------------------------------------------------------------------------------


def test_a_button_flags_into_the_database(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FlagMethod, "pause", 0)
    with connection.schema_editor() as editor:
        editor.create_model(Flag)
        editor.create_model(FlagFile)
    with gr.Blocks(title="Names") as demo:
        text, image, press = gr.Textbox(label="T"), gr.Image(label="P"), gr.Button("Flag")
        demo.load(lambda: get_image("wheel.gif"), None, image)
        logger = flag_method.default_callback()
        flag_method.set_up(logger, [text], [image], "flagged")
        flag_method.flag_on_click(logger, [press], [("Flag as Wrong", "Wrong")], [text, image])
    with PageUser(demo) as page:
        page.set(text, "hello")
        page.click(press)
        assert (page.history(press), page.errors) == (["Saving...", "Flag as Wrong"], [])
        key = page.mount.key
    row = Flag.objects.get()
    assert (row.name, row.option, row.mount, row.username) == ("Names", "Wrong", key, "")
    assert row.session and row.files.count() == 1 and json.loads(row.values)[0]["value"] == "hello"


def test_without_a_database_flags_are_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_logger, "table", database_logger.no_table)
    logger = flag_method.default_callback()
    flag_method.set_up(logger, [gr.Textbox(label="T")], [], tmp_path / "flagged")
    assert logger.flag(["x"], "Wrong", "ada") == 1
    assert (tmp_path / "flagged" / "log.csv").read_text().splitlines()[1].startswith("x,Wrong,ada,")
    assert isinstance(flag_method.default_callback(tmp_path), CSVLogger)
