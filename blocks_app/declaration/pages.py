"""The pages of an app: their names, their addresses below the app's, and what each requires of a visitor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from blocks_app.exceptions import DeclarationError

if TYPE_CHECKING:
    from blocks_app.tree.block import Block

#: What one segment of an address may be made of.
_PATH = re.compile(r"[\w\-.~!$&'()*+,;=:@\[\]]+", re.ASCII)
#: First segments of addresses that every app has.
RESERVED = frozenset(
    [
        *("login", "logout", "assets", "static", "app", "libraries", "favicon.ico", "robots.txt", "manifest.json"),
        *("service-worker.js", "offline.html", "pwa_icon"),
        *(
            "config",
            "info",
            "openapi.json",
            "theme.css",
            "user",
            "token",
            "login_check",
            "upload",
            "file",
            "gradio_api",
            "mcp",
        ),
        *("queue", "upload_progress", "call", "run", "api", "cancel", "reset", "heartbeat", "startup-events", "app_id"),
        *(
            "embed",
            "blocks-app.js",
            "monitoring",
            "deep_link",
            "proxy",
            "component_server",
            "custom_component",
            "dev",
            "mcp",
            ".",
            "..",
        ),
    ]
)
_PREFIXES = ("file=", "proxy=")


class Page(NamedTuple):
    """One page. Gradio has the same three in a tuple."""

    path: str
    name: str
    show_in_navbar: bool = True


def new_page(pages: list[Page], name: str, path: str | None, show_in_navbar: bool) -> Page:
    """A page with an address of its own.

    Raises:
        DeclarationError: a path that is no single segment of an address.
    """
    if path:
        stripped = path.strip("/")
        if not _PATH.fullmatch(stripped):
            raise DeclarationError(
                f"demo.route() takes a path of one segment such as '/about', not {path!r}: letters, digits and any of "
                "-._~!$&'()*+,;=:@[]."
            )
    else:
        stripped = _slug(name) or f"page-{len(pages) + 1}"
    taken = {page.path for page in pages}
    while stripped in taken or stripped in RESERVED or stripped.startswith(_PREFIXES):
        stripped = f"_{stripped}"
    return Page(stripped, name, bool(show_in_navbar))


def _slug(name: str) -> str:
    import unicodedata  # only for apps with pages

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower()).strip("-_")


def strangers(path: str, blocks: Iterable[Block]) -> list[Block]:
    """Those of a listener's blocks that stand on other pages than the listener, which cannot see them."""
    return [each for each in blocks if each.is_rendered and not each.is_everywhere and each.page_path != path]


def both(first: Any, second: Any) -> Any:
    """A requirement that holds when both hold; None requires nothing."""
    if first is None or first == second:
        return second
    return first if second is None else (first, second)
