"""`gr.I18n`: an app's own texts in several languages, each chosen when it is shown, beside Django's gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy

from blocks_app.diagnostics.mistakes import warn

#: Languages that this program has texts in; empty without a gr.I18n.
known: set[str] = set()
#: Languages that the page's own texts are in, each with what it is called there.
OURS = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "ja": "日本語",
    "pt": "Português",
    "zh-hans": "简体中文",
}
#: The visitor's language, where the site itself asks for none.
_spoken: ContextVar[str] = ContextVar("blocks_spoken", default="")
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class I18n:
    """Texts by language: `i18n = gr.I18n(en={"hello": "Hello"}, de={"hello": "Hallo"})`, then `label=i18n("hello")`.

    The language is that of Django where the site has its LocaleMiddleware, else one that the browser asks for. A key
    without a text in it is looked up by Django's gettext, then in English, then in the language that came first.
    """

    def __init__(self, **translations: Mapping[str, str]) -> None:
        """Take the texts.

        Args:
            translations: a dict of texts by key for each language, by its code: `de`, or `**{"pt-BR": …}`.
        """
        self.translations = {code: dict(texts) for code, texts in translations.items()}
        self._texts = {_plain(code): texts for code, texts in self.translations.items()}
        for code in self._texts:
            if not _CODE.fullmatch(code):
                warn(
                    f"gr.I18n: {code!r} is no code of a language such as 'en' or 'pt-BR'; nobody asks for its texts.",
                )
        known.update(self._texts)

    @property
    def translations_dict(self) -> dict[str, dict[str, str]]:
        """Gradio's name of `translations`."""
        return self.translations

    def __call__(self, key: str) -> Any:
        """The text of a key: it stands wherever a text may stand, and is another one in each language.

        Args:
            key: what names the text in every language.
        """
        return _lazy(self._text, key)

    def _text(self, key: str) -> str:
        """The text in the language that is spoken now."""
        code = language()
        for each in _wider(code):
            if key in self._texts.get(each, ()):
                return self._texts[each][key]
        if (found := gettext(key)) != key:
            return found
        return next((texts[key] for texts in (self._texts.get("en", {}), *self._texts.values()) if key in texts), key)


def _found(find: Any, key: str) -> str:
    return str(find(key))


_lazy = lazy(_found, str)


def gettext(text: str) -> str:
    """A text of ours in the language that is spoken now; as it is where there is no Django yet."""
    return translation.gettext(text) if settings.configured else text


def gettext_lazy(text: str) -> Any:
    """The same, found out whenever it is shown."""
    return _lazy(gettext, text)


#: What stands on buttons and such unless an app says otherwise.
_OWN = {
    "Clear": gettext_lazy("Clear"),
    "Examples": gettext_lazy("Examples"),
    "Flag": gettext_lazy("Flag"),
    "Log in": gettext_lazy("Log in"),
    "Link Copied!": gettext_lazy("Link Copied!"),
    "Logout": gettext_lazy("Logout"),
    "Logout ({})": gettext_lazy("Logout ({})"),
    "Share via Link": gettext_lazy("Share via Link"),
    "Stop": gettext_lazy("Stop"),
    "Submit": gettext_lazy("Submit"),
    "Upload a File": gettext_lazy("Upload a File"),
}


def own(text: Any) -> Any:
    """A text of ours that an app may replace by another: ours is in the visitor's language, the app's as it is."""
    return _OWN.get(text, text) if isinstance(text, str) else text


def language() -> str:
    """The code of the language that is spoken now, in lower case."""
    return _spoken.get() or _plain(translation.get_language() or "")


def wanted(accepted: str) -> str:
    """The first language of an Accept-Language header that the app has texts in, else the page; "" for none."""
    from django.utils.translation.trans_real import parse_accept_lang_header  # not before somebody asks

    codes = [each for code, _ in parse_accept_lang_header(accepted) for each in _wider(code)]
    return next((code for texts in (known, OURS) for code in codes if code in texts), "")


def _wider(code: str) -> tuple[str, ...]:
    """A language as it is asked for, and those that take its place: zh-hans for zh-CN, pt for pt-BR."""
    if code in ("zh", "zh-cn", "zh-sg") or code.startswith("zh-hans"):
        return code, "zh-hans"
    return code, code.partition("-")[0]


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """With this language; with what is spoken anyway for ""."""
    token = _spoken.set(code or _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(token)


def _plain(code: str) -> str:
    return code.replace("_", "-").lower()
