"""gr.cache and gr.Cache: what counts of arguments, what is kept for how many, and for whom."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.cache import cache as site_cache
from django.core.cache.backends.dummy import DummyCache
from django.test import override_settings
from PIL import Image

import blocks_app as gr
from blocks_app.caching.contents import content_key
from queue_app.testing import PageUser

ran: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    site_cache.clear()
    ran.clear()
    yield
    site_cache.clear()


@dataclass
class Point:
    x: int
    y: int


DIFFERENT: list[Any] = [
    None, 0, 1, True, 1.0, "1", b"1", [1], (1,), {1}, {1: 2}, {1: [2]}, [[1], 2], [[1, 2]], ["a", "b"], ["ab"],
    Point(1, 2), Point(2, 1), Path("1"), np.array([1]), np.array([1.0]), np.array([[1]]), np.array(["1"], dtype=object),
    Image.new("RGB", (1, 1)), Image.new("RGB", (1, 1), "red"), Image.new("L", (1, 1)), pd.DataFrame({"a": [1]}),
    pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [1]}, index=[5]), pd.Series([1]), pd.Series([1], name="a"),
    float("nan"), "\ud83d", len, lambda x: x, lambda x: x + 1,
]  # fmt: skip


def test_arguments_are_told_apart_by_their_content() -> None:
    assert len({content_key(each) for each in DIFFERENT}) == len(DIFFERENT)
    assert content_key({"a": 1, "b": np.arange(3)}) == content_key({"a": 1, "b": np.arange(3)})
    assert content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1}) != content_key({"a": 2, "b": 1})
    assert content_key({1: "a", "b": 2}) == content_key({"b": 2, 1: "a"})
    assert content_key({"x", "y", "z"}) == content_key({"z", "y", "x"})
    assert content_key(Point(1, 2)) == content_key(Point(1, 2))
    with pytest.raises(TypeError, match="nobody can tell whether one lock is another"):
        content_key(threading.Lock())
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError, match="contains itself"):
        content_key(endless)


def test_a_function_runs_once_for_equal_arguments() -> None:
    @gr.cache
    def add(a: int, b: int = 1) -> list[int]:
        ran.append((a, b))
        return [a + b]

    first = add(1)
    first.append(99)  # whoever changes an answer changes no other
    assert [add(1), add(1, 1), add(a=1, b=1), add(2)] == [[2], [2], [2], [3]]
    assert ran == [(1, 1), (2, 1)]
    assert add.__name__ == "add"
    assert len(add.cache) == 2  # type: ignore[attr-defined]
    add.cache.clear()  # type: ignore[attr-defined]
    assert add(1) == [2]
    assert len(ran) == 3


def test_generators_yield_the_same_again() -> None:
    @gr.cache
    def grow(length: int) -> Iterator[list[int]]:
        ran.append(length)
        seen: list[int] = []
        for each in range(length):
            seen.append(each)
            yield seen

    assert [list(each) for each in grow(3)] == [[0], [0, 1], [0, 1, 2]]
    assert list(grow(3)) == [[0], [0, 1], [0, 1, 2]]
    next(iter(grow(5)))  # what was not read to its end is not kept
    assert len(list(grow(5))) == 5
    assert ran == [3, 5, 5]


def test_async_functions_and_generators() -> None:
    @gr.cache
    async def double(value: int) -> int:
        ran.append(value)
        return value * 2

    @gr.cache()
    async def count(value: int) -> AsyncIterator[int]:
        ran.append(value)
        for each in range(value):
            yield each

    async def main() -> Any:
        return [await double(4), await double(4), [each async for each in count(2)], [each async for each in count(2)]]

    assert asyncio.run(main()) == [8, 8, [0, 1], [0, 1]]
    assert ran == [4, 2]


def test_an_error_is_not_kept() -> None:
    @gr.cache
    def fail(value: int) -> None:
        ran.append(value)
        raise ValueError(value)

    for _ in range(2):
        with pytest.raises(ValueError, match="7"):
            fail(7)
    assert ran == [7, 7]


def test_none_is_an_answer() -> None:
    @gr.cache
    def nothing() -> None:
        ran.append(1)

    assert (nothing(), nothing(), ran) == (None, None, [1])


def test_the_app_says_what_counts() -> None:
    @gr.cache(key=lambda given: given["prompt"])
    def draw(prompt: str, seed: int) -> str:
        ran.append(seed)
        return f"{prompt} {seed}"

    assert [draw("a", 1), draw("a", 2), draw("b", 3)] == ["a 1", "a 1", "b 3"]


def test_the_answers_used_last_are_kept() -> None:
    @gr.cache(max_size=2)
    def same(value: int) -> int:
        ran.append(value)
        return value

    for value in (1, 2, 1, 3, 1, 2):
        same(value)
    assert ran == [1, 2, 3, 2]


def test_memory_is_a_limit_too() -> None:
    @gr.cache(max_size=0, max_memory="1kb")
    def long(value: int) -> str:
        ran.append(value)
        return "x" * 600

    for value in (1, 2, 2, 1):
        long(value)
    assert ran == [1, 2, 1]


@pytest.mark.parametrize("options", [{"max_size": -1}, {"max_size": True}, {"max_memory": "much"}, {"max_memory": -1}])
def test_limits_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        gr.Cache(**options)


def test_what_is_no_function_is_told() -> None:
    with pytest.raises(TypeError, match=r"gr.cache\(fn\)\(…\)"):
        gr.cache(5)  # type: ignore[call-overload]


def test_a_helper_may_be_kept_where_it_is_called() -> None:
    def look_up(word: str) -> str:
        ran.append(word)
        return word.upper()

    assert [gr.cache(look_up)("a") for _ in range(3)] == ["A"] * 3
    assert ran == ["a"]


def test_another_version_starts_afresh() -> None:
    found = []
    for body in ("value + 1", "value + 2", "value + 1"):
        space: dict[str, Any] = {"ran": ran}
        exec(f"def f(value):\n    ran.append(value)\n    return {body}", space)
        found.append(gr.cache(space["f"])(1))
    assert (found, ran) == ([2, 3, 2], [1, 1])


def test_a_visitor_has_answers_of_its_own_where_that_is_wanted() -> None:
    @gr.cache(per_session=True)
    def greet(name: str) -> str:
        ran.append(name)
        return f"Hi {name}"

    with gr.Blocks() as demo:
        name, greeting, button = gr.Textbox("Ada"), gr.Textbox(), gr.Button()
        button.click(greet, name, greeting)
    with PageUser(demo) as one, PageUser(demo) as other:
        for user in (one, one, other, one):
            user.click(button)
            assert user.value(greeting) == "Hi Ada"
    assert ran == ["Ada", "Ada"]


def test_a_function_that_asks_who_calls_is_not_kept_by_chance() -> None:
    def who(name: str, request: gr.Request) -> str:
        ran.append(name)
        return str(request)

    with pytest.warns(UserWarning, match="asks who has called it"):
        cached = gr.cache(who)
    assert [cached("a", "one"), cached("a", "two")] == ["one", "two"]  # type: ignore[arg-type]


def test_progress_does_not_count() -> None:
    @gr.cache
    def work(value: int, progress: gr.Progress = gr.Progress()) -> int:
        progress(0.5)
        ran.append(value)
        return value

    with gr.Blocks() as demo:
        value, result, button = gr.Number(3), gr.Number(), gr.Button()
        button.click(work, value, result)
    for _ in range(2):
        with PageUser(demo) as user:
            user.click(button)
            assert user.value(result) == 3
    assert ran == [3]


def test_a_function_keeps_what_it_likes() -> None:
    def answer(text: str, kept: gr.Cache = gr.Cache()) -> str:  # noqa: B008
        found = kept.get(text)
        if found is None:
            ran.append(text)
            kept.set(text, long=text * 2, parts=[1])
            found = kept.get(text)
        assert found is not None
        return f"{found['long']} {kept.keys()} {len(kept)}"

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox("ab"), gr.Textbox(), gr.Button()
        button.click(answer, text, result)
    for _ in range(2):
        with PageUser(demo) as user:
            user.click(button)
            assert user.value(result) == "abab ['ab'] 1"
    assert ran == ["ab"]


class Knot:
    def __init__(self, name: str) -> None:
        self.name, self.tied = name, [self]


class Unwilling:
    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RuntimeError("no")


def test_objects_are_told_apart_by_what_they_are_made_of() -> None:
    assert content_key(Knot("a")) == content_key(Knot("a")) != content_key(Knot("b"))
    assert content_key(re.compile("a")) == content_key(re.compile("a")) != content_key(re.compile("a", re.I))
    assert content_key([Knot, Point]) != content_key([Point, Knot])
    with pytest.raises(TypeError, match="one Unwilling is another"):
        content_key(Unwilling())


FILES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}}


@pytest.fixture
def shared(tmp_path: Path, settings: Any) -> Path:
    """A cache that other processes have, too."""
    settings.CACHES = {"default": {**FILES["default"], "LOCATION": str(tmp_path)}}
    return tmp_path


TABLE = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, float("nan")]}, index=["one", "two"])
TABLE["d"] = pd.Series([{"k": 1}, None], index=TABLE.index, dtype=object)
TABLE["e"] = pd.to_datetime(["2024-02-29", None])
PALETTE = Image.new("P", (3, 2), 1)
PALETTE.putpalette([0, 0, 0, 255, 0, 7])
PICTURES = [Image.new("RGB", (2, 3), "red"), Image.new("1", (9, 2), 1), Image.new("I;16", (2, 2), 700), PALETTE]


def test_pictures_and_tables_reach_other_processes(shared: Path) -> None:
    kept = gr.Cache()
    kept.set("a", table=TABLE, column=TABLE["b"], empty=pd.DataFrame(), pictures=PICTURES)
    found = kept.get("a")
    assert found is not None and not kept._store._here
    pd.testing.assert_frame_equal(found["table"], TABLE)
    pd.testing.assert_series_equal(found["column"], TABLE["b"])
    pd.testing.assert_frame_equal(found["empty"], pd.DataFrame())
    assert [each.convert("RGBA").tobytes() for each in found["pictures"]] == [
        each.convert("RGBA").tobytes() for each in PICTURES
    ]
    assert [each.mode for each in found["pictures"]] == [each.mode for each in PICTURES]


@pytest.mark.parametrize(
    "value", [Point(1, 2), TABLE.astype({"b": "category"}), threading.Lock(), {1: Knot("a")}, Unwilling()]
)
def test_what_no_text_can_say_stays_in_this_process_and_the_log_says_so_once(
    shared: Path, caplog: pytest.LogCaptureFixture, value: Any
) -> None:
    kept = gr.Cache()
    for key in ("a", "b"):
        kept.set(key, value=value)
        found = kept.get(key)
        assert found is not None and type(found["value"]) is type(value)
    assert [each.action for each in caplog.records] == ["cache.in_this_process"]


def test_nobody_changes_what_is_kept_in_this_process() -> None:
    kept, given = gr.Cache(), Knot("a")
    kept.set("k", knot=given)
    given.name = "b"
    for _ in range(2):
        found = kept.get("k")
        assert found is not None and found["knot"].name == "a"
        found["knot"].name = "c"


def test_what_somebody_else_has_written_is_not_taken(shared: Path, caplog: pytest.LogCaptureFixture) -> None:
    @gr.cache
    def same(value: int) -> int:
        ran.append(value)
        return value

    for odd in (pickle.dumps(((9,), None)), "[[9],null]", "", 5, site_cache):
        same(1)
        (name,) = same.cache._index()  # type: ignore[attr-defined]
        with contextlib.suppress(TypeError):
            site_cache.set(f"{same.cache._name}-{name}", odd)  # type: ignore[attr-defined]
        assert same(1) == 1
    assert len(ran) == 5  # the last of them no cache takes
    assert {each.action for each in caplog.records} == {"cache.not_ours"}


class Away(DummyCache):
    def get(self, *_: Any, **__: Any) -> Any:
        raise ConnectionError("redis://user:secret@host is away")

    set = touch = delete = get


def test_a_cache_that_is_away_costs_no_more_than_running_again(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Away"}}
    monkeypatch.setattr("blocks_app.caching.backing._logged_at", -100.0)

    @gr.cache
    def same(value: int) -> int:
        ran.append(value)
        return value

    kept = gr.Cache()
    kept.set("a", b=1)
    assert [same(1), same(1), kept.get("a"), kept.keys(), len(kept)] == [1, 1, None, [], 0]
    assert (ran, [each.action for each in caplog.records]) == ([1, 1], ["cache.unavailable"])


def test_an_answer_that_nobody_waited_for_is_left_out_whole() -> None:
    closed: list[int] = []

    @gr.cache
    def grow(length: int) -> Iterator[str]:
        ran.append(length)
        try:
            for each in range(1, length + 1):
                yield "x" * each
        finally:
            closed.append(length)

    @gr.cache
    async def slowly(length: int) -> AsyncIterator[str]:
        ran.append(length)
        try:
            for each in range(1, length + 1):
                yield "x" * each
        finally:
            closed.append(length)

    async def one_and_then_all() -> list[str]:
        begun: Any = slowly(3)
        await anext(begun)
        await begun.aclose()
        return [each async for each in slowly(3)]

    begun: Any = grow(3)
    next(begun)
    begun.close()
    assert closed == [3]
    assert list(grow(3)) == asyncio.run(one_and_then_all()) == ["x", "xx", "xxx"]
    assert (ran, closed) == ([3] * 4, [3] * 4)


def test_a_generator_whose_values_cannot_be_copied_is_run_again(caplog: pytest.LogCaptureFixture) -> None:
    @gr.cache
    def locks() -> Iterator[Any]:
        ran.append(1)
        yield threading.Lock()

    list(locks()), list(locks())
    assert (ran, {each.action for each in caplog.records}) == ([1, 1], {"cache.not_kept"})


def test_what_cannot_be_copied_is_kept_as_it_is() -> None:
    kept, lock = gr.Cache(max_size=1), threading.Lock()
    kept.set("a", lock=lock)
    found = kept.get("a")
    assert found is not None and found["lock"] is lock
    kept.set("b", lock=lock)
    assert kept.get("a") is None
    kept.clear()
    assert (kept.get("b"), len(kept), kept.keys()) == (None, 0, [])


def test_each_cache_is_its_own() -> None:
    caches = [gr.Cache() for _ in range(2)]
    caches[0].set(np.arange(3), value=1)
    assert caches[0].get(np.arange(3)) == {"value": 1}
    assert caches[1].get(np.arange(3)) is None


TWO = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "other": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "memo"},
}


@override_settings(CACHES=TWO)
def test_the_site_says_which_cache() -> None:
    @gr.cache
    def same(value: int) -> int:
        ran.append(value)
        return value

    same(1)
    same(1)
    with override_settings(BLOCKS_CACHE="other"):
        same(1)
        same(1)
    assert ran == [1, 1, 1]


def run(code: str, *arguments: str) -> str:
    environment = {"PATH": "", "PYTHONPATH": "."}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


def test_a_program_without_settings_keeps_too_and_loads_it_when_it_is_used() -> None:
    code = (
        "import sys\nimport blocks_app as gr\n"
        "print([name for name in sys.modules if name.startswith(('blocks_app.caching', 'blocks_app.examples'))])\n"
        "ran = []\n@gr.cache\ndef f(x):\n    ran.append(x)\n    return x\nf(1), f(1), f(2)\nprint(ran)"
    )
    assert run(code) == "[]\n[1, 2]"


SHARING = """
import blocks_app as gr
from blocks_app.caching.contents import content_key
ran = []
@gr.cache
def f(x):
    ran.append(x)
    return [x, x]
print(f(1), ran, content_key({"a": {"x", "y", "z"}, "b": ("c", 1.5)}))
"""


def test_processes_share_what_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}}
    with override_settings(CACHES=files, SECRET_KEY="of the site"):
        exec(SHARING, {"__name__": "an_app"})
    there = (
        f"settings.configure(SECRET_KEY='of the site', CACHES={files!r})\nexec({SHARING!r}, {{'__name__': 'an_app'}})"
    )
    other = run(f"from django.conf import settings\n{there}")
    here = capsys.readouterr().out.strip()
    assert here.startswith("[1, 1] [1] ")
    assert other == here.replace("] [1] ", "] [] ")
