"""The cold endpoints of a mounted app: the page, what describes it, and the files that it is made of."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect, JsonResponse
from django.utils.safestring import mark_safe

from blocks_app import conf, connections
from blocks_app.deep_links import opening
from blocks_app.exceptions import AssetsMissingError
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.page.api_schema import api_info
from blocks_app.page.assets import (
    api_files,
    deferred,
    page_context,
    page_sheet,
    settings_sheets,
    shell_stylesheets,
    with_nonce,
)
from blocks_app.page.config import config as page_config
from blocks_app.page.embedded_sheet import embedded_sheet
from blocks_app.page.generated_files import file_text, page_head
from blocks_app.page.media_policy import media_sources, with_media
from blocks_app.page.modules import find_static
from blocks_app.page.openapi import openapi_document
from blocks_app.page.pages import links
from blocks_app.page.revision import revision
from blocks_app.page.theming import resolve_theme
from blocks_app.page.words import page_language, words_file
from blocks_app.running import encoding
from blocks_app.web import file_views, link_views, static_responses
from blocks_app.web.api_page import endpoints as api_page
from blocks_app.web.endpoint import EndpointRequest
from blocks_app.web.languages import choices
from blocks_app.web.page_templates import rendered

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.web.registry import Mount

JSON_TYPE = "application/json"
#: Characters that could end the script element or the line that the config is written in.
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_AT_ONCE = 1_000_000  # characters that are translated in one call
_SCRIPT_TABLE = str.maketrans(_IN_SCRIPT)
#: Set by Django's reloader (`runblocks`, `runserver`) in the process that it starts anew: pages follow by themselves.
_RELOADING = "RUN_MAIN"
ICON = Path(__file__).resolve().parents[1] / "favicon.svg"


async def page(visit: EndpointRequest, path: str = "") -> HttpResponseBase:
    """One page of the app, with its config inside; the main one has no path."""
    if visit.identity is None:
        return await visit.mount.guard.entrance(visit.request, about(visit))
    allowed = await allowed_pages(visit)
    if path not in allowed:
        if not visit.identity.is_anonymous:
            visit.refused = gettext("Your account may not use this page.")
        return await visit.mount.guard.entrance(visit.request, about(visit))
    if (view := visit.request.GET.get("view")) == "api":
        return await in_thread(lambda: _api_page(visit, allowed))
    if view == "settings-form":
        return await in_thread(lambda: _settings(visit))
    return await in_thread(lambda: _page(visit, path, allowed))


async def page_below(visit: EndpointRequest, path: str) -> HttpResponseBase:
    """The address of a page with a slash at its end: it has none, so that addresses in it mean the same everywhere."""
    query = visit.request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(visit.base + path + (f"?{query}" if query else ""))


async def allowed_pages(visit: EndpointRequest) -> list[str]:
    """The paths of the pages that the visitor may see."""
    blocks, guard = visit.mount.blocks, visit.mount.guard
    return [
        each.path
        for each in blocks.pages
        if each.path not in blocks.page_permissions
        or await guard.allows(visit.identity, blocks.page_permissions[each.path])
    ]


def _page(visit: EndpointRequest, path: str, allowed: list[str]) -> HttpResponseBase:
    nonce = secrets.token_urlsafe(16)
    config = browser_config(visit, path, allowed)
    context = {
        "title": title(visit.mount.blocks, path),
        "nonce": nonce,
        "base": visit.base,
        "username": visit.username,
        "pages": links(config),
        "pwa": visit.mount.options.pwa,
        "link_problem": config.get("deep_link_state") == opening.INVALID,
        "config": mark_safe(script_json(config)),
        "head": mark_safe(with_nonce(page_head(visit.mount.blocks), nonce)),
        **page_context(visit.mount, config, visit.base),
    }
    return _html(visit, "blocks_app/page.html", context)


def browser_config(visit: EndpointRequest, path: str, allowed: list[str]) -> dict[str, Any]:
    """The config of one page as a browser needs it."""
    config: dict[str, Any] = _config(visit, path, allowed) | {
        "revision": revision(visit.mount),
        "reloads": os.environ.get(_RELOADING) == "true",
    }
    if conf.reload() == "anew":
        config["reload"] = "anew"
    config |= deferred(visit.mount, config, visit.base)
    for component in config["components"]:
        del component["component_class_id"]  # told to programs; hashes are what packs worst, and no page reads them
    return config


def title(blocks: DeclaredPage, path: str) -> str:
    """What the browser's history tells the pages of an app by."""
    name = next((page.name for page in blocks.pages if page.path == path), "")
    return f"{name} – {blocks.title}" if path else blocks.title


async def login(visit: EndpointRequest) -> HttpResponseBase:
    """Log in; the guard knows how."""
    return await visit.mount.guard.login(visit.request, about(visit))


async def logout(visit: EndpointRequest) -> HttpResponseBase:
    """Log out; the guard knows how."""
    return await visit.mount.guard.logout(visit.request, about(visit))


