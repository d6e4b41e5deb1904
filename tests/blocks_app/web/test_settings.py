"""The form of a page's settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import AsyncClient

import blocks_app as gr
from tests.security.site import Urls


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> AsyncClient:
    with gr.Blocks() as demo:
        gr.Textbox("the takings")
    monkeypatch.setattr("django.conf.settings.ROOT_URLCONF", Urls(demo))
    return AsyncClient()


async def test_the_form_is_drawn_by_the_server_and_the_page_links_it(client: AsyncClient) -> None:
    page = (await client.get("/")).content.decode()
    assert '<a class="settings" href="?view=settings">' in page and 'import("/assets/settings' in page
    form = (await client.get("/?view=settings-form")).content.decode()
    assert form.count('type="radio"') == 9 and "/assets/settings-" in form and "takings" not in form


async def test_a_page_for_some_shows_its_settings_to_them_alone(client: AsyncClient, settings: Any) -> None:
    settings.BLOCKS_LOGIN_REQUIRED = True
    assert b'type="radio"' not in (await client.get("/?view=settings-form")).content
