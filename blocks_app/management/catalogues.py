"""Catalogues of translations: read and written as gettext's `.po`, and compiled to its `.mo`.

Needs nothing but Python, as it is part of the build: `python blocks_app/management/catalogues.py` compiles those of the
three apps. Which texts there are is found by `texts.py`.
"""

from __future__ import annotations

import ast
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("auth_app", "blocks_app", "queue_app")
#: Folder of each language in `locale`, what its header says of plural forms, and what it is called there.
LANGUAGES = {
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "hi": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
    "pt": "nplurals=2; plural=(n > 1);",
    "zh_Hans": "nplurals=1; plural=0;",
}
#: What stands between a context and its text in a compiled catalogue.
_CONTEXT = "\x04"
_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*("(?:[^"\\]|\\.)*")$')


@dataclass
class Wording:
    """A text, where it is used, and its translation: one form, or as many as the language has."""

    text: str
    more: str = ""
    context: str = ""
    places: tuple[str, ...] = ()
    forms: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its catalogue."""
        return self.context, self.text

    @property
    def whole(self) -> bool:
        """Whether it is translated."""
        return bool(self.forms) and all(self.forms)


def forms_of(language: str) -> int:
    """How many plural forms a language has."""
    return int(re.search(r"nplurals=(\d)", LANGUAGES[language])[1])  # type: ignore[index]


def path_of(app: str, language: str, domain: str) -> Path:
    """The `.po` of an app's texts: `django` for those of Python and templates, `djangojs` for those of the page."""
    return ROOT / app / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def read(path: Path) -> dict[tuple[str, str], Wording]:
    """The entries of a `.po`, without its header; none where there is no file."""
    found: dict[tuple[str, str], Wording] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n") if path.exists() else ():
        values: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := _LINE.match(line.strip()):
                name = match[1] or name
                values[name] = values.get(name, "") + ast.literal_eval(match[2])
        if values.get("msgid"):
            forms = [text for name, text in values.items() if name.startswith("msgstr")]
            places = tuple(re.findall(r"^#: (.+)$", block, re.MULTILINE))
            entry = Wording(values["msgid"], values.get("msgid_plural", ""), values.get("msgctxt", ""), places, forms)
            found[entry.key] = entry
    return found


def written(language: str, entries: list[Wording]) -> str:
    """The text of a `.po`."""
    header = "\n".join(
        (
            'msgid ""',
            'msgstr ""',
            '"Content-Type: text/plain; charset=UTF-8\\n"',
            f'"Language: {language}\\n"',
            f'"Plural-Forms: {LANGUAGES[language]}\\n"',
        )
    )
    return "\n\n".join((header, *(_entry(each, forms_of(language)) for each in entries))) + "\n"


def _entry(entry: Wording, count: int) -> str:
    lines = [f"#: {place}" for place in entry.places]
    if entry.context:
        lines.append(f"msgctxt {_quoted(entry.context)}")
    lines.append(f"msgid {_quoted(entry.text)}")
    if not entry.more:
        return "\n".join([*lines, f"msgstr {_quoted(entry.forms[0] if entry.forms else '')}"])
    forms = [*entry.forms, *[""] * count][:count]
    lines.append(f"msgid_plural {_quoted(entry.more)}")
    return "\n".join([*lines, *(f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms))])


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"'


def compiled(language: str, entries: list[Wording]) -> bytes:
    """The `.mo` of what is translated; see "The Format of GNU MO Files" in gettext's manual."""
    header = f"Content-Type: text/plain; charset=UTF-8\nLanguage: {language}\nPlural-Forms: {LANGUAGES[language]}\n"
    pairs = {"": header}
    for entry in entries:
        if entry.whole:
            name = f"{entry.context}{_CONTEXT}{entry.text}" if entry.context else entry.text
            pairs[f"{name}\0{entry.more}" if entry.more else name] = "\0".join(entry.forms)
    texts = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    begin, count = 28, len(texts)
    at, tables, body = begin + 16 * count, ([], []), b""  # type: tuple[int, tuple[list[int], list[int]], bytes]
    for side in (0, 1):
        for pair in texts:
            tables[side].extend((len(pair[side]), at + len(body)))
            body += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, begin, begin + 8 * count, 0, 0)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + body


def compile_all() -> list[Path]:
    """Write the `.mo` beside each `.po` of the apps; the files that changed."""
    changed = []
    for app in APPS:
        for source in sorted((ROOT / app / "locale").glob("*/LC_MESSAGES/*.po")):
            target, content = source.with_suffix(".mo"), compiled(source.parts[-3], [*read(source).values()])
            if not target.exists() or target.read_bytes() != content:
                target.write_bytes(content)
                changed.append(target)
    return changed


if __name__ == "__main__":
    compile_all()
