"""From which other hosts a page may load pictures, sounds and films: those that its declaration and its site name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_app import conf
from blocks_app.files import file_data, remote_media
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.declaration.mount import Mount

#: The directives of a policy that are about media.
_DIRECTIVES = ("img-src", "media-src")


def media_sources(mount: Mount) -> tuple[str, ...]:
    """The hosts, as a policy names them."""
    if not conf.content_security_policy(""):
        return (remote_media.EVERY,)
    version, declared = mount.attachments.get("declared_media", (None, ()))
    if version != mount.blocks.version:
        declared = declared_origins(mount.blocks)
        mount.attachments["declared_media"] = mount.blocks.version, declared
    return tuple(dict.fromkeys((*site_sources(), *mount.options.allowed_origins, *declared)))


def site_sources() -> tuple[str, ...]:
    """What the site's setting names. Raises ValueError for what is no list of hosts."""
    return remote_media.checked(conf.remote_media(), "BLOCKS_REMOTE_MEDIA")


def declared_origins(blocks: DeclaredPage) -> tuple[str, ...]:
    """The hosts in the source of a page: in values and options of its blocks, in its css and its head.

    What a function makes does not count, not even a first value: it may be made of what visitors have written.
    """
    found: dict[str, None] = {}
    for block in blocks.blocks.values():
        if block is blocks:
            continue
        options: dict[str, Any] = {name: value for name, value in block.props().items() if name != "value"}
        found.update(dict.fromkeys(remote_media.origins_in(options)))
        if isinstance(block, Component) and block.load_fn is None and not block.stateful:
            found.update(dict.fromkeys(remote_media.origins_in(block.value, "src" if block.heavy else "")))
    for text in (blocks.css, blocks.head):
        found.update(dict.fromkeys(remote_media.origins_in(text)))
    return tuple(found)


def with_media(policy: str, sources: tuple[str, ...]) -> str:
    """A policy that lets media of these hosts be loaded besides. One that says nothing of media is left alone."""
    if not sources or not policy:
        return policy
    more = " ".join(sources)
    parts = [part.strip() for part in policy.split(";") if part.strip()]
    return "; ".join(f"{_open(part)} {more}" if part.split()[0].lower() in _DIRECTIVES else part for part in parts)


def _open(directive: str) -> str:
    """Without 'none', which may not stand beside others."""
    return " ".join(word for word in directive.split() if word.lower() != "'none'")


def note_media(text: Any) -> None:
    """Tell in the log, once, what pages will not show of a text that a function has made: pictures of other hosts."""
    if isinstance(text, str):
        remote_media.note_all(text, file_data.current.get())
