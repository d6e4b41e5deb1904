"""The visitor's language, where Django's LocaleMiddleware has not seen the connection.

It is found as that middleware finds it (prefix of the path, cookie, Accept-Language), and only where the site uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http.cookie import parse_cookie
from django.utils import translation

from blocks_app import i18n


class _Asking(NamedTuple):
    """As much of a request as Django's search for the language looks at."""

    path_info: str
    COOKIES: dict[str, str]
    META: dict[str, str]


def language_of(path: str, headers: Iterable[tuple[bytes, bytes]], urlconf: Any = None) -> str:
    """The language of who asks for `path`; "" where neither the site nor a gr.I18n asks for one."""
    if not site_asks():
        if not i18n.known:
            return ""
        return i18n.wanted(next((value.decode("latin-1") for name, value in headers if name == b"accept-language"), ""))
    from django.conf.urls.i18n import is_language_prefix_patterns_used  # the urlconf, which not every page has

    used, default_has_prefix = is_language_prefix_patterns_used(urlconf or settings.ROOT_URLCONF)
    if used and not default_has_prefix and not translation.get_language_from_path(path):
        return str(settings.LANGUAGE_CODE)
    cookies, meta = {}, {}
    for name, value in headers:
        if name == b"cookie" and settings.LANGUAGE_COOKIE_NAME.encode() in value:
            cookies.update(parse_cookie(value.decode("latin-1")))
        elif name == b"accept-language":
            meta["HTTP_ACCEPT_LANGUAGE"] = value.decode("latin-1")
    return translation.get_language_from_request(_Asking(path, cookies, meta), check_path=used)  # type: ignore[arg-type]


def site_asks() -> bool:
    """Whether the site has Django find the language of its visitors."""
    return bool(settings.USE_I18N) and _asks(tuple(settings.MIDDLEWARE))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """With the language active; with what is active anyway for ""."""
    if not language:
        yield
        return
    with translation.override(language), i18n.spoken(language):
        yield


@lru_cache(8)
def _asks(middlewares: tuple[str, ...]) -> bool:
    from django.middleware.locale import LocaleMiddleware  # a launched app has none
    from django.utils.module_loading import import_string

    found = [import_string(each) for each in middlewares]
    return any(isinstance(each, type) and issubclass(each, LocaleMiddleware) for each in found)
