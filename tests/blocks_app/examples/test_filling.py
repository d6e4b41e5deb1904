"""When answers to examples are made beforehand: by the command, by launch(), and never because a site is imported."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import path

import blocks_app as gr
from blocks_app.web import registry
from blocks_app.web.registry import unmount
from queue_app.server import runblocks

ran: list[str] = []


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[gr.Examples]:
    """A site with one app."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    ran.clear()

    def shout(name: str) -> str:
        ran.append(name)
        return name.upper()

    with gr.Blocks() as demo:
        name, answer = gr.Textbox(), gr.Textbox()
        examples = gr.Examples(["ada", "bob"], name, answer, shout, cache_examples=True)
        lazy = gr.Examples(["eve"], name, answer, shout, cache_examples="lazy")
    urls: Any = ModuleType("urls_of_a_site_with_examples")
    urls.urlpatterns = [path("", demo.urls)]
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    monkeypatch.setattr("blocks_app.management.commands.blocks_examples.cached_examples", lambda: [examples, lazy])
    with override_settings(ROOT_URLCONF=urls.__name__):
        yield examples
    unmount(demo)


def told(**options: Any) -> str:
    out = io.StringIO()
    call_command("blocks_examples", stdout=out, **options)
    return out.getvalue()


def test_the_command_makes_what_is_missing(site: gr.Examples) -> None:
    with pytest.raises(CommandError, match="2 answers are missing"):
        told(check=True)
    assert told() == "Caching example 1/2\nCaching example 2/2\n2 answers made, for 1 groups of examples.\n"
    assert told() == "0 answers made, for 1 groups of examples.\n"
    assert told(check=True) == "All answers are there.\n"
    assert ran == ["ada", "bob"]
    assert "1 answers made, for 2 groups" in told(every=True)
    assert ran == ["ada", "bob", "eve"]


def test_the_command_forgets(site: gr.Examples) -> None:
    told()
    assert "0 answers of other functions forgotten" in told(prune=True)
    site.cached_folder.rename(site.cached_folder.with_name("of-a-function-that-is-no-more"))
    assert "2 answers of other functions forgotten" in told(prune=True)
    assert told(clear=True) == "2 answers forgotten.\n"
    assert not site.cached_file.exists()
    assert ran == ["ada", "bob"] * 2


def test_launch_makes_them_before_it_serves(site: gr.Examples) -> None:
    with gr.Blocks() as outer:
        site.page.render()
    try:
        assert ran == []
        for _ in range(2):
            outer.launch(prevent_thread_lock=True, quiet=True)
            assert ran == ["ada", "bob"]
            outer.close(verbose=False)
    finally:
        unmount(outer)


def test_runblocks_makes_those_of_a_site(site: gr.Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "all_mounts", lambda: [site.page.mount])
    for _ in range(2):
        runblocks.prepare_site()
        assert ran == ["ada", "bob"]
