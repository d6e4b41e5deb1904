"""A mounted app says how it is served: who is told what went wrong, which files are too large."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.page.config import config
from blocks_app.web.registry import unmount
from queue_app.testing import PageUser


def failing() -> tuple[gr.Blocks, gr.Button]:
    with gr.Blocks() as demo:
        button = gr.Button()
        button.click(lambda: 1 / 0, None, gr.Textbox())
    return demo, button


def shown_errors(demo: gr.Blocks, button: gr.Button) -> list[str | None]:
    assert demo.urls
    try:
        with PageUser(demo) as page:
            page.click(button)
            assert demo.mount is not None
            assert config(demo.mount, "http://x", "/", None)["show_error"] is (page.errors != [None])
            return page.errors
    finally:
        unmount(demo)


def test_visitors_of_a_mounted_app_are_told_nothing_by_default() -> None:
    assert shown_errors(*failing()) == [None]


def test_a_site_may_tell_all_of_them(settings: Any) -> None:
    settings.BLOCKS_SHOW_ERROR = True
    assert shown_errors(*failing()) == ["division by zero"]


@pytest.mark.parametrize(("site", "expected"), [(None, "division by zero"), (False, None)])
def test_while_a_site_is_made_its_authors_are_told_unless_it_says_otherwise(
    settings: Any, site: bool | None, expected: str | None
) -> None:
    settings.DEBUG = True
    if site is not None:
        settings.BLOCKS_SHOW_ERROR = site
    assert shown_errors(*failing()) == [expected]


@pytest.mark.parametrize(("site", "app", "expected"), [(False, True, "division by zero"), (True, False, None)])
def test_one_app_decides_for_itself(settings: Any, site: bool, app: bool, expected: str | None) -> None:
    settings.BLOCKS_SHOW_ERROR = site
    demo, button = failing()
    assert shown_errors(demo.serving(show_error=app), button) == [expected]


def test_other_options_leave_that_to_the_site(settings: Any) -> None:
    settings.BLOCKS_SHOW_ERROR = True
    demo, button = failing()
    demo.serving(max_file_size="2mb", max_threads=3)
    assert demo.mount is not None
    assert (demo.mount.options.max_file_size, demo.mount.options.max_threads) == (2 * 1024 * 1024, 3)
    assert shown_errors(demo, button) == ["division by zero"]


def test_a_mistake_is_told_where_it_is_made() -> None:
    demo, _ = failing()
    with pytest.raises(TypeError, match="no argument 'show_eror'"):
        demo.serving(show_eror=True)
    with pytest.raises(ValueError):
        demo.serving(max_file_size="many")
