"""What is around a site's process: told when it is away, and never waited for without an end.

Django answers an error of the database or the cache with a bare page that says "Server Error (500)". Where a site has
no page of its own for that, its wrapper says what is away instead, with 503, so that monitors, proxies and people know
that it is worth trying again. `problems` asks everything once, for `ready`.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import caches
from django.core.signals import got_request_exception
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver
from django.views import defaults

from auth_app.visitors.reaching import confirm_absence, reachable
from blocks_app.files.filestore import default_store
from blocks_app.outages import RETRY_AFTER, Outage, classify_outage
from queue_app import conf

if TYPE_CHECKING:
    from queue_app.asgi_types import Scope, Send

#: Backends that wait for a silent server as long as it likes, and the options that bound it.
_BOUNDED = {
    "django.core.cache.backends.redis.RedisCache": ("socket_timeout", "socket_connect_timeout"),
    "django.core.cache.backends.memcached.PyMemcacheCache": ("timeout", "connect_timeout"),
}
_OUTAGE = "blocks.outage"


def connect() -> None:
    """Once, when the apps are ready."""
    got_request_exception.connect(_note, dispatch_uid="queue_app.surroundings")
    bound_caches()


def bound_caches() -> None:
    """Give each cache an end of its patience where the site's settings give none (`BLOCKS_CACHE_TIMEOUT`)."""
    for chosen in caches.settings.values():
        names = _BOUNDED.get(chosen.get("BACKEND", ""), ())
        options = chosen.setdefault("OPTIONS", {}) if names else {}
        for name in names:
            options.setdefault(name, conf.cache_timeout())


def _note(sender: Any, request: Any = None, **_: Any) -> None:
    """Django is about to answer an exception with 500."""
    scope = getattr(request, "scope", None)
    error = sys.exc_info()[1]
    if scope is not None and error is not None and not settings.DEBUG:
        scope[_OUTAGE] = classify_outage(error)


def speaking_for(scope: Scope, send: Send) -> Send:
    """`send` of a request that Django answers: a bare 500 because of an outage becomes a sentence."""
    replaced = False

    async def give(message: dict[str, Any]) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start":
            outage = scope.get(_OUTAGE) if message["status"] == 500 and _is_bare(scope) else None
            if outage is None and _ends_session(message):
                outage = await _sessions_outage()
            if outage is not None:
                replaced = True
                await _answer(send, outage)
        if not replaced:
            await send(message)

    return give


def _ends_session(message: dict[str, Any]) -> bool:
    """Whether an answer takes its visitor's session away, as Django does with one that its cache does not have."""
    if not settings.SESSION_ENGINE.endswith(".cache"):
        return False
    start = settings.SESSION_COOKIE_NAME.encode() + b"="
    cookies = [value for name, value in message.get("headers", ()) if name.lower() == b"set-cookie"]
    return any(value.startswith(start) and b"max-age=0" in value.lower() for value in cookies)


async def _sessions_outage() -> Outage | None:
    """Whether sessions are only away, for Django takes a cache that does not answer for an empty one."""
    try:
        await sync_to_async(reachable, thread_sensitive=False)(confirm_absence)
    except Exception as error:
        return classify_outage(error)
    return None


async def _answer(send: Send, outage: Outage) -> None:
    body = orjson.dumps({"detail": outage.detail})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"retry-after", b"%d" % RETRY_AFTER),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": outage.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_bare(scope: Scope) -> bool:
    """Whether the site has left its page for errors to Django."""
    urlconf = scope.get("blocks.urlconf")
    if urlconf is not None:
        return True  # an app that is launched alone: its pages are ours
    if get_resolver().resolve_error_handler(500) is not defaults.server_error:
        return False
    try:
        get_template("500.html")
    except TemplateDoesNotExist:
        return True
    return False


def problems() -> Iterator[str]:
    """What does not work, in words; each thing is really used."""
    aliases = {"default", conf.state_cache() or "default"}
    if "cache" in settings.SESSION_ENGINE.rpartition(".")[2]:
        aliases.add(settings.SESSION_CACHE_ALIAS)
    for alias in sorted(aliases & set(caches.settings)):
        yield from _tried(partial(_use_cache, alias), f"The cache {alias!r}")
    yield from _tried(_use_storage, "The storage of files")
    yield from _tried(_use_temporary, "The folder for temporary files")


def _tried(use: Callable[[], None], name: str) -> Iterator[str]:
    try:
        use()
    except Exception as error:
        outage = classify_outage(error)
        detail = outage.detail if outage is not None else f"It fails with {type(error).__name__}."
        yield f"{name} does not work: {detail}"


def _use_cache(alias: str) -> None:
    key, value = f"blocks.ready.{secrets.token_hex(8)}", "1"
    caches[alias].set(key, value, 10)
    caches[alias].delete(key)


def _use_storage() -> None:
    store = default_store()
    key = f".ready-{secrets.token_hex(8)}"
    from django.core.files.base import ContentFile  # with the storage

    store.storage.delete(store.storage.save(key, ContentFile(b"1")))


def _use_temporary() -> None:
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        file.write(b"1")
