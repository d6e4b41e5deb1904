"""Every text of ours that is marked has a whole translation in each language, and no catalogue keeps another."""

from __future__ import annotations

import gettext
import io
import re

import pytest

from blocks_app.management import catalogues, texts

CATALOGUES = [
    (app, language, domain)
    for app in catalogues.APPS
    for domain in ("django", "djangojs")
    for language in catalogues.LANGUAGES
    if domain == "django" or app == "blocks_app"
]
_PLACES = re.compile(r"%\(\w+\)[sdr]|\{\w*(?::[^}]*)?\}")


@pytest.mark.parametrize(("app", "language", "domain"), CATALOGUES)
def test_a_catalogue_is_whole(app: str, language: str, domain: str) -> None:
    there = catalogues.read(catalogues.path_of(app, language, domain))
    wanted = {each.key: each for each in texts.collect(app, domain)}
    lacking = [key for key in wanted if key not in there or not there[key].whole]
    assert not lacking, f"Not translated into {language}: {lacking}. See `manage.py blocks_words`."
    assert not there.keys() - wanted.keys(), "Nobody says these any more; `manage.py blocks_words` takes them out."
    for key, entry in there.items():
        assert len(entry.forms) == (catalogues.forms_of(language) if entry.more else 1), key
        assert entry.more == wanted[key].more, key
        for number, form in enumerate(entry.forms):
            original = entry.more if entry.more and number else entry.text
            known = set(_PLACES.findall(entry.text + entry.more))
            assert set(_PLACES.findall(form)) <= known, (key, form)
            if len(entry.forms) == 1 and not entry.more:
                assert sorted(_PLACES.findall(form)) == sorted(_PLACES.findall(original)), (key, form)
            assert form.startswith(" ") == entry.text.startswith(" ") and form.endswith(" ") == entry.text.endswith(" ")


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_python_reads_what_is_compiled(language: str) -> None:
    entries = [*catalogues.read(catalogues.path_of("blocks_app", language, "djangojs")).values()]
    found = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(language, entries)))
    assert all(found.gettext(each.text) == each.forms[0] for each in entries if not each.more)
