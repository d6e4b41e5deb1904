"""Settings of the site that serves the gallery of demos. Copy from here what your own project needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from project.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
sys.path.append(str(BASE_DIR / "client"))  # what gr.load calls other apps with; elsewhere it is installed

DEBUG = os.environ.get("DJANGO_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or secret_key(VAR_DIR / ".secret_key")
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "auth_app",
    "blocks_app",
    "queue_app",
    "project",
    "demos._guest_book",
    "demos._notebook",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
# A public sub-path given by a reverse proxy that strips it, for instance "/tools".
FORCE_SCRIPT_NAME = os.environ.get("DJANGO_SCRIPT_NAME") or None
X_FRAME_OPTIONS = "SAMEORIGIN"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DJANGO_SQLITE", str(BASE_DIR / "db.sqlite3")),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
    },
}
if database := os.environ.get("DJANGO_POSTGRES"):  # its name; where, and as whom, say libpq's own PGHOST, PGUSER, …
    DATABASES["default"] = {"ENGINE": "django.db.backends.postgresql", "NAME": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Several web processes and workers, as deploy/compose.yaml starts them: see docs/howto/scale.md.
if engine := os.environ.get("BLOCKS_ENGINE"):
    BLOCKS_ENGINE = engine
if cache := os.environ.get("DJANGO_CACHE"):
    redis: dict[str, Any] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": cache}
    CACHES = {"default": redis}
    BLOCKS_STATE_CACHE = "default"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# Files of one upload, as many as clients send at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
LOGIN_URL = "admin:login"

CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DJANGO_TRUSTED_ORIGINS", "").split(",") if origin]

# The gallery is for everybody. True shows apps to logged-in users only; `demo.protect(...)` decides for one app.
BLOCKS_LOGIN_REQUIRED = False

# Events and sessions are written to the database for the admin; "0" keeps them out of it.
BLOCKS_EVENT_LOG = os.environ.get("BLOCKS_EVENT_LOG", os.environ.get("BLOCKS_LEDGER", "1")) == "1"
# Whose uploaded and produced files are is kept in the database too; "0" keeps a note beside each file instead.
BLOCKS_FILE_ROWS = os.environ.get("BLOCKS_FILE_ROWS", "1") == "1"
# The site's processes tell each other of logouts and of what is done in the admin; "0" for a process that is alone.
BLOCKS_MESSAGE_BUS = os.environ.get("BLOCKS_MESSAGE_BUS", os.environ.get("BLOCKS_POST", "1")) == "1"
