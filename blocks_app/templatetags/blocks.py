"""`{% load blocks %}{% blocks "chat" %}`: an app in a page of the site. See docs/howto/embedding.md."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from blocks_app.embedding.markup import markup

register = template.Library()


@register.simple_tag(takes_context=True)
def blocks(context: Context, app: Any, **options: Any) -> SafeString:
    """An app in this place of the page.

    Args:
        app: the Blocks, its address ("/chat/"), or the name of the module that declares it ("chat").
        options: `route` (one of the app's pages), `theme_mode` ("dark", "light", "system"; else as the page around it),
            `height` (pixels, or a length of css), `eager` (whether it loads before it comes into sight), `lang`.
    """
    return markup(context.get("request"), app, context.get("csp_nonce"), options)
