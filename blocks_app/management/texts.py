"""Which of our texts are translated: what Python, templates and TypeScript mark, for the catalogues."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.utils import translation
from django.utils.translation.template import templatize

from blocks_app.management.catalogues import APPS, LANGUAGES, ROOT, Wording, path_of, read, written

_STRING = r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')'
#: In TypeScript: `t("…")`, `tn("…", "…"`, `/* t */ "…"` and the name of an element without a label.
_MARKED = re.compile(
    rf"\btn\(\s*{_STRING},\s*{_STRING}|\bt\(\s*{_STRING}|/\* t \*/\s*(?:{_STRING}|(\w+):)|\bdefaultLabel = {_STRING}"
)
#: In what Django makes of a template.
_IN_TEMPLATES = re.compile(rf"\bn?p?gettext\((?:u?(?:{_STRING[1:-1]})|[\s,]|count)+\)")
_GETTEXT = {
    "_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 1, "ngettext_lazy": 1, "pgettext": 2,
    "pgettext_lazy": 2,
}  # fmt: skip
#: Folders whose texts nobody who visits or operates a site reads.
_LEFT_OUT = {"management", "migrations", "static", "generated", "node_modules", "locale"}


def collect(app: str, domain: str) -> list[Wording]:
    """The texts of an app, in the order of their first places."""
    found: dict[tuple[str, str], Wording] = {}
    for path in _files(app, (".ts",) if domain == "djangojs" else (".py", ".html")):
        place = path.relative_to(ROOT).as_posix()
        for text, more, context in _texts(path):
            entry = found.setdefault((context, text), Wording(text, more, context))
            entry.more = entry.more or more
            if place not in entry.places:
                entry.places = (*entry.places, place)
    for text in _of_models(app) if domain == "django" else ():
        found.setdefault(("", text), Wording(text, places=(f"{app}/models.py",)))
    return list(found.values())


def _of_models(app: str) -> Iterator[str]:
    """What the admin calls an app's models and their fields, in English."""
    with translation.override(None):
        for model in apps.get_app_config(app).get_models():
            options = model._meta
            if not options.default_permissions:  # the admin shows none of it
                continue
            yield from (str(options.verbose_name), str(options.verbose_name_plural))
            for each in options.fields:
                yield from (text for text in (str(each.verbose_name), str(each.help_text)) if text)


def _files(app: str, endings: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted((ROOT / app).rglob("*")):
        if path.suffix in endings and not _LEFT_OUT & set(path.relative_to(ROOT).parts):
            yield path


def _texts(path: Path) -> Iterator[tuple[str, str, str]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        for match in _MARKED.finditer(re.sub(r"/\*\*.*?\*/", "", source, flags=re.DOTALL)):
            one, more, *rest = match.groups()
            if one:
                yield _value(one), _value(more), ""
            elif text := next(_value(each) for each in rest if each):
                yield text, "", ""
    elif path.suffix == ".html":
        # what stands for the template's own words is no Python: the calls alone are
        for call in _IN_TEMPLATES.findall(templatize(source)):
            yield from _calls(ast.parse(call))
    else:
        yield from _calls(ast.parse(source))


def _value(literal: str) -> str:
    if literal[:1] not in "\"'":
        return literal
    if literal[0] == "'":
        literal = '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    return str(json.loads(literal))


def _calls(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    for each in ast.walk(node):
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Name) or each.func.id not in _GETTEXT:
            continue
        texts = [part.value for part in each.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        kind = _GETTEXT[each.func.id]
        if len(texts) < (2 if kind else 1):
            continue
        if kind == 2:
            yield texts[1], "", texts[0]
        else:
            yield texts[0], texts[1] if kind else "", ""


def merged(app: str, language: str, domain: str) -> list[Wording]:
    """The texts with the translations that the catalogue has so far; what nobody says any more is not among them."""
    before = read(path_of(app, language, domain))
    entries = collect(app, domain)
    for entry in entries:
        old = before.get(entry.key)
        entry.forms = old.forms if old is not None and bool(old.more) == bool(entry.more) else []
    return entries


def write_all() -> list[str]:
    """Bring every catalogue up to date; the texts that are not translated, one line for each."""
    lacking = []
    for app in APPS:
        for domain in ("django", "djangojs"):
            for language in LANGUAGES:
                entries, path = merged(app, language, domain), path_of(app, language, domain)
                if not entries:
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(written(language, entries), encoding="utf-8")
                lacking += [f"{app} {domain} {language}: {each.text}" for each in entries if not each.whole]
    return lacking
