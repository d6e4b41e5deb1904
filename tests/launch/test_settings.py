"""app_kwargs: Django settings for the site that launch() makes; unknown ones, late ones and ours are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from queue_app.exceptions import LaunchError
from queue_app.server import launch_settings

from .conftest import hello
from .test_script import ENVIRONMENT

DECLARE = """
import json, urllib.request, urllib.error
import blocks_app as gr

with gr.Blocks() as demo:
    gr.Textbox()

def ask(path="", **headers):
    try:
        found = urllib.request.urlopen(urllib.request.Request(demo.local_url + path, headers=headers))
    except urllib.error.HTTPError as error:
        found = error
    return found.status, dict(found.headers), found.read().decode()

def launch(**app_kwargs):
    demo.launch(prevent_thread_lock=True, quiet=True, app_kwargs=app_kwargs)

def tell(what):
    print("TOLD " + json.dumps(what))
"""


def printed_by(script: str) -> Any:
    """What a script without a Django project tells."""
    ran = subprocess.run(
        [sys.executable, "-c", DECLARE + script],
        env=ENVIRONMENT,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    lines = [line for line in ran.stdout.splitlines() if line.startswith("TOLD ")]
    assert lines, ran.stdout + ran.stderr
    return json.loads(lines[-1].removeprefix("TOLD "))


def test_settings_of_django_and_of_ours_take_effect() -> None:
    script = """
launch(BLOCKS_CSP="default-src 'self'", USE_X_FORWARDED_HOST=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_PROTO", "https"),
       MIDDLEWARE=["django.middleware.security.SecurityMiddleware"])
_, headers, _ = ask()
root = json.loads(ask("config", **{"X-Forwarded-Host": "ex.com", "X-Proto": "https"})[2])["root"]
tell([headers["Content-Security-Policy"], headers["X-Content-Type-Options"], root])
"""
    assert printed_by(script) == ["default-src 'self'", "nosniff", "https://ex.com"]


def test_more_hosts_may_be_served() -> None:
    script = """
launch(ALLOWED_HOSTS=["app.example.org", "127.0.0.1"])
tell([ask(Host=host)[0] for host in ("app.example.org", "127.0.0.1", "evil.example")])
"""
    assert printed_by(script) == [200, 200, 400]


def test_an_app_of_the_users_own_joins_ours() -> None:
    script = """
launch(INSTALLED_APPS=["django.contrib.humanize"])
from django.apps import apps
tell(sorted(apps.app_configs)[:5])
"""
    assert {"auth_app", "blocks_app", "humanize", "queue_app"} <= set(printed_by(script))


def test_a_second_app_of_the_program_cannot_change_them() -> None:
    script = """
launch(TIME_ZONE="Europe/Berlin")
demo.close(verbose=False)
launch(TIME_ZONE="Europe/Berlin")
demo.close(verbose=False)
try:
    launch(TIME_ZONE="UTC")
except ValueError as error:
    tell(str(error))
"""
    assert "cannot set TIME_ZONE any more" in printed_by(script)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"docs_url": "/docs"}, "'docs_url' is none. There is no FastAPI application here."),
        ({"USE_TZZ": True}, "Did you mean USE_TZ?"),
        ({"use_tz": True}, "Did you mean USE_TZ?"),
        ({"ROOT_URLCONF": "x"}, "cannot set ROOT_URLCONF"),
        ({"FORCE_SCRIPT_NAME": "/x"}, "use root_path"),
        (["USE_TZ"], "must be a dict of Django settings"),
        ({"TIME_ZONE": "Asia/Tokyo"}, "cannot set TIME_ZONE any more"),  # the tests have a project
    ],
)
def test_what_is_refused(given: Any, words: str) -> None:
    with pytest.raises(LaunchError) as refused:
        hello().launch(app_kwargs=given, prevent_thread_lock=True)
    assert words in str(refused.value)


def test_every_setting_of_ours_is_known() -> None:
    known = launch_settings.known_settings()
    assert {"BLOCKS_CSP", "BLOCKS_MAX_BODY_SIZE", "BLOCKS_LOGIN_REQUIRED", "USE_X_FORWARDED_HOST"} <= known
