"""The JavaScript of installed Python packages, as a mount gives it out."""

from __future__ import annotations

import gzip
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import AsyncClient
from django.urls import path

import blocks_app as gr


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, str]:
    """What the Plot of a site's page is told."""
    with gr.Blocks() as demo:
        plot = gr.Plot()
    site = SimpleNamespace(urlpatterns=[path("app/", demo.urls)])
    monkeypatch.setitem(sys.modules, "a_site_with_plots", site)  # type: ignore[arg-type]
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "a_site_with_plots", ["testserver"]
    found: dict[str, str] = plot.props()["libraries"]
    return found


async def test_it_is_kept_by_browsers_and_compressed(addresses: dict[str, str]) -> None:
    assert set(addresses) == {"plotly", "bokeh", "bokeh-widgets", "bokeh-tables", "bokeh-mathjax"}
    address = f"/app/{addresses['bokeh-tables']}"
    plain = await AsyncClient().get(address)
    small = await AsyncClient().get(address, headers={"accept-encoding": "gzip"})
    assert plain["Content-Type"] == "text/javascript; charset=utf-8" and "immutable" in plain["Cache-Control"]
    assert gzip.decompress(small.content) == plain.content and len(small.content) < len(plain.content) / 2
    again = await AsyncClient().get(address, headers={"if-none-match": plain["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["bokeh-0000000000000000.js", "bokeh.js", "..", "x-1.js", "plotly.min.js", "-"])
async def test_any_other_name_leads_nowhere(addresses: dict[str, str], name: str) -> None:
    assert (await AsyncClient().get(f"/app/libraries/{name}")).status_code == 404
