"""Addresses of the site: the gallery, its demos, and Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from project import gallery

urlpatterns = [path("admin/", admin.site.urls), *gallery.urlpatterns()]
