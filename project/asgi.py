"""The site's ASGI entry: Django, with the hot endpoints of every mounted app taken before its middleware."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django_application = get_asgi_application()

from queue_app.transport.routing import BlocksASGI  # noqa: E402  the apps must be loaded first

application = BlocksASGI(django_application)
