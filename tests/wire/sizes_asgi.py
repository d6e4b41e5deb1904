"""The site's ASGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.wire.sizes_settings")

from queue_app.transport.routing import get_asgi_application

application = get_asgi_application()
