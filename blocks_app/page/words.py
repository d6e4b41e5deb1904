"""The page's own texts in the visitor's language, for the browser: the catalogue `djangojs` as one script.

A page in English needs none, since English is what the modules say by themselves; see frontend/words.ts.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALE = Path(__file__).resolve().parents[1] / "locale"


class Words(NamedTuple):
    """A script; its name carries a hash, so that browsers keep it for ever."""

    name: str
    text: str


def page_language() -> dict[str, str]:
    """`lang` and `direction` of the page: what Django speaks, and "rtl" where that is written from right to left."""
    from blocks_app import i18n  # Django's translation, which declaring a page does not need

    code = i18n.language() if settings.USE_I18N or i18n.known else ""
    code = "en" if code in ("", "en-us") else code
    return {"lang": code, "direction": "rtl" if code.partition("-")[0] in settings.LANGUAGES_BIDI else ""}


def words_address(base: str) -> str:
    """The address of the script for the language that is spoken; "" where there is none."""
    code = page_language()["lang"]
    if not settings.USE_I18N or code.partition("-")[0] == "en":
        return ""
    found = _words(code)
    return f"{base}app/{found.name}" if found else ""


def words_file(name: str) -> str | None:
    """The script of this name; None when there is none."""
    from blocks_app import i18n

    code = name.removeprefix("words-").rpartition("-")[0]
    if code not in i18n.OURS and code not in i18n.known and code not in dict(settings.LANGUAGES):
        return None
    found = _words(code)
    return found.text if found and found.name == name else None


@lru_cache(64)
def _words(code: str) -> Words | None:
    """The texts of a language as the site has them: ours, and what its LOCALE_PATHS say instead or besides."""
    from django.utils.translation.trans_real import DjangoTranslation

    from blocks_app.jsonable import dumps

    catalogue: Any = DjangoTranslation(code, domain="djangojs", localedirs=[str(LOCALE)])
    found = _joined(dict(catalogue._catalog.items()) if catalogue._catalog is not None else {})
    if not found:
        return None
    text = f"window.blocks_words={dumps(found).decode()};\n"
    return Words(f"words-{code}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.js", text)


def _joined(catalogue: Mapping[str | tuple[str, int], str]) -> dict[str, str | list[str]]:
    """By text: its translation, or those for one, a few and many in the order of the language's forms."""
    found: dict[str, str | list[str]] = {key: text for key, text in catalogue.items() if isinstance(key, str) and key}
    counted = sorted(key for key in catalogue if isinstance(key, tuple))
    for text in {text for text, _ in counted}:
        found[text] = [catalogue[key] for key in counted if key[0] == text]
    return found
