"""Pictures that stand in their own address (`data:`), as those of a camera's stream do: they are never uploaded.

Ten a second would be ten uploads, ten files and ten rows a second; so each travels in its event, and is gone with it.
"""

from __future__ import annotations

import base64
import binascii
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.paths import base_name
from blocks_app.i18n import gettext

if TYPE_CHECKING:
    from blocks_app.tree.component import Component

#: Most bytes of one picture; a camera's have less than a tenth of it, and larger ones are uploaded.
MOST = 16_000_000
_KINDS = ("png", "jpeg", "webp", "gif")


def is_inline(payload: Any) -> bool:
    """Whether a value on the wire holds its content itself."""
    address = payload.get("url") if isinstance(payload, Mapping) and not payload.get("path") else None
    return isinstance(address, str) and address.startswith("data:")


@contextmanager
def received(payload: Mapping[str, Any], component: Component, *, lasts: bool) -> Iterator[file_data.LocalFile]:
    """The picture as a file, which is gone at the end.

    Args:
        payload: a value on the wire for which `is_inline` holds.
        component: whose value it is; named in messages.
        lasts: whether the file stays, as an upload does and on the same account.

    Raises:
        Error: it is no picture of a kind that is taken, or is too large.
        QuotaExceeded: a file that stays would take too much.
    """
    context = file_data.current.get()
    largest = context.largest if context is not None else None
    content, suffix = _content(payload["url"], file_data.name_of(component), min(MOST, largest or MOST))
    name = base_name(str(payload.get("orig_name") or "")) or f"image.{suffix}"
    if lasts and context is not None:
        record = context.save(content, name, made=False)
        yield file_data.LocalFile(context.store.local_path(record), record.orig_name)
        return
    place = file_data.scratch(f"image.{suffix}")
    place.write_bytes(content)
    try:
        yield file_data.LocalFile(place, name)
    finally:
        if not lasts:
            shutil.rmtree(place.parent, ignore_errors=True)


def _content(address: str, block: str, most: int) -> tuple[bytes, str]:
    head, _, text = address.partition(",")
    kind, _, coding = head.removeprefix("data:").lower().partition(";")
    family, _, suffix = kind.partition("/")
    if family != "image" or suffix not in _KINDS or coding != "base64":
        raise Error(f"{block}: an address that holds its own picture has PNG, JPEG, WebP or GIF as base64.")
    if len(text) * 3 / 4 > most + 2:
        raise Error(
            gettext("%(block)s: the picture is too large: %(most)s bytes are allowed.")
            % {"block": block, "most": format(most, ",")}
        )
    try:
        return base64.b64decode(text, validate=True), suffix
    except (binascii.Error, ValueError):
        raise Error(gettext("%(block)s: the picture is damaged and cannot be read.") % {"block": block}) from None
