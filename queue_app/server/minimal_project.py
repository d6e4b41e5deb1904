"""Django for a script that has no project: settings made on the spot, and one urlconf per served app."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import ResolverMatch, path

from blocks_app.blocks import Blocks
from blocks_app.conf import CONTENT_SECURITY_POLICY
from blocks_app.web import registry
from queue_app.server import launch_settings, notebook

_MEMORY_CACHE = "django.core.cache.backends.locmem.LocMemCache"


def ensure_django(wanted: Mapping[str, Any] | None = None) -> None:
    """Make Django ready: the project's settings where there are some, else as little as a page needs.

    `wanted` are settings to go by (`app_kwargs`). Raises LaunchError for those that do not exist or come too late.
    """
    if wanted:
        launch_settings.check(wanted)
    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        settings.configure(**launch_settings.merged(minimal_settings(), wanted or {}))
        # Without a logging configuration Python prints warnings and errors; a missing page is not one.
        logging.getLogger("django.request").setLevel(logging.ERROR)
    elif wanted:
        launch_settings.refuse_changes(wanted)
    if not apps.ready:
        django.setup()


def minimal_settings() -> dict[str, Any]:
    """No database and no middleware. Which hosts are served is checked by the server itself.

    Logins live in this process's memory and end with it; the cookie's name differs from process to process, because
    browsers give the cookies of one port to all others of the same host.
    """
    templates = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    policy = CONTENT_SECURITY_POLICY
    if notebook.in_notebook():
        policy = policy.replace("frame-ancestors 'self'", f"frame-ancestors 'self' {notebook.ANCESTORS}")
    return {
        "BLOCKS_CSP": policy,
        "ALLOWED_HOSTS": ["*"],
        "SECRET_KEY": secrets.token_urlsafe(50),
        "INSTALLED_APPS": ["auth_app", "blocks_app", "queue_app"],
        "MIDDLEWARE": [],
        "ROOT_URLCONF": "queue_app.server.minimal_project",
        "TEMPLATES": [templates],
        "CACHES": {"default": {"BACKEND": _MEMORY_CACHE, "OPTIONS": {"MAX_ENTRIES": 100_000}}},
        "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
        "SESSION_COOKIE_NAME": f"blocks-session-{secrets.token_hex(4)}",
        "LOGGING_CONFIG": None,
        "STATIC_URL": "static/",
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1000,
        "USE_I18N": True,
        "BLOCKS_BROWSER_LANGUAGE": True,
        "USE_TZ": True,
    }


#: Nothing is served outside the urlconf of a launched app.
urlpatterns: list[Any] = []


class AppUrls:
    """The urlconf of a server that serves one app at its root; Django takes any object with these attributes."""

    def __init__(self, blocks: Blocks) -> None:
        self.urlpatterns = [path("", (blocks.addresses(), "blocks", registry.mount(blocks).key))]

    @staticmethod
    def handler400(request: HttpRequest, exception: Exception) -> JsonResponse:
        """A request that Django will not look at."""
        return _detail("Bad Request", 400)

    @staticmethod
    def handler403(request: HttpRequest, exception: Exception) -> JsonResponse:
        """A request that is not allowed."""
        return _detail("Forbidden", 403)

    @staticmethod
    def handler404(request: HttpRequest, exception: Exception) -> JsonResponse:
        """An address that does not exist."""
        return _detail("Not Found", 404)

    @staticmethod
    def handler500(request: HttpRequest) -> JsonResponse:
        """A mistake of the server, which is in its log."""
        return _detail("Internal Server Error", 500)


class AppHandler(ASGIHandler):
    """Django for one launched app, whatever the project's own urlconf says."""

    def __init__(self, urls: AppUrls) -> None:
        super().__init__()
        self.urls = urls

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Look the address up among those of the app."""
        request.urlconf = self.urls  # type: ignore[assignment]  # Django passes it to get_resolver as it is
        return super().resolve_request(request)


def _detail(text: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": text}, status=status)
