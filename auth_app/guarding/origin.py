"""Refuses what another site's page asks in a visitor's name.

Gradio's clients send no CSRF token, so the browser's own word decides: `Sec-Fetch-Site` where it sends that, else
`Origin`. A program sends neither and is served, unless it speaks with a login cookie: then it must show the CSRF token
or an `Authorization` header, as an old browser would otherwise be taken for a program.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from auth_app.exceptions import ForeignOrigin


def refuse_foreign(request: HttpRequest) -> None:
    """Raise ForeignOrigin when the request's own headers say that a page of another site makes it."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site in ("same-origin", "none") and origin != "null":
        return
    if site is None and origin is None:
        return
    if origin is None or not (_is_own(origin, request) or _is_trusted(origin)):
        raise ForeignOrigin


def is_meant(request: HttpRequest) -> bool | None:
    """Whether a page of ours, or the address bar, led to a GET that changes something; None when nothing tells.

    Browsers that say nothing by themselves (old ones, and all of them without TLS) tell the page in `Referer`, unless
    that page forbids it, so who tells nothing may be a picture on another site's page.
    """
    headers = request.headers
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is not None:
        return site in ("same-origin", "none") and origin != "null"
    declared = origin if origin is not None else headers.get("Referer")
    if declared is not None:
        return _is_own(declared, request)
    if _csrf.process_view(_without_body(request), _no_view, (), {}) is None:
        return True
    return False if "Mozilla/" in headers.get("User-Agent", "") else None


def is_program(request: HttpRequest) -> bool:
    """Whether no browser sends this: pages that send a form say where they are, or bring the CSRF cookie."""
    declared = any(name in request.headers for name in ("Origin", "Sec-Fetch-Site", "Referer"))
    return not declared and settings.CSRF_COOKIE_NAME not in request.COOKIES


def refuse_unproven(request: HttpRequest) -> None:
    """Raise ForeignOrigin when a cookie alone speaks for the user: no page, no token, no `Authorization`."""
    headers = request.headers
    if "Sec-Fetch-Site" in headers or "Origin" in headers or "Authorization" in headers:
        return
    if _csrf.process_view(_without_body(request), _no_view, (), {}) is not None:
        raise ForeignOrigin(
            "This request carries a login cookie but nothing that shows which page sent it. "
            "Send the header X-CSRFToken with the value of the csrftoken cookie, or an Authorization header."
        )


def _is_own(origin: str, request: HttpRequest) -> bool:
    """Same host and port as the request's. An https page may ask through a proxy that ends TLS, not the reverse."""
    parts = urlsplit(origin)
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    if parts.netloc.lower() != host.lower():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and not request.is_secure())


def _is_trusted(origin: str) -> bool:
    """Whether `CSRF_TRUSTED_ORIGINS` has it, with Django's `https://*.example.com` for sub-domains."""
    parts = urlsplit(origin.lower())
    for trusted in settings.CSRF_TRUSTED_ORIGINS:
        scheme, _, host = trusted.lower().partition("://")
        if scheme == parts.scheme and (parts.netloc == host or (host[:2] == "*." and parts.netloc.endswith(host[1:]))):
            return True
    return False


def _without_body(request: HttpRequest) -> HttpRequest:
    """The request as one whose token is in a header: looking for a form field would read a whole upload.

    A WebSocket opens with GET, which Django would let pass.
    """
    scope = getattr(request, "scope", None)
    if scope is None:
        return request
    return ASGIRequest({**scope, "method": "PUT"}, BytesIO())


def _no_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_csrf = CsrfViewMiddleware(_no_view)
