"""The one wrapper for a site's asgi.py: hot endpoints go to consumers, everything else to Django.

    from queue_app.transport.routing import get_asgi_application
    application = get_asgi_application()

A path is resolved through the site's own urlconf, so a Blocks app answers wherever `path("chat/", demo.urls)` put it.
A pattern whose view has the attribute `hot` names the consumer that answers; Django's middleware is not run for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async
from cachetools import FIFOCache
from django.conf import settings
from django.core.asgi import get_asgi_application as django_application
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver
from django.utils.module_loading import import_string

from auth_app.connection import as_request
from blocks_app.connections import released
from blocks_app.web import views
from blocks_app.web.captures import split
from blocks_app.web.languages import language_of, speaking
from queue_app import conf
from queue_app.asgi_types import Application, Receive, Scope, Send
from queue_app.shutdown import sequence
from queue_app.transport.outages import speaking_for
from queue_app.uploads import body_limits
from queue_app.uploads.upload_meter import Body


class Found(NamedTuple):
    """The consumer that answers a path."""

    application: Application
    #: What its own route captured, and the mount.
    kwargs: dict[str, Any]
    #: Its route below the mount (see blocks_app.addresses.root_of).
    tail: str
    #: What the site's prefix captured.
    path_params: dict[str, Any]


#: By language and path.
Cache = FIFOCache[tuple[str, str], Found]

#: The consumers by the name that a pattern's view carries, as "module:class" inside queue_app; imported on first use.
CONSUMERS = {
    "queue.join": "transport.queue_stream:Join",
    "queue.data": "transport.queue_stream:Data",
    "queue.status": "transport.session_endpoints:StatusEndpoint",
    "queue.ws": "transport.websocket:PageSocket",
    "queue.poll": "transport.long_polling:Poll",
    "call.start": "transport.call_api:StartCall",
    "call.start_named": "transport.call_api:StartNamedCall",
    "call.result": "transport.call_api:CallResult",
    "run": "transport.call_api:RunEndpoint",
    "cancel": "transport.session_endpoints:CancelEndpoint",
    "reset": "transport.session_endpoints:ResetEndpoint",
    "heartbeat": "transport.session_endpoints:HeartbeatEndpoint",
    "startup_events": "transport.session_endpoints:StartupEventsEndpoint",
    "app_id": "transport.session_endpoints:AppIdEndpoint",
    "asset": "transport.assets:Asset",
    "generated": "transport.assets:Generated",
    "theme": "transport.assets:Theme",
    "mcp": "agents.endpoint:McpEndpoint",
    "mcp.schema": "agents.endpoint:McpSchema",
    "mcp.sse": "agents.endpoint:McpSse",
    "upload_progress": "transport.upload_stream:UploadProgress",
}

#: Django's views that a consumer answers as well, only faster.
_CONSUMER_OF_VIEW: dict[Any, str] = {views.asset: "asset", views.generated: "generated", views.theme: "theme"}

CACHED_PATHS = 1024  # per urlconf; then the cache starts anew
_ONCE = frozenset(("event_id", "session_hash"))  # a path that names one is used once


class BlocksASGI:
    """Routes hot endpoints to their consumers, other HTTP to `django`, other WebSockets to `websocket`.

    Attributes:
        loaded: the consumers that somebody has asked for so far, by their names in CONSUMERS.
    """

    def __init__(self, django: Application, websocket: Application | None = None) -> None:
        """Wrap a site's applications.

        Args:
            django: what `django.core.asgi.get_asgi_application()` returned.
            websocket: a Channels router for the site's own sockets; without one they are refused.
        """
        self.django = django
        self.websocket = websocket or _refuse_websocket
        self.loaded: dict[str, Application] = {}
        self._serving = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] == "lifespan":
            self._serving = False
            await _lifespan(receive, send)
            return
        if not self._serving:
            self._serving = True
            _begin_to_serve()
        _join_cookies(scope)
        await sequence.attended(self._route, scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "blocks.urlconf" not in scope and (chooser := conf.urlconf()):
            choose = import_string(chooser)  # code of the site, which may ask its database
            scope["blocks.urlconf"] = await sync_to_async(released, thread_sensitive=False)(choose, as_request(scope))
        kind, found = scope["type"], self.find(scope)
        if found is not None and sequence.begun():
            await sequence.refuse_new(scope, receive, send)
        elif found is not None:
            scope["url_route"] = {"args": (), "kwargs": found.kwargs}
            scope["blocks.tail"] = found.tail
            scope["blocks.path_params"] = found.path_params
            with speaking(_language(scope, _own_path(scope))):
                await found.application(scope, receive, send)
        elif kind == "websocket":
            await self.websocket(scope, receive, send)
        elif body_limits.may_have_body(scope):
            await self._take(scope, receive, send)
        else:
            await self.django(scope, receive, speaking_for(scope, send))

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Django answer a request with a body, which is counted while it comes."""
        limit = self.limit_at(scope)
        if limit.mount is not None:
            from queue_app.uploads.uploads import gate  # not before the first upload

            await gate(self.django, limit.mount, scope, receive, speaking_for(scope, send))
            return
        body = scope.get("blocks.body") or Body(body_limits.length_of(scope["headers"]), limit.most)
        if limit.most is not None:
            body_limits.refuse_packed(body, scope["headers"])
        await body_limits.watched(self.django, body, scope, receive, speaking_for(scope, send))

    def limit_at(self, scope: Scope) -> body_limits.BodyLimit:
        """What the body of a request meets at its path."""
        path, resolver = _own_path(scope), get_resolver(scope.get("blocks.urlconf"))
        cache, key = _cache_of(resolver, "blocks_views"), (_language(scope, path), path)
        view = cache.get(key)
        if view is None:
            match = match_of(resolver, path, key[0])
            if match is None:
                return body_limits.NOWHERE if "blocks.urlconf" in scope else body_limits.BodyLimit(conf.max_body_size())
            own = split(match.kwargs)[0]
            view = match.func, own.get("mount")
            if not _ONCE & own.keys():
                cache[key] = view
        return body_limits.limit_of(*view)

    def find(self, scope: Scope) -> Found | None:
        """The consumer and its route for this connection, or None when Django should answer."""
        path = _own_path(scope)
        resolver = get_resolver(scope.get("blocks.urlconf"))
        cache: Cache = _cache_of(resolver)
        key = (_language(scope, path), path)
        found = cache.get(key)
        if found is None:
            found = self._resolve(resolver, key, cache)
        if found is None or (found.application is self.loaded.get("queue.ws")) != (scope["type"] == "websocket"):
            return None
        return found

    def _resolve(self, resolver: URLResolver, key: tuple[str, str], cache: Cache) -> Found | None:
        language, path = key
        match = match_of(resolver, path, language)
        if match is None:
            return None
        name = getattr(match.func, "hot", None) or _CONSUMER_OF_VIEW.get(getattr(match.func, "view", None))
        if name is None:
            return None
        own, path_params = split(match.kwargs)
        found = Found(self._load(name), own, getattr(match.func, "tail", ""), path_params)
        if not _ONCE & own.keys():
            cache[key] = found
        return found

    def _load(self, name: str) -> Application:
        consumer = self.loaded.get(name)
        if consumer is None:
            module, _, attribute = CONSUMERS[name].partition(":")
            consumer = getattr(import_module(f"queue_app.{module}"), attribute).as_asgi()
            self.loaded[name] = consumer
        return consumer


