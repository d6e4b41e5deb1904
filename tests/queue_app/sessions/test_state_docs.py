"""The examples of docs/howto/state.md do what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.cache import caches

from blocks_app.files import file_data
from queue_app.testing import PageUser

TEXT = (Path(__file__).parents[3] / "docs/howto/state.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def made(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, "docs/howto/state.md", "exec"), names)
    return names


def test_words_gather_in_a_session() -> None:
    names = made(CODE[0])
    with PageUser(names["demo"]) as page:
        for word in ("one", "two"):
            page.set(names["word"], word)
            page.submit(names["word"])
        page.reload()
        page.set(names["word"], "three")
        page.submit(names["word"])
        assert page.value(names["shown"]) == "one, two, three"


def test_settings_are_those_that_django_and_we_read(settings: Any) -> None:
    first, second = made(CODE[1]), made(CODE[2])
    settings.CACHES = {**first["CACHES"], "database": second["STATES"]}
    for name, backend in (("states", "RedisCache"), ("database", "DatabaseCache")):
        assert type(caches[name]).__name__ == backend
    assert caches["database"]._max_entries == 1_000_000
    assert first["BLOCKS_STATE_CACHE"] in settings.CACHES


def test_a_name_is_kept_in_the_browser() -> None:
    names = made(CODE[3])
    with PageUser(names["demo"]) as page:
        page.set(names["name"], "Ada")
        kept = page.value(names["kept"])
        with file_data.use(file_data.FileContext(mount=names["demo"].mount.key)):  # it counts for this app alone
            assert "Ada" not in kept and names["kept"].preprocess(kept) == "Ada"
