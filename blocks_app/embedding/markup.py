"""The markup that puts an app into a page of the site, for templates of Django and of Jinja2.

It is an element of our own and the script that makes it known, with the nonce of the site's policy; no script stands in
the page itself. Those who may not see the app get a sentence and nothing of the app.
"""

from __future__ import annotations

import asyncio
import copy
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.base import get_script_prefix
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blocks_app.addresses import public_base
from blocks_app.declaration.declared_page import DeclaredPage
from blocks_app.declaration.mount import Mount
from blocks_app.logs import logger
from blocks_app.web.embed_views import loader_file
from blocks_app.web.endpoint import EndpointRequest
from blocks_app.web.languages import site_asks
from blocks_app.web.views import about, allowed_pages

log = logger("blocks_app.embedding")

OPTIONS = ("route", "theme_mode", "height", "eager", "lang")
_MODES = ("dark", "light", "system")
_LENGTH = re.compile(r"\d+(\.\d+)?(px|em|rem|vh|dvh|svh|%)?|auto")
_NOT_THERE = "This app is not available."
_NOT_ALLOWED = "Your account may not use this app."


class MountedAt(NamedTuple):
    """An app, and where it is mounted."""

    mount: Mount
    base: str


def markup(request: HttpRequest | None, app: Any, nonce: Any, options: Mapping[str, Any]) -> SafeString:
    """The element and its script, or the sentence for those who may not see the app.

    Args:
        request: the request that the page answers; without it the app itself asks who the visitor is.
        app: what the template names: the Blocks, its address, or its name.
        nonce: the nonce of the site's policy, where the template's context has it.
        options: see OPTIONS.

    Raises:
        TemplateSyntaxError: there is no such app, or no such option. Where DEBUG is False that is logged, and the page
            says that the app is not available.
    """
    try:
        place = find(app, getattr(request, "urlconf", None))
        attributes = _attributes(place, options)
    except TemplateSyntaxError as error:
        if settings.DEBUG:
            raise
        log.error("embedding.failed", extra={"reason": str(error)})
        return _sentence(_NOT_THERE)
    refusal = _refusal(request, place, str(options.get("route") or "").strip("/")) if request is not None else None
    if refusal is not None:
        return refusal
    loader = f"{place.base}assets/{name}" if (name := loader_file()) else f"{place.base}blocks-app.js"
    signed = _nonce(request, nonce)
    return format_html(
        '<blocks-app{}><noscript><a href="{}">{}</a></noscript></blocks-app><script type="module" src="{}"{}></script>',
        format_html_join("", ' {}="{}"', attributes.items()),
        place.base,
        place.mount.blocks.title,
        loader,
        format_html(' nonce="{}"', signed) if signed else "",
    )


def _sentence(text: str) -> SafeString:
    return format_html('<p class="blocks-app-note" data-denied>{}</p>', text)


def _attributes(place: MountedAt, options: Mapping[str, Any]) -> dict[str, str]:
    unknown = next((name for name in options if name not in OPTIONS), None)
    if unknown is not None:
        raise TemplateSyntaxError(f"{{% blocks %}} has no option {unknown!r}.{_meant(unknown, OPTIONS)}")
    found = {"src": place.base}
    route = str(options.get("route") or "").strip("/")
    routes = [page.path for page in place.mount.blocks.pages]
    if route not in routes:
        raise TemplateSyntaxError(f"{place.mount.key} has no page {route!r}.{_meant(route, routes[1:])}")
    if route:
        found["route"] = route
    mode = options.get("theme_mode")
    if mode:
        if mode not in _MODES:
            raise TemplateSyntaxError(f"theme_mode is one of {', '.join(_MODES)}, and not {mode!r}.")
        found["theme_mode"] = str(mode)
    height = options.get("height")
    if height:
        text = str(height).strip()
        if not _LENGTH.fullmatch(text):
            raise TemplateSyntaxError(f"height is a number of pixels or a length such as '60vh', and not {text!r}.")
        found["height"] = f"{text}px" if text.replace(".", "").isdigit() else text
    if options.get("eager"):
        found["eager"] = "true"
    language = options.get("lang") or (get_language() if site_asks() else None)
    if language:
        found["lang"] = str(language)
    return found


