"""Flags on SQLite and PostgreSQL: odd texts, times without zones, many at once, filters and exports."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

import blocks_app as gr
from blocks_app.files import file_data
from blocks_app.files.file_data import FileContext
from blocks_app.media.sample_paths import get_image
from queue_app.records.flag_models import Flag
from tests.databases.conftest import Site

LIST = "/admin/queue_app/flag/"


@pytest.mark.parametrize("zones", [True, False])
def test_flags_are_kept_found_exported_and_deleted(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zones: bool
) -> None:
    settings.USE_TZ, settings.BLOCKS_FILE_ROWS = zones, True
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    store = file_data.default_store()
    flags = gr.DatabaseLogger("odd \0 \ud800" + "x" * 300, inputs=1)
    flags.setup([gr.Textbox(label="T"), gr.Image(label="P")])

    def flag(number: int) -> int:
        with file_data.use(FileContext(store=store, mount="app", address=f"1.2.3.{number % 2}")):
            picture = file_data.publish(get_image("wheel.gif"))
            return flags.flag([f"Grüße {number} \0 \ud800", picture], "odd \0", "ann \ud800")

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(flag, range(6))) == 6
    ann = User.objects.create_superuser("root")
    staff = Client()
    staff.force_login(ann)
    assert "6 flags" in staff.get(LIST, {"q": "Grüße", "since": "hour", "option": "odd "}).content.decode()
    assert "0 flags" in staff.get(LIST, {"username": "\0"}).content.decode()
    assert "0 flags" in staff.get(LIST, {"q": "nothing"}).content.decode()
    table = b"".join(staff.get(f"{LIST}export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert table.count("Grüße") == 6 and "input: T,output: P" in table
    lines = b"".join(staff.get(f"{LIST}export.jsonl").streaming_content).splitlines()  # type: ignore[attr-defined]
    assert sorted(json.loads(line)["values"][0]["value"] for line in lines)[0] == "Grüße 0 \0 �"
    row = Flag.objects.first()
    assert row is not None and staff.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert len(store.ids()) == 12
    Flag.objects.all().delete()
    assert len(store.ids()) == 6
