"""A component of another Django app: declared in Python, drawn by a plain JavaScript file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import path

import blocks_app as gr
from blocks_app.page.config import build_config
from tests.thirdparty_app.components import Rating

with gr.Blocks() as demo:
    stars = Rating(2, label="Stars", stars=3)
    text = gr.Textbox()
    stars.change(lambda number: "★" * number, stars, text, api_name="draw")

urlpatterns = [path("pets/", demo.urls)]
here = override_settings(ROOT_URLCONF=__name__)
SOURCE = Path(__file__).parents[1] / "thirdparty_app/static/thirdparty_app/rating.js"


def test_it_behaves_as_any_component() -> None:
    assert demo(2, api_name="/draw") == "★★"
    assert stars.parent is not None
    assert stars.parent.get_block_name() == "form"


def test_the_config_names_its_module_and_its_tag() -> None:
    (entry,) = [each for each in build_config(demo, base="/pets/")["components"] if each["type"] == "rating"]
    assert entry["module"] == "/pets/static/thirdparty_app/rating.js"
    assert entry["tag"] == "gr-rating"
    assert entry["props"]["stars"] == 3


def test_an_unknown_option_is_told() -> None:
    with pytest.raises(gr.exceptions.UnknownOptionError, match="Did you mean 'stars'"):
        Rating(star=3)  # type: ignore[call-arg]


def test_its_module_is_served_from_an_installed_app(settings) -> None:
    # Both by the fixture: an override around it would end first and leave its own settings behind.
    settings.ROOT_URLCONF = __name__
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.thirdparty_app"]
    finders.get_finder.cache_clear()
    assert finders.find("thirdparty_app/rating.js") == str(SOURCE)
    answer = Client().get("/pets/static/thirdparty_app/rating.js")
    finders.get_finder.cache_clear()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.content == SOURCE.read_bytes()


@here
def test_its_module_is_served_without_being_installed() -> None:
    assert Client().get("/pets/static/thirdparty_app/rating.js").content == SOURCE.read_bytes()


@here
@pytest.mark.parametrize("name", ["thirdparty_app/none.js", "blocks_app/manifest.json", "admin/css/base.css"])
def test_other_files_are_not_served(name: str) -> None:
    assert Client().get(f"/pets/static/{name}").status_code == 404


@here
@pytest.mark.parametrize("name", ["thirdparty_app/../../components.py", "thirdparty_app/%2e%2e/%2e%2e/apps.py"])
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/pets/static/{name}")
    assert answer.status_code in (400, 404)
