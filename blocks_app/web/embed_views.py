"""What an app in a page of a site asks for: its description, and its own copies of modules and scripts.

The loader (frontend/embed/loader.ts) gives each app of a page a number; below `embed/<number>/` every file of the
app's code is there once more, so that the browser makes modules of their own of them. Files are the same for every
number, but for the app's own scripts, which find there what stands for `document` and `window` (embed/context.ts).
"""

from __future__ import annotations

import json
import re

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import check_for_language

from blocks_app.exceptions import AssetsMissingError
from blocks_app.page.assets import LOADER, MAIN, PUBLIC_MODULE, manifest, page_context
from blocks_app.page.embedded_sheet import embedded_sheet
from blocks_app.page.modules import find_static
from blocks_app.running import encoding
from blocks_app.web import static_responses, views
from blocks_app.web.endpoint import EndpointRequest
from blocks_app.web.languages import speaking
from blocks_app.web.views import accepted, allowed_pages, browser_config, generated_text, in_thread, title

_BARE = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])blocks\2""")
#: Names that scripts of the app find replaced. Components of others have one: that by which elements are made known.
_NAMES = "document, window, globalThis, location, gradioApp"


async def description(visit: EndpointRequest) -> HttpResponseBase:
    """What the loader needs of the app, and the config, each in a line; `?page=` and `?lang=` choose."""
    allowed, path = await allowed_pages(visit), visit.request.GET.get("page", "").strip("/")
    if path not in allowed:
        if all(page.path != path for page in visit.mount.blocks.pages):
            return JsonResponse({"detail": f"This app has no page {path!r}."}, status=404)
        if visit.identity.is_anonymous:
            return JsonResponse({"detail": "Not authenticated"}, status=401)
        return JsonResponse({"detail": "Your account may not use this page."}, status=403)
    chosen = visit.request.GET.get("lang", "")
    with speaking(chosen if chosen and check_for_language(chosen) else ""):
        return await in_thread(lambda: _described(visit, path, allowed))


def _described(visit: EndpointRequest, path: str, allowed: list[str]) -> HttpResponseBase:
    config = browser_config(visit, path, allowed)
    for component in config["components"]:
        if component["props"].get("autofocus"):  # the focus, and with it what is in sight, is the page's
            component["props"] = {**component["props"], "autofocus": False}
    context = page_context(visit.mount, config, visit.base)
    sheet = embedded_sheet(visit.mount)
    ours, theirs = manifest(), manifest(embedded=True)
    built = {ours[source].file: theirs[source] for source in ours if source in theirs}
    later = set(config.get("deferred", ()))
    first = [theirs[MAIN]]
    for component in config["components"]:
        name = (component.get("module") or "").removeprefix(f"{visit.base}assets/")
        if component["id"] not in later and name in built:
            first.append(built[name])
    about = {
        "base": visit.base,
        "title": title(visit.mount.blocks, path),
        "lang": context["lang"],
        "direction": context["direction"],
        "words": context["words"],
        "shape": context["shape"],
        "sheet": f"{visit.base}app/{sheet.name}",
        "holds": " ".join(sheet.holds),
        "files": {name: entry.file for name, entry in built.items() if name != entry.file},
        "entry": theirs[MAIN].file,
        "modules": list(dict.fromkeys(file for entry in first for file in (*entry.imports, entry.file))),
    }
    body = encoding.encode(about) + b"\n" + encoding.encode(config)
    response = HttpResponse(body, content_type="application/x-ndjson; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return static_responses.squeeze(visit.request, response)


async def loader(visit: EndpointRequest) -> HttpResponseBase:
    """The script that makes `<blocks-app>` known, under an address that stays."""
    content = static_responses.bundle(loader_file(), accepted(visit))
    if content is None:
        return static_responses.not_found()
    return static_responses.respond(visit.request, content, static_responses.REVALIDATE)


def loader_file() -> str:
    """The name of the loader's file; "" where there is no build."""
    try:
        return manifest()[LOADER].file
    except (AssetsMissingError, KeyError):
        return ""


async def asset(visit: EndpointRequest, number: int, name: str) -> HttpResponseBase:
    """One built bundle."""
    return await views.asset(visit, name)


async def static(visit: EndpointRequest, number: int, name: str) -> HttpResponseBase:
    """A static file of a component of another app; a module among them imports this app's "blocks"."""
    path = find_static(visit.mount.blocks, name)
    try:
        content = static_responses.program_file(path) if path else None
    except OSError:
        content = None
    if content is None:
        return static_responses.not_found()
    if content.kind.startswith("text/javascript"):
        text = own_module(content.body.decode(errors="replace"), f"{_code(visit, number)}assets/", _code(visit, number))
        content = static_responses.text(text, content.kind, accepted(visit))
    return static_responses.respond(visit.request, content, static_responses.REVALIDATE)


async def generated(visit: EndpointRequest, number: int, name: str) -> HttpResponseBase:
    """The app's own js texts, which find this app's names."""
    text = generated_text(visit.mount, name)
    if text is None or not name.endswith(".js"):
        return static_responses.not_found()
    own = own_script(text, _code(visit, number), module=name.startswith("fns-"))
    content = static_responses.text(own, static_responses.kind_of(name), accepted(visit))
    return static_responses.respond(visit.request, content, static_responses.IMMUTABLE)


def _code(visit: EndpointRequest, number: int) -> str:
    return f"{visit.base}embed/{number}/"


def own_module(text: str, assets: str, code: str) -> str:
    """A module of another app with the address of "blocks" in it, as a site's page has no import map of ours."""
    address = json.dumps(assets + manifest(embedded=True)[PUBLIC_MODULE].file)
    own = _BARE.sub(lambda match: match[1] + address, text)
    return f"{_taken('customElements', code)}\n{own}" if "customElements" in text else own


def own_script(text: str, code: str, *, module: bool) -> str:
    """A script of the app in whose scope the app's own names are; one that is no module is an expression."""
    if module:
        return f"{_taken(_NAMES, code)}\n{text}"
    return f"{{ {_taken(_NAMES, code)}\n{text}\n}}\n"


def _taken(names: str, code: str) -> str:
    app = f"new URL({json.dumps(code)}, self.location.href).href"
    return f'const {{ {names} }} = self[Symbol.for("blocks.embedded")].apps.get({app}).names;'
