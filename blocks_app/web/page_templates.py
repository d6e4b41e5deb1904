"""Our pages' templates: those of the site by the same names where it has some, whatever engines it has set up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template


def rendered(name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> str:
    """The page. A site may have Jinja2 alone, or look for no templates in apps: then ours are found all the same."""
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return _engine().get_template(name).render(dict(context), request)
    return template.render(dict(context), request)


@cache
def _engine() -> DjangoTemplates:
    return DjangoTemplates({"NAME": "blocks_app", "DIRS": [], "APP_DIRS": True, "OPTIONS": {}})
