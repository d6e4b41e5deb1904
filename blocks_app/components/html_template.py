"""Templates of gr.HTML, made into JavaScript on the server: the page's policy allows no `eval` and no `new Function`.

A template is the inside of a JavaScript template literal in which the component's properties are names (`${value}`),
with the common part of Handlebars around it: `{{name}}` (escaped), `{{{name}}}` (as it is), `{{#if}}`, `{{#unless}}`,
`{{#each}}` and `{{#with}}` with `{{else}}`, paths such as `this`, `a.b`, `a.[0]`, `../a`, `@index`, `@key`, `@first`,
`@last`, `@root.a`, and comments. What comes out is the text of a function `(scope, helpers) => text`, for a script file
whose name is its hash. See docs/decisions/html-templates.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from blocks_app.exceptions import DeclarationError

_TAG = re.compile(
    r"\{\{!--.*?--\}\}|\{\{!.*?\}\}"  # comments
    r"|\{\{\{~?\s*(?P<raw>[^{}]*?)\s*~?\}\}\}"
    r"|(?P<strip>\{\{~)?(?:(?<=~)|\{\{)\s*(?P<sign>[#/^&]?)\s*(?P<body>[^{}]*?)\s*(?P<strip_after>~)?\}\}",
    re.DOTALL,
)
_LITERAL = re.compile(r"""-?\d+(\.\d+)?|true|false|null|undefined|"[^"\\]*"|'[^'\\]*'""")
_NAME = re.compile(r"\[[^\]]*\]|[^\s.\[\]/(){}'\"`,;=]+")
_AS = re.compile(r"\s+as\s+\|\s*(\w+)(?:\s+(\w+))?\s*\|$")
_HELPERS = ("if", "unless", "each", "with")


@dataclass(frozen=True)
class _Place:
    """Where in the nesting an expression stands: names of the JavaScript variables around it, outermost first."""

    contexts: tuple[str, ...] = ("$$scope",)
    data: str = ""
    names: tuple[tuple[str, str], ...] = ()

    def inside(self, number: int, names: list[str | None], has_data: bool) -> _Place:
        """The place in a block that has a context of its own."""
        context = f"$$c{number}"
        made = [(name, variable) for name, variable in zip(names, (context, f"$$d{number}.key")) if name]
        data = f"$$d{number}" if has_data else self.data
        return _Place((*self.contexts, context), data, (*made, *self.names))


def compile_template(option: str, text: str) -> str:
    """The template as the text of a JavaScript function that takes the properties and the helpers of html.ts.

    Args:
        option: name of the argument, for messages.
        text: the template.

    Raises:
        DeclarationError: a tag of Handlebars that is not understood, not closed, or closed without being opened.
    """
    return f"(function ($$scope, $$h) {{ with ($$scope) {{ return `{_Compiler(option, text).run()}`; }} }})"