def _nonce(request: HttpRequest | None, given: Any) -> str:
    """The nonce of the site's policy: of Django's own middleware or django-csp's; "" where the site has none."""
    if given is not None and (text := str(given)):  # one that is made when it is asked for is false until then
        return text
    if request is None:
        return ""
    own = getattr(request, "csp_nonce", None)
    if own is None:
        with suppress(ImportError):  # since Django 6
            from django.middleware.csp import get_nonce

            own = get_nonce(request)
    return "" if own is None else str(own)


# -- which app is meant


def find(app: Any, urlconf: Any = None) -> MountedAt:
    """The app that a template names. Raises TemplateSyntaxError in words where there is none, or more than one."""
    if isinstance(app, DeclaredPage):
        found = [place for place in places(urlconf) if place.mount is app.mount]
        if not found:
            raise TemplateSyntaxError(
                f'This Blocks ({app.title!r}) has no address. Write path("chat/", demo.urls) in your urls.py.'
            )
        return found[0]
    name = str(app or "").strip()
    if "/" in name and (at := _at(name, urlconf)) is not None:
        return at
    known = list(places(urlconf))
    bare = name.strip("/")
    found = [place for place in known if bare and bare in _names(place)]
    different = {place.mount.key: place for place in found}
    if len(different) > 1:
        several = " or ".join(repr(place.base) for place in different.values())
        raise TemplateSyntaxError(f"{{% blocks {name!r} %}} could mean several apps. Write its address: {several}.")
    if not found:
        names = {each for place in known for each in _names(place) if each}
        raise TemplateSyntaxError(f"There is no app {name!r} in your URLs.{_meant(bare, sorted(names))}")
    return found[0]


def _names(place: MountedAt) -> tuple[str, str, str]:
    """What an app is called: the module that declares it, its last part, and the address."""
    key = place.mount.key
    script = get_script_prefix()
    return key, key.rpartition(".")[2], place.base.removeprefix(script).strip("/")


def _meant(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f" Did you mean {close[0]!r}?"
    return f" There is {', '.join(map(repr, names[:20]))}." if names else ""


def _at(address: str, urlconf: Any) -> MountedAt | None:
    """The app at an address, also below captures of the site's own."""
    script = get_script_prefix()
    path = "/" + address.strip("/")
    path = path.rstrip("/") + "/"
    inner = "/" + path.removeprefix(script) if path.startswith(script) else path
    with suppress(Resolver404):
        match = resolve(inner, urlconf)
        mount = match.kwargs.get("blocks_mount")
        if isinstance(mount, Mount) and match.url_name == "page":
            return MountedAt(mount, public_base(mount.options.root_path, script.rstrip("/") + inner))
    return None


def places(urlconf: Any = None) -> Iterator[MountedAt]:
    """Every app of the site whose address needs nothing that only a request tells."""
    for namespaces, mount in _mounted(get_resolver(urlconf), ()):
        with suppress(NoReverseMatch):
            own = reverse(":".join((*namespaces, "page")), urlconf)
            yield MountedAt(mount, public_base(mount.options.root_path, own))


def _mounted(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mount]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _mounted(each, (*namespaces, each.namespace) if each.namespace else namespaces)
        elif isinstance(each, URLPattern) and each.name == "page":
            mount = each.default_args.get("blocks_mount")
            if isinstance(mount, Mount):
                yield namespaces, mount


# -- who may see it


def _refusal(request: HttpRequest, place: MountedAt, route: str) -> SafeString | None:
    """What a visitor gets who may not see the app; None for the others, and where the app itself has to ask."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return async_to_sync(_refused)(request, place, route)
    return None  # rendered on the event loop, which must not wait


async def _refused(request: HttpRequest, place: MountedAt, route: str) -> SafeString | None:
    asked = copy.copy(request)
    asked.method = "GET"  # looking at the app is what is asked, whatever the page was asked
    guard, refused = place.mount.guard, None
    visit = EndpointRequest(asked, place.mount, None, place.base)
    try:
        visit.identity = await guard(asked)
    except PermissionDenied as error:
        refused = str(error) if getattr(error, "about_account", False) else _NOT_THERE
    if visit.identity is not None:
        if route in await allowed_pages(visit):
            return None
        if not visit.identity.is_anonymous:
            refused = _NOT_ALLOWED
    if refused:
        return _sentence(refused)
    entrance = await guard.entrance(asked, about(visit))
    address = entrance.headers.get("Location") or (place.base if entrance.status_code == 200 else None)
    if address is None:
        return _sentence(_NOT_THERE)
    return format_html('<p class="blocks-app-note" data-denied><a href="{}">Log in</a> to use this app.</p>', address)
