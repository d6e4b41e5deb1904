"""The addresses of one mounted app. `path("chat/", demo.urls)` includes them under "chat/".

Every endpoint for programs exists bare and below `gradio_api/`, with and without a slash at the end: old and new
clients ask differently, and a redirect would lose what they post. Cold ones are async Django views of this app; hot
ones only carry the name of the consumer that queue_app puts before Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.urls.resolvers import RoutePattern

from blocks_app.connections import EveryDatabase
from blocks_app.web import embed_views, library_views, views
from blocks_app.web.captures import private
from blocks_app.web.endpoint import Endpoint
from blocks_app.web.pwa import views as pwa

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount

API_PREFIX = "gradio_api/"


class Hot:
    """An endpoint that a consumer of queue_app answers before Django's middleware. `hot` is the consumer's name."""

    csrf_exempt = True  # programs send no token; the guard checks the origin instead
    login_required = False
    _non_atomic_requests = EveryDatabase()

    def __init__(self, hot: str, tail: str) -> None:
        self.hot = hot
        self.tail = tail

    def __call__(self, request: HttpRequest, /, **captured: object) -> JsonResponse:
        """Reached when the site's ASGI application lacks the wrapper, or by plain HTTP where a WebSocket lives."""
        if self.hot == "queue.ws" and hasattr(request, "scope"):
            return JsonResponse(
                {"detail": "Open this address as a WebSocket."}, status=426, headers={"Upgrade": "websocket"}
            )
        detail = (
            "This endpoint needs the Blocks wrapper. In asgi.py write: from queue_app.asgi import BlocksASGI; "
            "application = BlocksASGI(get_asgi_application()). Serve it with Daphne or Uvicorn, not with WSGI."
        )
        if getattr(request, "urlconf", None) is not None and hasattr(request, "scope"):
            detail = (
                "This address is in a urlconf that a middleware chose, which events do not pass. Name a function that "
                "makes the same choice in the setting BLOCKS_URLCONF."
            )
        return JsonResponse({"detail": detail}, status=501)


#: Routes below the mount and the consumers that answer them.
HOT_ROUTES = {
    "queue/join": "queue.join",
    "queue/data": "queue.data",
    "queue/ws": "queue.ws",
    "queue/poll": "queue.poll",
    "queue/status": "queue.status",
    "upload_progress": "upload_progress",
    "call/v2/<str:name>": "call.start_named",
    "call/v2/<str:name>/<str:event_id>": "call.result",
    "call/<str:name>": "call.start",
    "call/<str:name>/<str:event_id>": "call.result",
    "run/<str:name>": "run",
    "api/<str:name>": "run",
    "cancel": "cancel",
    "reset": "reset",
    "heartbeat/<str:session_hash>": "heartbeat",
    "startup-events": "startup_events",
    "app_id": "app_id",
    "mcp": "mcp",
    "mcp/http": "mcp",
    "mcp/schema": "mcp.schema",
    "mcp/sse": "mcp.sse",
}

#: Routes for programs, answered by views.
API_ROUTES = {
    "config": Endpoint(views.config),
    "info": Endpoint(views.info),
    "openapi.json": Endpoint(views.openapi),
    "theme.css": Endpoint(views.theme, private=False),
    "user": Endpoint(views.user, private=False),
    "token": Endpoint(views.token, private=False),
    "login_check": Endpoint(views.login_check),
    "upload": Endpoint(views.upload, methods=("POST",)),
    "deep_link": Endpoint(views.deep_link, methods=("GET", "POST"), takes_values=True),
    "file=<path:name>": Endpoint(views.file),
    "file/<path:name>": Endpoint(views.file),
    "proxy=<path:address>": Endpoint(views.no_proxy, private=False),
}

#: Routes of the page itself.
PAGE_ROUTES = {
    "": Endpoint(views.page, private=False),
    "login": Endpoint(views.login, private=False, methods=("GET", "HEAD", "POST")),
    "login/": Endpoint(views.login, private=False, methods=("GET", "HEAD", "POST")),
    "logout": Endpoint(views.logout, private=False, methods=("GET", "HEAD", "POST")),
    "logout/": Endpoint(views.logout, private=False, methods=("GET", "HEAD", "POST")),
    "assets/<path:name>": Endpoint(views.asset, private=False),
    "static/<path:name>": Endpoint(views.static, private=False),
    "app/<str:name>": Endpoint(views.generated),
    "blocks-app.js": Endpoint(embed_views.loader, private=False),
    "embed": Endpoint(embed_views.description),
    "embed/<int:number>/assets/<path:name>": Endpoint(embed_views.asset, private=False),
    "embed/<int:number>/static/<path:name>": Endpoint(embed_views.static, private=False),
    "embed/<int:number>/app/<str:name>": Endpoint(embed_views.generated),
    "libraries/<str:name>": Endpoint(library_views.library),
    "favicon.ico": Endpoint(views.favicon, private=False),
    "robots.txt": Endpoint(views.robots, private=False),
    "manifest.json": Endpoint(pwa.manifest, private=False),
    "service-worker.js": Endpoint(pwa.service_worker, private=False),
    "offline.html": Endpoint(pwa.offline_page, private=False),
    "pwa_icon/<int:size>": Endpoint(pwa.icon, private=False),
}


_PAGE = Endpoint(views.page, private=False)
_PAGE_BELOW = Endpoint(views.page_below, private=False)


def patterns(mount: Mount) -> list[URLPattern]:
    """Every address of one mounted app, for Django's `path`."""
    found = [_cold(route, endpoint, mount) for route, endpoint in PAGE_ROUTES.items()]
    for page in mount.blocks.pages[1:]:
        for tail, endpoint in ((page.path, _PAGE), (f"{page.path}/", _PAGE_BELOW)):
            given = {"blocks_mount": mount, "blocks_path": page.path}
            found.append(path(tail, endpoint.at(tail), given, name=None))
    for prefix in ("", API_PREFIX):
        for route, endpoint in API_ROUTES.items():
            found += [_cold(prefix + route + slash, endpoint, mount) for slash in _endings(route)]
        for route, hot in HOT_ROUTES.items():
            for slash in _endings(route):
                tail = prefix + route + slash
                found.append(path(private(tail), Hot(hot, template(tail)), {"blocks_mount": mount}))
    return found


def _endings(route: str) -> tuple[str, ...]:
    return ("",) if "<path:" in route or "." in route else ("", "/")


def _cold(tail: str, endpoint: Endpoint, mount: Mount) -> URLPattern:
    name = endpoint.name if not tail.startswith(API_PREFIX) and not tail.endswith("/") else None
    return path(private(tail), endpoint.at(template(tail)), {"blocks_mount": mount}, name=name)


def template(route: str) -> str:
    """A route as a format string: "call/<str:name>" gives "call/{name}"."""
    result = route
    for name in RoutePattern(route).converters:
        start = result.index("<")
        result = f"{result[:start]}{{{name}}}{result[result.index('>') + 1 :]}"
    return result
