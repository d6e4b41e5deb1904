"""The visitor's language, where Django's LocaleMiddleware has not seen the connection.

It is found as that middleware finds it (prefix of the path, cookie, Accept-Language) where the site uses it. Elsewhere
it is what the visitor has chosen, by Django's cookie; then what the browser asks for, in a launched app and where one
has texts of its own; else that of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.utils import translation

from blocks_app import conf, i18n


class _Asking(NamedTuple):
    """As much of a request as Django's search for the language looks at."""

    path_info: str
    COOKIES: dict[str, str]
    META: dict[str, str]


def language_of(path: str, headers: Iterable[tuple[bytes, bytes]], urlconf: Any = None) -> str:
    """The language of who asks for `path`; "" for that of the site."""
    cookies, accepted = {}, ""
    for name, value in headers:
        if name == b"cookie" and settings.LANGUAGE_COOKIE_NAME.encode() in value:
            cookies.update(parse_cookie(value.decode("latin-1")))
        elif name == b"accept-language":
            accepted = value.decode("latin-1")
    if not site_asks():
        return _asked(cookies, accepted)
    from django.conf.urls.i18n import is_language_prefix_patterns_used  # the urlconf, which not every page has

    used, default_has_prefix = is_language_prefix_patterns_used(urlconf or settings.ROOT_URLCONF)
    if used and not default_has_prefix and not translation.get_language_from_path(path):
        return str(settings.LANGUAGE_CODE)
    meta = {"HTTP_ACCEPT_LANGUAGE": accepted}
    return translation.get_language_from_request(_Asking(path, cookies, meta), check_path=used)  # type: ignore[arg-type]


def language_for(request: HttpRequest) -> str:
    """The language of a request that came by Django's middleware; "" for what is active there."""
    return "" if site_asks() else _asked(request.COOKIES, request.headers.get("Accept-Language", ""))


def choices() -> list[tuple[str, str]]:
    """The languages that a visitor may choose, with their own names: those of the page, and of the app's texts."""
    named = {code: translation.get_language_info(code)["name_local"] for code in i18n.known if _is_known(code)}
    return sorted({**named, **i18n.OURS}.items()) if settings.USE_I18N else []


def _asked(cookies: Mapping[str, str], accepted: str) -> str:
    """What the visitor has chosen or the browser asks for; "" where that is the site's own."""
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "").lower() if settings.USE_I18N else ""
    if chosen not in i18n.OURS and chosen not in i18n.known:
        follows = i18n.known or (settings.USE_I18N and conf.browser_language())
        chosen = i18n.wanted(accepted) if follows else ""
    return "" if chosen in _same(settings.LANGUAGE_CODE) else chosen


def _same(code: str) -> tuple[str, str]:
    return code.lower(), code.lower().partition("-")[0]


def _is_known(code: str) -> bool:
    try:
        translation.get_language_info(code)
    except KeyError:
        return False
    return True


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
