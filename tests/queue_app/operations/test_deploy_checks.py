"""What `manage.py check --deploy` says about settings that let visitors do too much."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks
from django.urls import include, path

import blocks_app as gr
from queue_app.operations import deploy_checks, outage_checks

ROOT = Path(__file__).parents[3]


def check_ids(*, deploy: bool = True) -> set[str | None]:
    return {message.id for message in run_checks(tags=["blocks"], include_deployment_checks=deploy)}


@pytest.fixture(autouse=True)
def good(settings: Any) -> None:
    """A site with nothing to complain of."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.SESSION_COOKIE_SAMESITE = "Lax"


def test_a_good_site() -> None:
    assert check_ids() == set()


def test_the_command_knows_these_checks() -> None:
    asks = "import django; django.setup(); from django.core.checks.registry import registry as found; "
    asks += "print(*{each.__module__ for each in [*found.registered_checks, *found.deployment_checks]})"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}
    ran = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, env=environment, capture_output=True, text=True)
    names = ("checks", "operations.deploy_checks", "operations.outage_checks", "operations.redis_checks")
    assert {f"queue_app.{name}" for name in names} <= {*ran.stdout.split()}, ran.stderr


def test_the_redis_of_workers_is_asked(settings: Any, redis_url: str) -> None:
    settings.BLOCKS_ENGINE, settings.BLOCKS_STATE_CACHE = "queue_app.engines.celery.CeleryEngine", "shared"
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": backend, "LOCATION": redis_url}}
    settings.BLOCKS_REDIS_URL = f"{redis_url}/14"  # beside those of other tests
    assert check_ids() == {"blocks.W046"}
    settings.BLOCKS_REDIS_URL = "redis://127.0.0.1:1"
    assert check_ids() == {"blocks.E046"}
    settings.BLOCKS_STATE_CACHE = None
    assert "blocks.W045" in check_ids()


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("BLOCKS_RATE_LIMIT", "many", {"blocks.E034"}),
        ("BLOCKS_MONITORING_TOKEN", "monitor", {"blocks.W032"}),
        ("BLOCKS_MONITORING_TOKEN", "m" * 32, set()),
        ("BLOCKS_CSP", "", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self'; script-src 'self' 'unsafe-inline'", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self' 'unsafe-eval'", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self'; style-src 'unsafe-inline'", set()),
        ("BLOCKS_DISK_RESERVE", 0, {"blocks.W024"}),
        ("ALLOWED_HOSTS", ["*"], {"blocks.W027"}),
    ],
)
def test_a_setting_that_lets_too_much(settings: Any, name: str, value: Any, wanted: set[str]) -> None:
    setattr(settings, name, value)
    assert check_ids() == wanted


def test_a_quota_is_enough_against_a_full_disk(settings: Any) -> None:
    settings.BLOCKS_DISK_RESERVE, settings.BLOCKS_UPLOAD_QUOTA = 0, 10**9
    assert check_ids() == set()


def test_what_processes_must_share(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.BLOCKS_RATE_LIMIT, settings.BLOCKS_STATE_CACHE = "60/m", "default"
    assert {"blocks.W021", "blocks.W022"} <= check_ids()


@pytest.mark.parametrize(
    ("backend", "options", "wanted"),
    [
        ("db.DatabaseCache", {}, {"blocks.W029"}),
        ("db.DatabaseCache", {"MAX_ENTRIES": 300}, {"blocks.W029"}),
        ("filebased.FileBasedCache", {"MAX_ENTRIES": 1_000_000}, set()),
        ("redis.RedisCache", {}, set()),
    ],
)
def test_a_cache_that_drops_state_at_random(settings: Any, backend: str, options: Any, wanted: set[str]) -> None:
    cache = {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "states", "OPTIONS": options}
    settings.CACHES = {**settings.CACHES, "states": cache}
    settings.BLOCKS_STATE_CACHE = "states"
    assert check_ids() == wanted


@pytest.mark.parametrize("root", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_files_that_a_web_server_hands_out(settings: Any, tmp_path: Path, monkeypatch: Any, root: str) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "files"))
    setattr(settings, root, str(tmp_path))
    assert check_ids() == {"blocks.W025"}


