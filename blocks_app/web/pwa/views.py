"""Views of an app that can be installed (`launch(pwa=True)`, `demo.serving(pwa=True)`).

The service worker keeps one page, which says that the device is offline and has nothing of any visitor in it. All else
goes to the server as if the worker were not there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase, JsonResponse

from blocks_app.web import static_responses
from blocks_app.web.page_templates import rendered
from blocks_app.web.pwa import icons

if TYPE_CHECKING:
    from blocks_app.web.endpoint import EndpointRequest

#: Colours of the bars around the app, in light and dark.
COLORS = {"light": "#ffffff", "dark": "#0b0f19"}
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_SHOWN = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif", "image/x-icon")


async def manifest(visit: EndpointRequest) -> HttpResponseBase:
    """What a device needs to put the app among its own."""
    name = visit.mount.blocks.title
    found = {
        "id": visit.base,
        "name": name,
        "short_name": name,
        "start_url": visit.base,
        "scope": visit.base,
        "display": "standalone",
        "background_color": COLORS["light"],
        "theme_color": COLORS["light"],
        "icons": await sync_to_async(_icons, thread_sensitive=False)(visit),
    }
    return JsonResponse(found, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def service_worker(visit: EndpointRequest) -> HttpResponseBase:
    """The worker; where the app is not to be installed (any more), one that takes itself away."""
    offline = _offline(visit)
    context = {
        "on": visit.mount.options.pwa,
        "page": json.dumps(f"{visit.base}offline.html"),
        "cache": json.dumps(f"blocks-offline:{visit.base}"),
        "version": json.dumps(hashlib.sha256(offline.encode()).hexdigest()[:16]),
    }
    content = rendered("blocks_app/service_worker.js", context)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'; connect-src 'self'"}
    return HttpResponse(content, content_type="text/javascript; charset=utf-8", headers=headers)


async def offline_page(visit: EndpointRequest) -> HttpResponseBase:
    """What the worker keeps: that the device is offline, and a way to try again."""
    if not visit.mount.options.pwa:
        return static_responses.not_found()
    page = _offline(visit)
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(hashes['script'])}",
            f"style-src {' '.join(hashes['style'])}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )
    return HttpResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"})


async def icon(visit: EndpointRequest, size: int) -> HttpResponseBase:
    """An icon as PNG, in one of the sizes that the manifest names; `?maskable` fills its edges."""
    if size not in icons.SIZES or not visit.mount.options.pwa:
        return static_responses.not_found()
    maskable = "maskable" in visit.request.GET
    content = await sync_to_async(_png, thread_sensitive=False)(visit, size, maskable)
    if content is None:
        return static_responses.not_found()
    return HttpResponse(content, content_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


def _png(visit: EndpointRequest, size: int, maskable: bool = False) -> bytes | None:
    path = visit.mount.options.favicon_path
    try:
        return icons.png(Path(path) if path else None, size, maskable)
    except OSError:
        return None


def _icons(visit: EndpointRequest) -> list[dict[str, Any]]:
    found = []
    name = Path(visit.mount.options.favicon_path or "favicon.svg").name
    if (kind := static_responses.kind_of(name)) in _SHOWN:
        found.append({"src": f"{visit.base}favicon.ico", "sizes": "any", "type": kind, "purpose": "any"})
    if not visit.mount.options.pwa or _png(visit, 192) is None:
        return found
    drawn = [
        {"src": f"{visit.base}pwa_icon/{size}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    maskable = {**drawn[1], "src": f"{drawn[1]['src']}?maskable", "purpose": "maskable"}
    vector = [each for each in found if each["type"] == "image/svg+xml"]  # a small picture is not for "any" size
    return [*drawn, maskable, *vector]


def _offline(visit: EndpointRequest) -> str:
    return rendered("blocks_app/offline.html", {"title": visit.mount.blocks.title})
