"""`{{ blocks("chat") }}` in templates of Jinja2, once `environment.globals["blocks"]` is `blocks` of this module."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from blocks_app.embedding.markup import markup


@pass_context
def blocks(context: Context, app: Any, **options: Any) -> SafeString:
    """An app in this place of the page; takes what `{% blocks %}` takes."""
    return markup(context.get("request"), app, context.get("csp_nonce"), options)
