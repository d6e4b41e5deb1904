"""An app without a title is called as in Gradio where it is launched, and by its own name in a project."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps

import blocks_app as gr
from blocks_app.web.registry import unmount

from .conftest import config, hello


@pytest.fixture
def mounted() -> Iterator[list[gr.Blocks]]:
    found: list[gr.Blocks] = []
    yield found
    for demo in found:
        unmount(demo)


def declared_in(module: str, **options: object) -> gr.Blocks:
    demo = hello(**options)
    demo.declared_in = module.replace(".", "-")
    return demo


@pytest.mark.parametrize(
    ("module", "options", "title"),
    [
        ("shop.assistant", {}, "Assistant"),
        ("shop.price_finder", {}, "Price finder"),
        ("shop.views", {}, "The shop"),
        ("elsewhere.views", {}, "Elsewhere"),
        ("shop.assistant", {"title": "Ask us"}, "Ask us"),
        ("shop.assistant", {"title": "Gradio"}, "Gradio"),
        ("__main__", {}, "Gradio"),
    ],
)
def test_in_a_project_it_has_its_modules_name_or_the_django_apps(
    mounted: list[gr.Blocks], monkeypatch: pytest.MonkeyPatch, module: str, options: dict[str, str], title: str
) -> None:
    shop = SimpleNamespace(name="shop", verbose_name="The shop")
    monkeypatch.setattr(apps, "get_containing_app_config", lambda name: shop if name.startswith("shop") else None)
    demo = declared_in(module, **options)
    mounted.append(demo)
    assert demo.urls and demo.title == title
    assert demo.get_config_file()["title"] == title


def test_launched_it_is_called_as_in_gradio(launched: object) -> None:
    assert config(launched()[1])["title"] == "Gradio"  # type: ignore[operator]