def get_asgi_application(websocket: Application | None = None) -> BlocksASGI:
    """Django's ASGI application with the Blocks endpoints in front: the one line of a site's asgi.py."""
    return BlocksASGI(django_application(), websocket)


def _join_cookies(scope: Scope) -> None:
    """HTTP/2 may send each cookie in a header of its own: join them, as Django reads one (RFC 9113, 8.2.3)."""
    headers = scope["headers"]
    cookies = [value.strip(b"; ") for name, value in headers if name == b"cookie"]
    if len(cookies) > 1:
        others = [each for each in headers if each[0] != b"cookie"]
        scope["headers"] = [*others, (b"cookie", b"; ".join(cookies))]


def _own_path(scope: Scope) -> str:
    """The path below the site's own prefix."""
    path: str = scope["path"]
    prefix = (settings.FORCE_SCRIPT_NAME or scope.get("root_path", "")).rstrip("/")
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path


def _language(scope: Scope, path: str) -> str:
    """The visitor's language, found once per connection: routes may be translated, and functions speak it."""
    found: str | None = scope.get("blocks.language")
    if found is None:
        found = scope["blocks.language"] = language_of(path, scope["headers"], scope.get("blocks.urlconf"))
    return found


def match_of(resolver: URLResolver, path: str, language: str) -> ResolverMatch | None:
    """What a path leads to in a language; None where that is nothing."""
    try:
        with speaking(language):
            return resolver.resolve(path)
    except Resolver404:
        return None


def _cache_of(resolver: URLResolver, name: str = "blocks_paths") -> Any:
    """Paths already resolved; kept on the resolver, which Django replaces whenever the urlconf changes."""
    cache = resolver.__dict__.get(name)
    if cache is None:
        cache = resolver.__dict__[name] = FIFOCache(CACHED_PATHS)
    return cache


def limit_behind(application: Any, path: str) -> body_limits.BodyLimit:
    """What a body meets at this path of a server, whatever is wrapped around."""
    scope: Scope = {"type": "http", "path": path, "headers": []}
    for _ in range(10):
        if isinstance(application, BlocksASGI):
            return application.limit_at(scope)
        place = getattr(application, "place", None)
        if place is not None:
            place(scope)
        application = getattr(application, "application", None) or getattr(application, "app", None)
    return body_limits.SITE


def _begin_to_serve() -> None:
    from queue_app.cluster import message_bus  # its rows, which Django's apps have to be loaded for

    if (here := message_bus.current()) is not None:
        here.begin()
    sequence.starting(whole=False)


async def _refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """No socket lives at this path: the handshake is answered with 403."""
    await receive()
    await send({"type": "websocket.close"})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Start when engines are connected; at shutdown end in order, so that nobody waits forever and nothing is lost."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            sequence.start_anew()
            sequence.starting(whole=True)
            if getattr(settings, "BLOCKS_ENGINE", None):  # the embedded one has nowhere to connect to
                from queue_app.execution.engine import get_ready

                await get_ready()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await sequence.end()
            await send({"type": "lifespan.shutdown.complete"})
            return
