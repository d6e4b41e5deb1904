"""`launch(app_kwargs={...})`: Django settings for the site that launch() makes when there is no project."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from django.conf import global_settings, settings

from queue_app.exceptions import LaunchError

_NAMED = re.compile(r"`(BLOCKS_\w+)`")
#: What the embedded server decides itself.
_OURS = {
    "ROOT_URLCONF": "a launched app is at the server's root; mount several in a Django project",
    "ASGI_APPLICATION": "launch() makes the application",
    "WSGI_APPLICATION": "launch() makes the application",
    "FORCE_SCRIPT_NAME": "use root_path",
}


def known_settings() -> set[str]:
    """The names of Django's settings and of ours, which the conf modules describe."""
    from auth_app import conf as auth
    from blocks_app import conf as blocks
    from queue_app import conf as queue

    texts = [item.__doc__ or "" for room in (auth, blocks, queue) for item in vars(room).values() if callable(item)]
    ours = {name for text in texts for name in _NAMED.findall(text)}
    return {name for name in dir(global_settings) if name.isupper()} | ours


def check(given: Any) -> None:
    """Raise LaunchError for app_kwargs that are no settings."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise LaunchError(f"`app_kwargs` must be a dict of Django settings, not {given!r}.")
    known = known_settings()
    for name in given:
        if name in _OURS:
            raise LaunchError(f"app_kwargs cannot set {name}: {_OURS[name]}.")
        if name not in known:
            near = difflib.get_close_matches(name.upper(), known, 1, 0.75)
            hint = f" Did you mean {near[0]}?" if near else " There is no FastAPI application here."
            raise LaunchError(f"app_kwargs takes Django settings, and {name!r} is none.{hint}")


def merged(minimal: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Both; of INSTALLED_APPS the sum, so that the app's own are never missing."""
    apps = [*given.get("INSTALLED_APPS", ())]
    ours = [name for name in minimal["INSTALLED_APPS"] if name not in apps]
    return {**minimal, **given, "INSTALLED_APPS": [*ours, *apps]}


def refuse_changes(given: Mapping[str, Any]) -> None:
    """Settings exist already: raise LaunchError when the wanted ones are not among them."""
    for name, value in given.items():
        if getattr(settings, name, None) != value and name != "INSTALLED_APPS":
            raise LaunchError(
                f"app_kwargs cannot set {name} any more: Django's settings were made before, by a project or by the "
                "first launch() of this program. Set it there."
            )
