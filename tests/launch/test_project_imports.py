"""A script that calls launch() as it stands, imported by the URLs of a Django project."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import AsyncClient
from django.urls import clear_url_caches

SCRIPT = """
import blocks_app as gr

with gr.Blocks(title="{title}") as demo:
    gr.Textbox()

app, url, shared = demo.queue().launch({options})
"""
URLS = """
from django.urls import path
import guarded_script, open_script

urlpatterns = [path("guarded/", guarded_script.demo.urls), path("open/", open_script.demo.urls)]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    guarded = SCRIPT.format(title="guarded", options="auth=('ann', 'secret')")
    (tmp_path / "guarded_script.py").write_text(guarded)
    (tmp_path / "open_script.py").write_text(SCRIPT.format(title="open", options="share=True, show_error=True"))
    (tmp_path / "scripts_site.py").write_text(URLS)
    monkeypatch.syspath_prepend(tmp_path)
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "scripts_site", ["testserver"]
    yield
    clear_url_caches()
    for name in ("guarded_script", "open_script", "scripts_site"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("project")
async def test_the_project_serves_it_as_its_launch_says() -> None:
    client = AsyncClient()
    with pytest.warns(UserWarning, match="launch\\(\\) serves nothing here"):
        assert (await client.get("/guarded/config")).status_code == 401
    config = (await client.get("/open/config")).json()
    assert (config["title"], config["show_error"]) == ("open", True)


@pytest.mark.usefixtures("project")
def test_no_command_waits_for_it() -> None:
    with pytest.warns(UserWarning, match="imported by the Django project"):
        call_command("check")
