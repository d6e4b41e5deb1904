"""The site as its users write it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.shutdown.settings")

from queue_app.transport.routing import get_asgi_application

application = get_asgi_application()
