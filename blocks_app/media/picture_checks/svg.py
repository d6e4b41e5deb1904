"""SVG files, which the browser draws and functions get as they are: told from other texts, and kept from growing.

An XML parser replaces the entities that a document declares by their texts. A few lines whose entities name one
another, or one long text that is named a million times, become gigabytes in whatever program reads them.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

#: Bytes that are looked at for the root; a comment or a licence may stand before it.
_HEAD = 64 * 1024
#: Characters that all entities of a document may become together.
_MOST = 10_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPACE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_TYPE = re.compile(r"<!DOCTYPE\b(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*(\[.*?\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?svg[\s/>]")
#: One whose text stands here. What is drawn by other programs declares a few addresses in this way.
_ENTITY = re.compile(r"<!ENTITY\s+([^\s%]+)\s+(\"[^\"]*\"|'[^']*')\s*>")


def fault(path: Path) -> str | None:
    """What is wrong with a file that is called SVG, as a sentence's end; None for one that can be shown."""
    with path.open("rb") as file:
        head = _text(file.read(_HEAD))
        place = _behind(_SPACE, head, 0)
        kind = _TYPE.match(head, place)
        if kind is None:
            return None if _ROOT.match(head, place) else "it is no SVG"
        if not _ROOT.match(head, _behind(_SPACE, head, kind.end())):
            return "it is no SVG"
        declared = kind[1] or ""
        if "<!ENTITY" not in declared:
            return None
        file.seek(0)
        return _fault_of_entities(declared, _text(file.read()))


def _fault_of_entities(declared: str, text: str) -> str | None:
    texts = {name: value[1:-1] for name, value in _ENTITY.findall(declared)}
    if len(_ENTITY.findall(declared)) < declared.count("<!ENTITY"):
        return "it declares texts that lie elsewhere"
    if any("&" in value or "%" in value for value in texts.values()):
        return "texts that it declares name one another"
    if sum(len(value) * text.count(f"&{name};") for name, value in texts.items()) > _MOST:
        return "texts that it declares make it too long"
    return None


def _text(content: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    return content.decode(encoding, "replace").removeprefix("\ufeff")


def _behind(pattern: re.Pattern[str], text: str, place: int) -> int:
    while found := pattern.match(text, place):
        place = found.end()
    return place
