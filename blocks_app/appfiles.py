"""The files that one app generates: its style sheet, and the texts given as `js`, so that no page needs eval.

Each JavaScript text becomes a script of its own, so that a mistake in one leaves the others working. They are classic
scripts, not modules: such texts are written for the sloppy mode of `new Function`. A small module gathers them; its
default export maps the number of a listener, or "page", to an async function.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks

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


_made: WeakKeyDictionary[Blocks, tuple[int, GeneratedFiles]] = WeakKeyDictionary()


def generated_files(blocks: Blocks) -> GeneratedFiles:
    """The files of an app as it is declared now; made again only after a change of the declaration."""
    made = _made.get(blocks)
    if made is None or made[0] != blocks.version:
        made = _made[blocks] = (blocks.version, _generate(blocks.css, _texts(blocks)))
    return made[1]


def _texts(blocks: Blocks) -> dict[str, str]:
    texts = {str(number): each.js for number, each in blocks.dependencies.items() if isinstance(each.js, str)}
    return {**texts, "page": blocks.js} if blocks.js else texts


def _generate(css: str | None, texts: dict[str, str]) -> GeneratedFiles:
    contents: dict[str, str] = {}
    style = functions = None
    if css:
        style = f"style-{_digest(css)}.css"
        contents[style] = css
    if texts:
        module = _gather(texts, contents)
        functions = f"fns-{_digest(module)}.js"
        contents[functions] = module
    return GeneratedFiles(style, functions, contents)


def _gather(texts: dict[str, str], contents: dict[str, str]) -> str:
    lines = []
    for key, text in texts.items():
        digest = _digest(text)
        contents[f"fn-{digest}.js"] = _script(digest, text)
        lines.append(f"  {json.dumps(key)}: load({json.dumps(digest)}),")
    return f"{_MODULE}export default {{\n" + "\n".join(lines) + "\n};\n"


def _script(digest: str, text: str) -> str:
    """The text as an expression; a trailing semicolon, common after arrow functions, is forgiven."""
    expression = text.strip().rstrip(";")
    return f'(globalThis[Symbol.for("blocks.js")] ??= {{}})["{digest}"] = (\n{expression}\n);\n'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
