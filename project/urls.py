"""Addresses of the site: the gallery, its demos, and Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path

from project import gallery

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("queue_app.urls")),  # /metrics, /health and /ready, for staff and for monitors with the token
    # Files of the gallery and the admin are few; a busy site gives them to its reverse proxy or to WhiteNoise.
    path("static/<path:path>", serve, {"insecure": True}),
    *gallery.urlpatterns(),
]