def about(visit: EndpointRequest) -> dict[str, object]:
    """What the guard's pages may know of the app: how to look like it, and nothing of its inside."""
    nonce = secrets.token_urlsafe(16)
    return {
        "title": visit.mount.blocks.title,
        "base": visit.base,
        "root": visit.root,
        "nonce": nonce,
        "policy": conf.content_security_policy(nonce),
        "stylesheets": shell_stylesheets(visit.mount, visit.base),
        **page_language(),
        "username": visit.username,
        "refused": visit.refused,
        "rendered": rendered,
    }


async def config(visit: EndpointRequest) -> HttpResponseBase:
    """What clients read first; `?page=` asks for one page alone."""
    allowed = await allowed_pages(visit)
    path = visit.request.GET.get("page")
    only = path if path in allowed else None
    return await in_thread(lambda: _json(_config(visit, only, allowed)))


async def info(visit: EndpointRequest) -> HttpResponseBase:
    """The named endpoints and their types; `?all_endpoints=true` adds the unnamed ones, `?page=` asks for one page."""
    all_endpoints = visit.request.GET.get("all_endpoints") == "true"
    allowed, path = await allowed_pages(visit), visit.request.GET.get("page")
    pages = [path] if path in allowed else allowed

    def made() -> HttpResponse:
        with _files(visit):
            return _json(api_info(visit.mount.blocks, all_endpoints, pages))

    return await in_thread(made)


async def openapi(visit: EndpointRequest) -> HttpResponseBase:
    """The public endpoints as an OpenAPI document."""
    allowed = await allowed_pages(visit)

    def made() -> HttpResponse:
        with _files(visit):
            return _json(openapi_document(visit.mount.blocks, visit.root, allowed))

    return await in_thread(made)


def parameters_of(mount: Mount, name: str) -> list[dict[str, Any]]:
    """The parameters of an endpoint as `info` tells them; kept until the page changes."""
    version, endpoints = mount.attachments.get("named_endpoints", (None, {}))
    if version != mount.blocks.version:
        endpoints = api_info(mount.blocks, all_endpoints=True)["named_endpoints"]
        mount.attachments["named_endpoints"] = mount.blocks.version, endpoints
    parameters: list[dict[str, Any]] = endpoints[f"/{name}"]["parameters"]
    return parameters


async def theme(visit: EndpointRequest) -> HttpResponseBase:
    """The theme's variables. The page asks with the hash in the query, so that the answer may be kept."""
    cache = static_responses.IMMUTABLE if visit.request.GET else static_responses.REVALIDATE
    sheet = static_responses.text(theme_text(visit.mount), static_responses.kind_of("theme.css"), accepted(visit))
    return static_responses.respond(visit.request, sheet, cache)


def theme_text(mount: Mount) -> str:
    """The style sheet of an app's theme, written once per page and theme."""
    theme = mount.blocks.theme
    kept = mount.attachments.get("theme_css")
    if kept is None or kept[0] is not theme:
        kept = mount.attachments["theme_css"] = theme, resolve_theme(theme).css_text()
    text: str = kept[1]
    return text


async def asset(visit: EndpointRequest, name: str) -> HttpResponseBase:
    """One built bundle; its name carries a hash, so browsers keep it for ever."""
    content = static_responses.bundle(name, visit.request.headers.get("Accept-Encoding", ""))
    return (
        static_responses.respond(visit.request, content, static_responses.IMMUTABLE)
        if content
        else static_responses.not_found()
    )


async def static(visit: EndpointRequest, name: str) -> HttpResponseBase:
    """A static file beside a component's module that the page declares, for components of other apps."""
    path = find_static(visit.mount.blocks, name)
    try:
        content = static_responses.program_file(path) if path else None
    except OSError:
        content = None
    return (
        static_responses.respond(visit.request, content, static_responses.REVALIDATE)
        if content
        else static_responses.not_found()
    )


async def generated(visit: EndpointRequest, name: str) -> HttpResponseBase:
    """The page's style sheet and the app's own css and js texts as files."""
    text = generated_text(visit.mount, name)
    if text is None:
        return static_responses.not_found()
    return static_responses.respond(
        visit.request,
        static_responses.text(text, static_responses.kind_of(name), accepted(visit)),
        static_responses.IMMUTABLE,
    )


def generated_text(mount: Mount, name: str) -> str | None:
    """The content of a file below `app/`; None when there is no such file."""
    if name.startswith(("page-", "embed-")):
        try:
            sheet = page_sheet(mount) if name.startswith("page-") else embedded_sheet(mount)
        except AssetsMissingError:
            return None
        return sheet.text if sheet.name == name else None
    if name.startswith("words-"):
        return words_file(name)
    return file_text(mount.blocks, name)


async def upload(visit: EndpointRequest) -> HttpResponseBase:
    """Take files in; see file_views."""
    return await file_views.upload(visit.request, mount=visit.mount, identity=visit.identity)


