"""The project's settings for a site that two processes serve."""

import os

from project.settings import *  # noqa: F403 - that is what settings are derived with

ROOT_URLCONF = "tests.processes.site"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/accounts/login/"  # Django's own, which leads nowhere: the app shows a page of its own
BLOCKS_AUTH_CACHE_SECONDS = 3600  # what is closed in time was told, not looked up
BLOCKS_EVENT_LOG = BLOCKS_MESSAGE_BUS = True
if "SITE_POSTGRES" in os.environ:  # its folder
    _PLACE = {"HOST": os.environ["SITE_POSTGRES"], "USER": "postgres", "NAME": "postgres", "CONN_MAX_AGE": None}
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **_PLACE}}
