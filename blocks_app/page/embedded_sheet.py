"""The style sheet of an app in a page of a site: that of its own page, for a shadow tree.

What a page says of `html` and `body` is said of the one element that stands for both there. It takes nothing from the
site's styles: what elements inherit begins anew, and sizes do not follow the font size of the site's root element.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from blocks_app.page.assets import Sheet, page_sheet
from blocks_app.page.generated_files import generated_files

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.declaration.mount import Mount

#: What the loader gives the class that stands for `html` and `body`.
PAGE = ".blocks-page"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r"@import\b[^;]*;", re.IGNORECASE)
_PRELUDE = re.compile(r"[^{};]+(?=\{)")
_BOTH = re.compile(r"(?<![\w.#:-])(?:html|:root)((?:[.\[:#][^\s,>]*)?)\s*>?\s+body(?![\w-])", re.IGNORECASE)
_ROOT = re.compile(r"(?<![\w.#:-])(?:html|body)(?![\w-])|:root(?![\w-])", re.IGNORECASE)
_REM = re.compile(r"(?<![\w.#-])(\d*\.?\d+)rem\b")
_ROOT_SIZE = 16

_BEFORE = f"""@layer embed, base, components;
@layer embed {{ {PAGE} {{ all: initial; display: block; }} }}
"""
_AFTER = f"""
@layer base {{
  {PAGE} {{ min-height: 0; background-attachment: scroll; overflow-wrap: anywhere; }}
  {PAGE}.scrolls {{ height: 100%; overflow: auto; scrollbar-gutter: auto; }}
}}
@layer components {{
  {PAGE} .gradio-container {{ position: relative; min-height: 0; max-width: none; padding: var(--size-4); }}
  {PAGE}.scrolls .gradio-container.fill-height {{ min-height: 100%; }}
  {PAGE} .beside-sidebar {{
    min-height: 24em;
    padding-right: calc(var(--sidebar-right, 0px) + var(--size-4));
    padding-left: calc(var(--sidebar-left, 0px) + var(--size-4));
    overflow: clip;
  }}
  {PAGE} .sidebar {{ position: absolute; width: min(var(--sidebar-width), 100% - var(--size-12)); }}
  {PAGE} .sidebar-backdrop {{ position: absolute; }}
  @media (max-width: 767px) {{
    {PAGE} .beside-sidebar {{ padding: var(--size-14) var(--size-4) var(--size-4); }}
  }}
}}
"""


def for_shadow_tree(css: str) -> str:
    """A style sheet of a whole page, for one app in it."""
    css = _PRELUDE.sub(lambda match: _selectors(match[0]), _COMMENT.sub("", css))
    return _REM.sub(lambda match: f"{float(match[1]) * _ROOT_SIZE:g}px", css)


def _selectors(prelude: str) -> str:
    if prelude.lstrip().startswith("@"):
        return prelude
    return _ROOT.sub(PAGE, _BOTH.sub(rf"{PAGE}\1", prelude))


def embedded_sheet(mount: Mount) -> Sheet:
    """The theme, the build's styles and the app's own css in one file.

    Raises:
        AssetsMissingError: there is no build.
    """
    page, files = page_sheet(mount), generated_files(mount.blocks)
    key = (page.name, files.style)
    kept = _sheets.get(mount.blocks)
    if kept is None or kept[0] != key:
        own = files.contents[files.style] if files.style else ""
        text = for_shadow_tree(page.text) + _AFTER + for_shadow_tree(own)
        imports = "\n".join(_IMPORT.findall(text))  # which count at the beginning of a file alone
        text = f"{imports}\n{_BEFORE}{_IMPORT.sub('', text)}"
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        kept = _sheets[mount.blocks] = (key, Sheet(f"embed-{digest}.css", text, page.holds))
    return kept[1]


_sheets: WeakKeyDictionary[DeclaredPage, tuple[Any, Sheet]] = WeakKeyDictionary()
