"""Moments, durations and sizes as every page of the admin writes them, in the operator's language."""

from __future__ import annotations

from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from queue_app.databases import local
from queue_app.records.model_words import STATES

#: Where there is nothing to show.
NOTHING = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def moment(when: datetime | None) -> str:
    """A moment to the second, in the site's time zone: the only form of dates that these pages have."""
    return f"{local(when):%Y-%m-%d %H:%M:%S}" if when is not None else NOTHING


def number(value: float | None) -> str:
    """A number for people."""
    if value is None:
        return NOTHING
    if value < 0.0005:
        return "0"
    return (
        f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.2g}" if value >= 0.01 else f"{value:.3f}"
    )


def duration(seconds: float | None) -> str:
    """How long something takes: in seconds, then in minutes, hours, days, each with the next smaller unit."""
    if seconds is None:
        return NOTHING
    if seconds < _MINUTE - 0.5:
        return gettext("%(seconds)s s") % {"seconds": number(seconds)}
    whole = round(seconds)
    if whole < _HOUR:
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": whole // _MINUTE, "seconds": whole % _MINUTE}
    if whole < _DAY:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": whole // _HOUR, "minutes": whole % _HOUR // _MINUTE}
    return gettext("%(days)s d %(hours)s h") % {"days": whole // _DAY, "hours": whole % _DAY // _HOUR}


def wait(seconds: float | None) -> str:
    """How long somebody will have to wait who comes now."""
    if seconds is None:
        return NOTHING
    return duration(seconds) if seconds >= 0.05 else gettext("no wait")


def size(count: int) -> str:
    """A number of bytes in a unit that fits."""
    return str(filesizeformat(count))


def below(text: object, quiet: object) -> SafeString:
    """Something, and under it what belongs to it."""
    return format_html('{} <span class="blocks-below">{}</span>', text, quiet)


def state(name: str) -> SafeString:
    """How something stands, in a colour that says so."""
    return format_html('<span class="blocks-state blocks-{}">{}</span>', name, STATES.get(name, name.capitalize()))


def cut(text: str, longest: int) -> str:
    """How a text begins."""
    return text if len(text) <= longest + 1 else f"{text[:longest]}…"
