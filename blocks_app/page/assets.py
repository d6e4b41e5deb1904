"""What the build made (`make build`): addresses of browser modules and style sheets, from the manifest.

`page_context` gives the template page.html what it names beside `title`, `nonce`, `base`, `config` (JSON that
is safe inside a script element) and `head` (HTML, its scripts and styles with the nonce: see `with_nonce`):

    entry             address of the module that starts the page
    import_map        JSON that maps "blocks" to the one shared module
    module_preloads   addresses of every module that this page uses at first, and no other
    sheet             address of the page's own style sheet: the theme and every file of the build that it uses
    sheet_holds       names of those files, so that no module links one of them again
    stylesheets       addresses of the others in order; the app's `css` last, so that it wins
    early_socket      address of the WebSocket to open while the modules load; None when no event needs one
    settings          address of the module that opens the settings
    mending           address of the module that shows why the sources cannot be loaded
    words             address of the script with the page's own texts in that language; "" for English
    lang              language of the page
    direction         "rtl" where that is written from right to left
    show_api          whether the footer links to the API
    shape             classes of the container: fill-height, fill-width
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from blocks_app.exceptions import AssetsMissingError
from blocks_app.page.generated_files import generated_files
from blocks_app.page.theming import resolve_theme
from blocks_app.page.unseen import unseen
from blocks_app.page.words import page_language, words_address

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.declaration.mount import Mount
    from blocks_app.tree.block import Block

BUNDLES = Path(__file__).resolve().parents[1] / "static" / "blocks_app"
MAIN = "blocks_app/frontend/main.ts"
PUBLIC_MODULE = "blocks_app/frontend/blocks.ts"
#: What keeps the places of elements that come later.
DEFERRED = "blocks_app/frontend/deferred.ts"
#: What opens the settings of a page.
SETTINGS = "blocks_app/frontend/settings.ts"
#: What shows why the sources cannot be loaded, where the server follows them.
MENDING = "blocks_app/frontend/mending.ts"
#: What lets copy and try on the page of the API.
API = "blocks_app/frontend/api_page.ts"
#: Whose style sheet the links between pages need.
NAVBAR = "blocks_app/components/navbar.ts"
LOADER = "blocks_app/frontend/embed/loader.ts"
TOGETHER = "together.json"
_OPENING = re.compile(r"<(script|style|link)\b(?![^>]*\bnonce=)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Built:
    """One entry of the build: its file, the modules that it imports, its style sheets; names below `assets/`."""

    file: str
    imports: tuple[str, ...]
    css: tuple[str, ...]


def manifest(*, embedded: bool = False) -> dict[str, Built]:
    """The build's entries by source path, read anew after each build; or those of the build for embedded apps.

    Raises:
        AssetsMissingError: there is no build.
    """
    path = BUNDLES / ("embed.json" if embedded else "manifest.json")
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        raise AssetsMissingError() from None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, Built]:
    entries: dict[str, dict[str, Any]] = json.loads(path.read_text())
    built = {source: _built(source, entries) for source in entries}
    carried = path.with_name(TOGETHER)
    if carried.exists():  # elements of nearly every page, which are part of the core
        built |= dict.fromkeys(json.loads(carried.read_text()), built[MAIN])
    return built


def _built(source: str, entries: dict[str, dict[str, Any]]) -> Built:
    """Follows the imports of an entry, nearest last, so that preloads come in the order of need."""
    imports: list[str] = []
    css: list[str] = []

    def follow(name: str) -> None:
        for other in entries[name].get("imports", ()):
            if other in entries and entries[other]["file"] not in imports:
                follow(other)
                imports.append(entries[other]["file"])
        css.extend(sheet for sheet in entries[name].get("css", ()) if sheet not in css)

    follow(source)
    return Built(entries[source]["file"], tuple(imports), tuple(css))


def block_assets(block: type[Block], base: str, built: dict[str, Built] | None = None) -> dict[str, Any]:
    """`module`, `tag` and `css` of a block class for the config; all empty for a block that is never drawn (State).

    A class without a module of its own is drawn by the element of its nearest ancestor that has one. Who asks for many
    gives what `build_entries` has answered, which looks at the disk each time.
    """
    built = build_entries() if built is None else built
    for owner in block.__mro__:
        tag = f"gr-{getattr(owner, 'wire_name', '')}"
        own = vars(owner).get("module")
        if own and not own.endswith(".ts"):
            return {"module": _address(own, base), "tag": vars(owner).get("tag") or tag, "css": []}
        entry = built.get(own or _source_of(owner))
        if entry is not None:
            return {
                "module": f"{base}assets/{entry.file}",
                "tag": tag,
                "css": [f"{base}assets/{sheet}" for sheet in entry.css],
            }
    return {"module": None, "tag": None, "css": []}


def deferred(mount: Mount, config: dict[str, Any], base: str) -> dict[str, list[int]]:
    """What the page's own config says besides of elements that may come later; nothing where there are none.

    Raises:
        AssetsMissingError: there is no build.
    """
    found = unseen(mount.blocks, config, f"{base}assets/{manifest()[MAIN].file}")
    return {"deferred": found} if found else {}


def page_context(mount: Mount, config: dict[str, Any], base: str) -> dict[str, Any]:
    """What page.html needs to load the page of `config`; see the module's docstring.

    Raises:
        AssetsMissingError: there is no build.
    """
    built = manifest()
    main, public = built[MAIN], built[PUBLIC_MODULE]
    sheet = page_sheet(mount)
    return {
        "entry": f"{base}assets/{main.file}",
        "import_map": json.dumps({"imports": {"blocks": f"{base}assets/{public.file}"}}),
        "module_preloads": list(dict.fromkeys(_modules(built, config, base))),
        "sheet": f"{base}app/{sheet.name}",
        "sheet_holds": " ".join(sheet.holds),
        "stylesheets": list(dict.fromkeys(_stylesheets(mount, config, base))),
        "early_socket": config["websocket"] if _needs_socket(config) else None,
        "settings": f"{base}assets/{built[SETTINGS].file}" if SETTINGS in built else None,
        "mending": f"{base}assets/{built[MENDING].file}" if config.get("reloads") and MENDING in built else None,
        **page_language(),
        "words": words_address(base),
        "show_api": config.get("show_api", True),
        "shape": " ".join(name.replace("_", "-") for name in ("fill_height", "fill_width") if config.get(name)),
    }


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's own style sheet: its name carries a hash, so that browsers keep it for ever."""

    name: str
    text: str
    #: Names of the build's files in it.
    holds: tuple[str, ...]


