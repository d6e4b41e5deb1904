"""Values of gr.State in a Django cache: they outlive the process, and nobody can slip one in."""

from __future__ import annotations

import datetime
import decimal
import math
import pathlib
import subprocess
import sys
import textwrap
import uuid
from typing import Any

import numpy
import pytest
from django.core.cache import caches

import blocks_app as gr
from blocks_app.serialising import codec
from queue_app.testing import PageUser

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "states"}


class Counter:
    """An app that keeps a value per visitor; `step` makes the next value of the last."""

    def __init__(self, step: Any = lambda value: (value or 0) + 1, **options: Any) -> None:
        with gr.Blocks() as self.demo:
            self.state, self.out, self.button = gr.State(**options), gr.Textbox(), gr.Button()
            self.button.click(lambda value: (step(value), repr(step(value))), self.state, [self.state, self.out])

    def visit(self, session: str = "s", clicks: int = 1, **who: Any) -> Any:
        with PageUser(self.demo, session_hash=session, **who) as page:
            for _ in range(clicks):
                page.click(self.button)
            return page.value(self.out) if not page.errors else page.errors


@pytest.fixture(autouse=True)
def _cache(settings: Any) -> Any:
    settings.CACHES = {"default": LOCAL, "states": LOCAL}
    settings.BLOCKS_STATE_CACHE = "states"
    caches["states"].clear()


def test_values_outlive_the_engine() -> None:
    assert [Counter().visit() for _ in range(3)] == ["1", "2", "3"]


def test_each_session_and_each_visitor_has_values_of_their_own() -> None:
    assert Counter().visit("a", clicks=2) == "2"
    assert Counter().visit("b") == "1"
    assert Counter().visit("a", identity_key="somebody else") == "1"
    assert Counter().visit("a") == "3"


def test_live_objects_stay_here_without_the_setting(settings: Any) -> None:
    settings.BLOCKS_STATE_CACHE = None
    assert [Counter().visit(clicks=2) for _ in range(2)] == ["2", "2"]


def test_what_is_changed_in_place_is_kept() -> None:
    def fill() -> gr.Blocks:
        with gr.Blocks() as demo:
            state, out = gr.State([]), gr.JSON()
            gr.Button().click(lambda kept: kept.append(1) or len(kept), state, out)
        return demo

    for expected in (1, 2):
        demo = fill()
        with PageUser(demo, session_hash="s") as page:
            page.click(demo.blocks[max(demo.blocks)])
            assert page.history(next(b for b in demo.blocks.values() if isinstance(b, gr.JSON))) == [expected]


def test_a_value_that_cannot_be_kept_names_the_component() -> None:
    (error,) = Counter(lambda value: object()).visit()
    assert "State" in error and "type builtins.object" in error and "BLOCKS_STATE_CACHE" in error


def test_a_changed_page_starts_afresh() -> None:
    assert Counter().visit() == "1"
    other = Counter()
    with other.demo:
        gr.Textbox()
    assert other.visit() == "1"


def test_an_entry_of_another_session_is_not_taken() -> None:
    Counter().visit("a", clicks=2)
    store = caches["states"]
    (stolen,) = [store.get(key) for key in _values_in(store)]
    Counter().visit("b")
    for key in _values_in(store):
        store.set(key, stolen)
    assert Counter().visit("b") == "1"


def _values_in(store: Any) -> list[str]:
    """The keys of the values; the mark, which says who has used a session last, is no value."""
    return [key.split(":", 2)[2] for key in store._cache if not key.endswith(".-1")]


def test_a_value_whose_time_is_over_does_not_come_back() -> None:
    Counter(time_to_live=1e-6).visit()
    assert Counter(time_to_live=1e-6).visit() == "1"


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2.5, "é\u2028", b"\x00\xff", [1, [2]], (1, (2,)), {"a": 1}, {1: "x", (2, 3): "y"}, {"!": "tag"},
        {1, 2}, frozenset("ab"), 1 + 2j, math.inf, datetime.date(2024, 2, 29), datetime.time(1, 2),
        datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC), datetime.timedelta(1, 2, 3), decimal.Decimal("1.10"),
        uuid.UUID(int=7), pathlib.Path("a/b"), numpy.float32(1.5),
    ],
)  # fmt: skip
def test_values_come_back_as_they_were(value: Any) -> None:
    found = codec.decode(codec.encode(value))
    assert found == value and type(found) is type(value)


def test_long_values_and_halves_of_characters_come_back_as_they_were() -> None:
    odd = ["half \ud83d of one", {"\udc00": 1, "!": [("a", 2.5)]}, {1, "é"}, 2**70, float("inf"), "\0"]
    for value in (
        odd,
        [odd, *range(100_000)],
        {str(number): [number, "é"] for number in range(30_000)},
        "x" * 3_000_000,
    ):
        found = codec.decode(codec.encode(value))
        assert found == value and type(found) is type(value)
        codec.encode(value).encode()


def test_what_contains_itself_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(codec.Unstorable, match="contains itself"):
        codec.encode(ring)


def test_arrays_come_back_as_they_were() -> None:
    array = numpy.arange(6, dtype="int16").reshape(2, 3)
    found = codec.decode(codec.encode({"a": array}))["a"]
    assert found.dtype == array.dtype and (found == array).all()


@pytest.mark.parametrize("value", [object(), [print], {"a": {1: object}}, numpy.array([object()])])
def test_anything_else_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(codec.Unstorable, match="^value.* is of type "):
        codec.encode(value)


SERVER = """
    import django, sys
    from django.conf import settings
    file_cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": sys.argv[1]}
    settings.configure(SECRET_KEY="s", CACHES={"default": file_cache}, BLOCKS_STATE_CACHE="default",
                       INSTALLED_APPS=["blocks_app", "auth_app", "queue_app"])
    django.setup()
    import blocks_app as gr
    from queue_app.testing import PageUser
    with gr.Blocks() as demo:
        state, out, button = gr.State({"n": 0}), gr.Number(), gr.Button()
        button.click(lambda kept: ({"n": kept["n"] + 1}, kept["n"] + 1), state, [state, out])
    with PageUser(demo, session_hash="s") as page:
        page.click(button)
        print(page.value(out))
"""


def test_values_survive_a_restart_of_the_server(tmp_path: pathlib.Path) -> None:
    def serve() -> str:
        command = [sys.executable, "-c", textwrap.dedent(SERVER), str(tmp_path)]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()

    assert [serve(), serve()] == ["1", "2"]