class _Compiler:
    def __init__(self, option: str, text: str) -> None:
        self.option = option
        self.parts = _parts(text)
        self.number = 0

    def run(self) -> str:
        body, end = self._body(_Place())
        if end is not None:
            raise self._error(f"{{{{{end}}}}} closes nothing.")
        return body

    def _error(self, what: str) -> DeclarationError:
        return DeclarationError(f"HTML: {self.option}: {what}")

    def _body(self, place: _Place) -> tuple[str, str | None]:
        """Everything up to the tag that ends this level; that tag, None at the end of the text."""
        out: list[str] = []
        for kind, text in self.parts:
            if kind == "text":
                out.append(text)
            elif kind in ("raw", "&"):
                out.append(f"${{$$h.raw({self._path(text, place)})}}")
            elif kind == "#":
                out.append(self._block(text, place))
            elif kind == "/" or text == "else" or text.startswith("else ") or (kind == "^" and not text):
                return "".join(out), f"/{text}" if kind == "/" else text or "else"
            elif kind == "^":
                out.append(self._block(f"unless {text}", place, closing=text))
            else:
                out.append(f"${{$$h.escape({self._path(text, place)})}}")
        return "".join(out), None

    def _block(self, text: str, place: _Place, closing: str | None = None) -> str:
        helper, _, rest = text.partition(" ")
        if helper not in _HELPERS or not rest.strip():
            known = ", ".join(f"{{{{#{name} …}}}}" for name in _HELPERS)
            raise self._error(f"{{{{#{text}}}}} is not understood. There are {known}; for anything else write ${{…}}.")
        names = _AS.search(f" {rest}")
        subject = self._path(_AS.sub("", f" {rest}").strip(), place)
        self.number += 1
        number, inner = self.number, place
        if helper in ("each", "with"):
            inner = place.inside(number, list(names.groups()) if names else [], helper == "each")
        body, end = self._body(inner)
        other = ""
        if end is not None and end.startswith("else "):
            other, end = self._block(end.removeprefix("else "), place, closing or helper), f"/{closing or helper}"
        elif end == "else":
            other, end = self._body(place)
        if end != f"/{closing or helper}":
            raise self._error(
                f"{{{{#{text}}}}} is not closed by {{{{/{closing or helper}}}}}, but by {end or 'the end'}."
            )
        if helper in ("if", "unless"):
            yes, no = (body, other) if helper == "if" else (other, body)
            return f"${{$$h.truthy({subject}) ? `{yes}` : `{no}`}}"
        parameters = f"$$c{number}, $$d{number}" if helper == "each" else f"$$c{number}"
        return f"${{$$h.{helper}({subject}, ({parameters}) => `{body}`, () => `{other}`)}}"

    def _path(self, text: str, place: _Place) -> str:
        if _LITERAL.fullmatch(text):
            return json.dumps(text[1:-1]) if text[0] in "\"'" else text
        if text.startswith("@"):
            return self._data(text, place)
        up = 0
        rest = text
        while rest == ".." or rest.startswith("../"):
            up, rest = up + 1, rest[3:]
        rest = re.sub(r"^(this|\.)(?=$|[./])[./]?", "", rest)
        contexts = place.contexts[: len(place.contexts) - up]
        if not text or not contexts:
            raise self._error(f"{{{{{text}}}}} names nothing.")
        keys = self._keys(rest, text)
        if not up and keys and keys[0] in dict(place.names) and rest == text:
            return _get(dict(place.names)[keys[0]], keys[1:])
        return _get(contexts[-1], keys)

    def _data(self, text: str, place: _Place) -> str:
        name, _, rest = text[1:].partition(".")
        if name == "root":
            return _get("$$scope", self._keys(rest, text))
        if name not in ("index", "key", "first", "last") or rest or not place.data:
            raise self._error(
                f"{{{{{text}}}}} is not known here. In {{{{#each …}}}} there are @index, @key, @first, @last."
            )
        return f"{place.data}.{name}"

    def _keys(self, rest: str, text: str) -> list[str]:
        keys = _NAME.findall(rest)
        if "".join(keys) != rest.replace(".", "").replace("/", ""):
            raise self._error(f"{{{{{text}}}}} is not understood. Write a path such as a.b, or ${{…}} for JavaScript.")
        return [key[1:-1] if key.startswith("[") else key for key in keys]


def _get(context: str, keys: list[str]) -> str:
    return f"$$h.get({context}, {json.dumps(keys)})" if keys else context


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(kind, text) for each piece: kind "text", "raw", "", or the sign of a tag."""
    at, strip = 0, False
    for match in _TAG.finditer(text):
        before = text[at : match.start()]
        before = before.lstrip() if strip else before
        if match[0].startswith(("{{~", "{{{~")):
            before = before.rstrip()
        yield "text", before
        at, strip = match.end(), match[0].endswith(("~}}", "~}}}"))
        if match["raw"] is not None:
            yield "raw", match["raw"]
        elif match["body"] is not None:
            yield match["sign"], re.sub(r"\s+", " ", match["body"]).strip()
    yield "text", text[at:].lstrip() if strip else text[at:]
