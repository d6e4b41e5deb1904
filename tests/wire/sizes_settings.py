"""A site without a database, served by a plain ASGI server."""

import os

SECRET_KEY = "x" * 50
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.wire.sizes_app"
ASGI_APPLICATION = "tests.wire.sizes_asgi.application"
INSTALLED_APPS = ["daphne", "django.contrib.staticfiles", "auth_app", "blocks_app", "queue_app"]
STATIC_URL = "static/"
USE_TZ = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
if "MAX_BODY" in os.environ:
    BLOCKS_MAX_BODY_SIZE = int(os.environ["MAX_BODY"])