def test_a_storage_whose_addresses_are_public(monkeypatch: Any) -> None:
    monkeypatch.setattr(deploy_checks, "_storage", lambda: SimpleNamespace(querystring_auth=False))
    assert check_ids() == {"blocks.W026"}


def test_a_front_end_that_was_not_built(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr("blocks_app.web.static_responses.BUNDLES", tmp_path)
    assert check_ids() == {"blocks.E028"}


class Site:
    """The addresses of one site, for ROOT_URLCONF."""

    def __init__(self, *patterns: Any) -> None:
        self.urlpatterns = list(patterns)


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        gr.Textbox()
    return demo


@pytest.fixture
def undecided(settings: Any) -> None:
    """A site that says nothing of logins for all its apps."""
    del settings.BLOCKS_LOGIN_REQUIRED


def test_apps_that_are_open_without_anybody_saying_so(settings: Any, undecided: None) -> None:
    decided, closed = app().protect(auth=None), app().protect(auth="django")
    inner = path("tools/", include([path("open/", app().urls), path("closed/", closed.urls)]))
    settings.ROOT_URLCONF = Site(path("kiosk/", decided.urls), inner)
    (message,) = run_checks(tags=["blocks"], include_deployment_checks=True)
    assert message.id == "blocks.W030"
    assert "/tools/open/," in message.msg and "closed" not in message.msg and "kiosk" not in message.msg


@pytest.mark.parametrize("required", [True, False])
def test_one_setting_says_it_for_all_apps(settings: Any, required: bool) -> None:
    settings.BLOCKS_LOGIN_REQUIRED = required
    settings.ROOT_URLCONF = Site(path("", app().urls))
    assert check_ids() == set()


def test_a_login_before_everything_says_it_too(settings: Any, undecided: None) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    settings.ROOT_URLCONF = Site(path("", app().urls))
    assert check_ids() == set()


def test_apps_whose_direct_calls_heed_no_limit(settings: Any) -> None:
    settings.ROOT_URLCONF = Site(path("a/", app().urls), path("b/", app().queue(api_open=True).urls))
    (message,) = [
        each for each in run_checks(tags=["blocks"], include_deployment_checks=True) if each.id == "blocks.W035"
    ]
    assert "/b/ heed no limit" in message.msg


def test_many_open_apps_are_one_warning(settings: Any, undecided: None) -> None:
    settings.ROOT_URLCONF = Site(*[path(f"{number}/", app().urls) for number in range(8)])
    (message,) = run_checks(tags=["blocks"], include_deployment_checks=True)
    assert "/4/ and 3 more" in message.msg


@pytest.mark.parametrize(("number", "wanted"), [("4", {"blocks.W031"}), ("1", set()), ("", set())])
def test_several_processes(monkeypatch: pytest.MonkeyPatch, number: str, wanted: set[str]) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", number)
    assert check_ids() == wanted


def test_a_prefix_that_a_visitor_may_send(settings: Any) -> None:
    settings.BLOCKS_TRUST_ROOT_PATH, settings.FORCE_SCRIPT_NAME = True, "/tools"
    assert check_ids() == {"blocks.W033"}


def test_each_message_has_an_id_of_its_own() -> None:
    sources = [
        file.read_text()
        for folder in ("auth_app", "blocks_app", "queue_app")
        for file in (ROOT / folder).rglob("*checks.py")
    ]
    given = re.findall(r'id="(blocks\.[EW]\d+)"', "".join(sources))
    doubled = {each for each in given if given.count(each) > 1}
    assert len(given) > 15 and doubled <= {"blocks.W010"}, doubled


@pytest.mark.parametrize(
    ("engine", "options", "warned"),
    [
        ("postgresql", {}, True),
        ("postgresql", {"connect_timeout": 5}, False),
        ("postgresql", {"service": "mine"}, False),
        ("mysql", {}, True),
        ("sqlite3", {}, False),
    ],
)
def test_a_database_that_is_waited_for_without_an_end(
    engine: str, options: dict[str, Any], warned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = {"default": {"ENGINE": f"django.db.backends.{engine}", "OPTIONS": options}}
    monkeypatch.setattr(outage_checks, "settings", SimpleNamespace(DATABASES=databases))
    found = [message.id for message in outage_checks.check_database_limits()]
    assert found == (["blocks.W036"] if warned else [])