async def file(visit: EndpointRequest, name: str) -> HttpResponseBase:
    """Give a file out; see file_views."""
    return await file_views.serve(visit.request, name, mount=visit.mount, identity=visit.identity)


async def favicon(visit: EndpointRequest) -> HttpResponseBase:
    """The icon given to launch(), else our own."""
    path = Path(visit.mount.options.favicon_path or ICON)
    try:
        content = static_responses.program_file(path)
    except OSError:
        return static_responses.not_found()
    return static_responses.respond(visit.request, content, "public, max-age=3600")


async def robots(visit: EndpointRequest) -> HttpResponseBase:
    """Crawlers may read everything that is public, but nothing of an app that is shared by a link."""
    closed = "/" if visit.mount.options.shared else ""
    return HttpResponse(f"User-agent: *\nDisallow: {closed}", content_type="text/plain; charset=utf-8")


async def user(visit: EndpointRequest) -> HttpResponseBase:
    """The visitor's name as a JSON string, or null."""
    return _json(visit.username)


async def deep_link(visit: EndpointRequest) -> HttpResponseBase:
    """Make a link to the page as it is; see link_views."""
    return await link_views.make(visit, await allowed_pages(visit))


async def token(visit: EndpointRequest) -> HttpResponseBase:
    """Always without a token: cookies are not told to scripts."""
    return _json({"token": None, "user": visit.username})


async def login_check(visit: EndpointRequest) -> HttpResponseBase:
    """null for those who may use the app; others get 401 before they come here."""
    return _json(None)


async def no_proxy(visit: EndpointRequest, address: str) -> HttpResponseBase:
    """This server fetches nothing for a client."""
    return JsonResponse({"detail": "This URL cannot be proxied."}, status=400)


async def in_thread(work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What is made of blocks and their values grows with them, and runs the code of components: not for the loop."""

    def guarded() -> HttpResponseBase:
        try:
            return work()
        except Exception:
            raise
        except BaseException as error:  # such as SystemExit, which would end the server
            raise RuntimeError(f"The page could not be made: {type(error).__name__}.") from None
        finally:
            connections.release()

    # which, unlike asyncio.to_thread, takes along what Django keeps for the request, such as its language
    return await sync_to_async(guarded, thread_sensitive=False)()


def accepted(visit: EndpointRequest) -> str:
    """The encodings that the browser reads."""
    return visit.request.headers.get("Accept-Encoding", "")


def script_json(value: object) -> str:
    """JSON that may stand inside a script element."""
    text = encoding.encode(value).decode()
    return "".join(text[at : at + _AT_ONCE].translate(_SCRIPT_TABLE) for at in range(0, len(text), _AT_ONCE))


def _api_page(visit: EndpointRequest, allowed: list[str]) -> HttpResponseBase:
    blocks, agents = visit.mount.blocks, visit.mount.options.has_mcp
    tab = agents and visit.request.GET.get("tab") == "mcp"
    context = {**about(visit), "agents": agents, "tab": tab, **api_files(visit.base)}
    with _files(visit):
        if tab:
            context |= api_page.for_agents(blocks, visit.root, allowed)
        else:
            context["endpoints"] = api_page.endpoints(blocks, visit.root, allowed, bool(visit.username))
    return _html(visit, "blocks_app/api.html", context)


def _settings(visit: EndpointRequest) -> HttpResponseBase:
    """The form that the page shows over itself."""
    languages = choices()
    context = {
        "sheets": settings_sheets(visit.base),
        "languages": languages if len(languages) > 1 else (),
        "language": visit.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        "cookie": settings.LANGUAGE_COOKIE_NAME,
        "cookie_path": settings.LANGUAGE_COOKIE_PATH,
    }
    response = HttpResponse(rendered("blocks_app/settings.html", context, visit.request))
    response["Cache-Control"] = "no-store"
    return response


def _files(visit: EndpointRequest) -> AbstractContextManager[None]:
    """Inside, files are told as this visitor may ask for them, never as paths of this machine."""
    return file_data.use(file_data.FileContext(url_prefix=f"{visit.root}/gradio_api", mount=visit.mount.key))


def _html(visit: EndpointRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """A page under the policy that its nonce belongs to."""
    response = HttpResponse(rendered(template, context, visit.request))
    response["Cache-Control"] = "no-store"
    if policy := with_media(conf.content_security_policy(str(context["nonce"])), media_sources(visit.mount)):
        response["Content-Security-Policy"] = policy
    return static_responses.squeeze(visit.request, response)


def _config(visit: EndpointRequest, path: str | None, allowed: list[str]) -> dict[str, object]:
    built = page_config(visit.mount, visit.root, visit.base, visit.username, path, allowed)
    if link := visit.request.GET.get("deep_link"):
        key, where = visit.mount.key, link_views.where_of(visit)
        built["deep_link_state"] = opening.open_link(built, visit.mount.blocks, key, link, path, where)
    return built


def _json(value: object) -> HttpResponse:
    return HttpResponse(encoding.encode(value), content_type=JSON_TYPE)
