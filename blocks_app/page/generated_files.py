"""The files that one app generates: its style sheet, and the texts given as `js`, so that no page needs eval.

Each JavaScript text becomes a script of its own, so that a mistake in one leaves the others working. They are classic
scripts, not modules: such texts are written for the sloppy mode of `new Function`. A small module gathers them; its
default export maps the number of a listener, or "page", to an async function.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cachetools import FIFOCache

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

_MODULE = """\
const made = (globalThis[Symbol.for("blocks.js")] ??= {});
const load = (name) => {
  const ready = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(`fn-${name}.js`, import.meta.url).href;
    script.onload = () =>
      name in made ? resolve(made[name]) : reject(new SyntaxError(`The js text ${script.src} has a mistake.`));
    script.onerror = () => reject(new Error(`The js text ${script.src} could not be loaded.`));
    document.head.append(script);
  });
  ready.catch((error) => console.error(error));
  return async (...values) => (await ready)(...values);
};
"""


@dataclass(frozen=True, slots=True)
class GeneratedFiles:
    """Names of an app's generated files, and their contents by name."""

    #: `style-<hash>.css`, or None when the app has no css of its own.
    style: str | None = None
    #: `fns-<hash>.js`, or None when the app has no js texts.
    functions: str | None = None
    contents: dict[str, str] = field(default_factory=dict)


_MOST_LATE = 1000
#: A script or a style sheet from elsewhere, and its address.
_LOADED = re.compile(
    r"""<(script|link)\b[^>]*?\b(?:src|href)\s*=\s*["']?([^"'\s>]+)[^>]*>(?:\s*</script\s*>)?""", re.IGNORECASE
)
_lock = Lock()
_late: WeakKeyDictionary[DeclaredPage, FIFOCache[str, str]] = WeakKeyDictionary()
_made: WeakKeyDictionary[DeclaredPage, tuple[int, GeneratedFiles]] = WeakKeyDictionary()


def generated_files(blocks: DeclaredPage) -> GeneratedFiles:
    """The files of an app as it is declared now; made again only after a change of the declaration."""
    made = _made.get(blocks)
    if made is None or made[0] != blocks.version:
        made = _made[blocks] = (blocks.version, _generate(blocks.css, _texts(blocks), _scripts(blocks)))
    return made[1]


def file_text(blocks: DeclaredPage, name: str) -> str | None:
    """The contents of a generated file; None for a name that there is not."""
    with _lock:
        late = _late[blocks].get(name) if blocks in _late else None
    return generated_files(blocks).contents.get(name) or late


def add_scripts(blocks: DeclaredPage, texts: list[str]) -> None:
    """Serve scripts of blocks that were made while the page is used; of very many the oldest are forgotten."""
    with _lock:
        late = _late.setdefault(blocks, FIFOCache(_MOST_LATE))
        for text in texts:
            late[f"fn-{digest(text)}.js"] = _script(digest(text), text)


def page_head(blocks: DeclaredPage) -> str:
    """HTML for the head of the page: the app's own, and that of each component; what several ask for comes once."""
    found = dict.fromkeys(
        head for head in (blocks.head, *(block.head_html() for block in blocks.blocks.values())) if head
    )
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        if match[2] in seen:
            return ""
        seen.add(match[2])
        return match[0]

    return _LOADED.sub(once, "\n".join(found))


def _texts(blocks: DeclaredPage) -> dict[str, str]:
    texts = {str(number): each.js for number, each in blocks.dependencies.items() if isinstance(each.js, str)}
    return {**texts, "page": blocks.js} if blocks.js else texts


def _scripts(blocks: DeclaredPage) -> list[str]:
    return [text for block in blocks.blocks.values() for text in block.scripts()]


def _generate(css: str | None, texts: dict[str, str], scripts: list[str]) -> GeneratedFiles:
    contents = {f"fn-{digest(text)}.js": _script(digest(text), text) for text in scripts}
    style = functions = None
    if css:
        style = f"style-{digest(css)}.css"
        contents[style] = css
    if texts:
        module = _gather(texts, contents)
        functions = f"fns-{digest(module)}.js"
        contents[functions] = module
    return GeneratedFiles(style, functions, contents)


def _gather(texts: dict[str, str], contents: dict[str, str]) -> str:
    lines = []
    for key, text in texts.items():
        name = digest(text)
        contents[f"fn-{name}.js"] = _script(name, text)
        lines.append(f"  {json.dumps(key)}: load({json.dumps(name)}),")
    return f"{_MODULE}export default {{\n" + "\n".join(lines) + "\n};\n"


def _script(name: str, text: str) -> str:
    """The text as an expression; a trailing semicolon, common after arrow functions, is forgiven."""
    expression = text.strip().rstrip(";")
    return f'(globalThis[Symbol.for("blocks.js")] ??= {{}})["{name}"] = (\n{expression}\n);\n'


def digest(text: str) -> str:
    """What the file of a script is called by."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
