"""What the templates of the admin's pages are made with: lists whose cells know their column, and the start page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from queue_app.operations.admin.overview import Overview

register = template.Library()


@register.inclusion_tag("admin/queue_app/rows.html")
def blocks_rows(cl: Any) -> dict[str, Any]:
    """The rows of a list. Each cell names its column, so that a narrow screen can show a row as a card."""
    from django.contrib.admin.templatetags import admin_list  # Django loads these tags in sites without its admin, too

    found: dict[str, Any] = admin_list.result_list(cl)
    headers = list(found["result_headers"])
    rows = [list(_labelled(row, headers)) for row in found["results"]]
    return {"rows": rows, "headers": headers, "name": cl.opts.verbose_name_plural}


def _labelled(row: Any, headers: list[Any]) -> Iterator[SafeString]:
    """The cells with their column's name, and with the roles that a table loses when it is drawn as cards."""
    for cell, header in zip(row, headers):
        tag = "<td" if str(cell).lstrip().startswith("<td") else "<th"
        start, _, rest = str(cell).partition(tag)
        text = str(header["text"])
        label = "" if "checkbox" in text else text[:1].upper() + text[1:]  # the first column chooses
        role = "cell" if tag == "<td" else "rowheader"
        named = format_html(' role="{}" data-label="{}"', role, label) if label else format_html(' role="{}"', role)
        yield mark_safe(f"{start}{tag}{named}{rest}")


@register.simple_tag(takes_context=True)
def blocks_overview(context: template.Context) -> Overview:
    """What the start page shows to this person."""
    from queue_app.operations.admin.overview import overview  # likewise

    return overview(context["request"])