def page_sheet(mount: Mount) -> Sheet:
    """The theme and the build's styles of a page in one file: one request instead of one for each element.

    Every process makes the same one, since it depends on the declaration and the build alone.

    Raises:
        AssetsMissingError: there is no build.
    """
    blocks, built = mount.blocks, manifest()
    theme = resolve_theme(blocks.theme)
    classes = frozenset(type(block) for block in blocks.blocks.values())
    key = (theme.hash, built, classes, len(blocks.pages) > 1)
    kept = _sheets.get(blocks)
    if kept is None or kept[0] != key:
        bar = built[NAVBAR].css if len(blocks.pages) > 1 and NAVBAR in built else ()
        names = [
            *built[MAIN].css,
            *bar,
            *(
                css.rpartition("/")[2]
                for kind in dict.fromkeys(map(type, blocks.blocks.values()))
                for css in _css(kind, built)
            ),
        ]
        holds = tuple(dict.fromkeys(names))
        text = "\n".join((theme.css_text(), *((BUNDLES / name).read_text() for name in holds)))
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        kept = _sheets[blocks] = (key, Sheet(f"page-{digest}.css", text, holds))
    return kept[1]


def _css(block: type[Block], built: dict[str, Built]) -> list[str]:
    found: list[str] = block_assets(block, "/", built)["css"]
    return found


_sheets: WeakKeyDictionary[DeclaredPage, tuple[Any, Sheet]] = WeakKeyDictionary()


def shell_stylesheets(mount: Mount, base: str) -> list[str]:
    """The theme and the styles of every page, without the app's own: for pages around the app, such as its login."""
    main = build_entries().get(MAIN)
    theme = f"{base}theme.css?v={resolve_theme(mount.blocks.theme).hash}"
    return [theme, *(f"{base}assets/{sheet}" for sheet in (main.css if main else ()))]


def settings_sheets(base: str) -> list[str]:
    """The style sheets of the settings of a page."""
    built = build_entries().get(SETTINGS)
    return [f"{base}assets/{sheet}" for sheet in (built.css if built else ())]


def api_files(base: str) -> dict[str, Any]:
    """What the page of the API loads besides: its script and style sheets; nothing where there is no build."""
    built = build_entries().get(API)
    sheets = [f"{base}assets/{sheet}" for sheet in (built.css if built else ())]
    return {"api_script": f"{base}assets/{built.file}" if built else None, "api_sheets": sheets}


def with_nonce(html: str, nonce: str) -> str:
    """The head of an app with the nonce in its scripts, styles and links, so that the page's policy lets them in."""
    return _OPENING.sub(lambda match: f'{match[0]} nonce="{nonce}"', html)


def _modules(built: dict[str, Built], config: dict[str, Any], base: str) -> Iterator[str]:
    yield from (
        f"{base}assets/{file}"
        for source in (PUBLIC_MODULE, MAIN)
        for file in (*built[source].imports, built[source].file)
    )
    imports = {f"{base}assets/{entry.file}": entry.imports for entry in built.values()}
    later = set(config.get("deferred", ()))
    if later:
        yield f"{base}assets/{built[DEFERRED].file}"
    for component in config["components"]:
        if component["id"] not in later and (module := component.get("module")):
            yield from (f"{base}assets/{file}" for file in imports.get(module, ()))
            yield module
    if config.get("functions"):
        yield config["functions"]


def _needs_socket(config: dict[str, Any]) -> bool:
    """The same rule as in frontend/controller.ts."""
    queued = any(each["backend_fn"] and each["queue"] is not False for each in config["dependencies"])
    return bool(queued or config["connect_heartbeat"])


def _stylesheets(mount: Mount, config: dict[str, Any], base: str) -> Iterator[str]:
    yield from config.get("stylesheets") or ()
    if style := generated_files(mount.blocks).style:
        yield f"{base}app/{style}"


def build_entries() -> dict[str, Built]:
    """As `manifest`, but nothing where there is no build: the config answers programs even without a page."""
    try:
        return manifest()
    except AssetsMissingError:
        return {}


def _source_of(owner: type) -> str:
    """Source of the browser half that lies beside a class: blocks_app.layouts.row -> blocks_app/layouts/row.ts."""
    return owner.__module__.replace(".", "/") + ".ts"


def _address(module: str, base: str) -> str:
    return module if module.startswith(("/", "https://", "http://")) else f"{base}static/{module}"
