"""Pictures, sounds and films that lie at other addresses. The server never asks for one; browsers show those of hosts
that the app's author has named, in its source or in a setting, and the page's policy lets no other be loaded.

A host is named as CSP writes it: `example.org`, `*.example.org`, `https://example.org:8443`, or `*` for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from blocks_app.files.paths import is_web_address
from blocks_app.logs import logger, quietly

log = logger("blocks_app.media")

EVERY = "*"
_SOURCE = re.compile(r"(?:https?://)?(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::(?:\d{1,5}|\*))?", re.IGNORECASE)
#: Pictures in Markdown, media in HTML, and what style sheets load. No part of it is looked at twice.
_LOADED = re.compile(
    r"!\[[^\[\]]{0,300}\]\(\s*<?(https?://[^\s)>]+)"
    r"|<(?:img|video|audio|source|image)\b[^<>]{0,1000}?\b(?:src|poster|href)\s*=\s*[\"']?(https?://[^\s\"'<>]+)"
    r"|\burl\(\s*[\"']?(https?://[^\s\"')]+)",
    re.IGNORECASE,
)
#: As much of a text is read for addresses, and so many hosts of one process are told in its log.
_READ, _LOGGED = 200_000, 1_000


def checked(given: Any, name: str) -> tuple[str, ...]:
    """Hosts as the page's policy may hold them; `name` says in messages what they were given to.

    Raises:
        ValueError: it is no list, or one of them is no host.
    """
    if given is None:
        return ()
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise ValueError(f"{name} is a list of hosts such as ['example.org'], not {given!r}.")
    return tuple(_source(each, name) for each in given)


def _source(given: Any, name: str) -> str:
    text = given.strip().rstrip("/") if isinstance(given, str) else ""
    try:
        text = text if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        text = ""
    if text != EVERY and not _SOURCE.fullmatch(text):
        raise ValueError(
            f"{name} has {given!r}; it takes hosts such as 'example.org', '*.example.org' or 'https://example.org'."
        )
    return text


def origin_of(address: str) -> str | None:
    """Scheme and host of an address, as a policy names them; None for one that has none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return None
    found = f"{parts.scheme.lower()}://{host}{port}"
    return found if host and _SOURCE.fullmatch(found) else None


@lru_cache(maxsize=1024)
def allows(source: str, origin: str) -> bool:
    """Whether a host that was named is that of an origin; a scheme or a port that it leaves out is any."""
    if source == EVERY:
        return True
    scheme, _, rest = source.rpartition("://")
    host, _, port = rest.partition(":")
    its_scheme, _, its_rest = origin.rpartition("://")
    its_host, _, its_port = its_rest.partition(":")
    same = its_host.endswith(host[1:]) if host.startswith("*.") else its_host == host
    return same and scheme in ("", its_scheme, "http") and (port in ("*", its_port) or (not port and not its_port))


def loaded_by(text: str) -> Iterator[str]:
    """Addresses from which a text would load media if it were drawn as Markdown, HTML or css."""
    if "://" in text:
        for match in _LOADED.finditer(text[:_READ]):
            yield match[1] or match[2] or match[3]


#: What has been told in the log: apps and hosts.
logged: set[tuple[str, str]] = set()


class Pages(Protocol):
    """What is known of the pages of an app: its mount's key, and the hosts whose media they show."""

    @property
    def mount(self) -> str: ...
    @property
    def media(self) -> tuple[str, ...] | None: ...


def note(address: str, pages: Pages | None) -> None:
    """Tell in the log, once for each host, that pages do not show what an app wants to show."""
    if pages is None or pages.media is None or (origin := origin_of(address)) is None:
        return
    if (pages.mount, origin) in logged or len(logged) >= _LOGGED or any(allows(each, origin) for each in pages.media):
        return
    logged.add((pages.mount, origin))
    quietly(
        log.warning,
        "The app %r shows media from %s, which its pages may not load. Name the host in BLOCKS_REMOTE_MEDIA, or as "
        "launch(allowed_origins=[…]).",
        pages.mount,
        origin,
        extra={"action": "media.blocked"},
    )


def note_all(text: str, pages: Pages | None) -> None:
    """As `note`, for what a text would load."""
    if pages is not None and pages.media is not None:
        for address in loaded_by(text):
            note(address, pages)


#: Options whose texts are addresses of media.
_OPTIONS = {"avatar_images", "icon", "image", "path", "poster", "samples", "src", "url", "video"}


def origins_in(value: Any, option: str = "") -> Iterator[str]:
    """Origins of the media that a declaration names, in values and options of its blocks."""
    if isinstance(value, str):
        addresses = [value] if option in _OPTIONS and is_web_address(value) else loaded_by(value)
        yield from (origin for address in addresses if (origin := origin_of(address)) is not None)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from origins_in(each, str(name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from origins_in(each, option)
