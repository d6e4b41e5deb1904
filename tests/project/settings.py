"""The project's settings with the addresses of the tests' site."""

from project.settings import *  # noqa: F403 - that is what settings are derived with

ROOT_URLCONF = "tests.project.urls"
