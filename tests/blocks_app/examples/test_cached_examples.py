"""Answers to examples that are kept: made once, shown again, never those of another function."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.files.filestore import default_store
from queue_app.testing import PageUser

ran: list[Any] = []


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "stored"))
    for name in ("GRADIO_CACHE_EXAMPLES", "GRADIO_CACHE_MODE", "GRADIO_EXAMPLES_CACHE"):
        monkeypatch.delenv(name, raising=False)
    ran.clear()


def plain(name: str) -> str:
    ran.append(name)
    return name.upper()


def steps(name: str) -> Iterator[str]:
    ran.append(name)
    for end in range(1, len(name) + 1):
        yield name[:end].upper()


async def awaited(name: str) -> str:
    ran.append(name)
    await asyncio.sleep(0)
    return name.upper()


async def async_steps(name: str) -> AsyncIterator[str]:
    ran.append(name)
    for end in range(1, len(name) + 1):
        yield name[:end].upper()


def page(fn: Callable[..., Any], mode: Any = True, **options: Any) -> tuple[gr.Blocks, gr.Examples, Any, Any]:
    with gr.Blocks() as demo:
        name, answer = gr.Textbox(), gr.Textbox(label="Answer")
        examples = gr.Examples(["ada", "bob"], name, answer, fn, mode, **options)
    return demo, examples, name, answer


def choose(user: PageUser, examples: gr.Examples, number: int) -> None:
    user.set(examples.dataset, number)
    user.fire(examples.dataset, "click", number)


def content(value: dict[str, Any]) -> bytes:
    store = default_store()
    record = store.find(value["path"])
    assert record is not None
    with store.open(record) as file:
        return file.read()


@pytest.mark.parametrize("fn", [plain, steps, awaited, async_steps])
def test_the_first_click_runs_the_function_and_no_other_does(fn: Callable[..., Any]) -> None:
    demo, examples, name, answer = page(fn, "lazy")
    for _ in range(2):
        with PageUser(demo) as user:
            choose(user, examples, 1)
            assert (user.value(name), user.value(answer)) == ("bob", "BOB")
    demo, examples, name, answer = page(fn, "lazy")  # the program starts anew
    with PageUser(demo) as user:
        choose(user, examples, 1)
        assert user.value(answer) == "BOB"
    assert ran == ["bob"]


@pytest.mark.parametrize("fn", [plain, steps, awaited, async_steps])
def test_answers_are_made_beforehand(fn: Callable[..., Any]) -> None:
    demo, examples, _, answer = page(fn, preload=False)
    assert ran == []
    assert not examples.cached_file.exists()
    demo.startup_events()
    demo.startup_events()
    assert ran == ["ada", "bob"]
    assert examples.cached_file.exists()
    assert examples.load_from_cache(1) == ["BOB"]
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(answer) == "ADA"
    assert len(ran) == 2


def test_a_generator_is_shown_again_step_by_step() -> None:
    demo, examples, _, answer = page(steps, preload=False)
    examples.fill(str)
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(answer) == "ADA"
        assert user.history(answer)[-3:] == ["A", "AD", "ADA"]
    assert ran == ["ada", "bob"]


def test_the_page_begins_with_an_example() -> None:
    demo, examples, name, answer = page(plain, preload=1)
    with PageUser(demo) as user:  # nothing is kept yet, and opening a page runs nothing
        assert (user.value(name), user.value(answer), ran) == (None, None, [])
    examples.fill(str)
    with PageUser(demo) as user:
        assert (user.value(name), user.value(answer)) == ("bob", "BOB")


def test_another_function_gets_answers_of_its_own() -> None:
    def made(greeting: str) -> Callable[[str], str]:
        def greet(name: str) -> str:
            return f"{greeting} {name}"

        return greet

    found = []
    for greeting in ("Hi", "Hello", "Hi"):
        demo, examples, _, answer = page(made(greeting), "lazy")
        with PageUser(demo) as user:
            choose(user, examples, 0)
            found.append(user.value(answer))
    assert found == ["Hi ada", "Hello ada", "Hi ada"]


def test_another_version_that_the_site_names_gets_answers_of_its_own() -> None:
    for version in ("1", "2", "1"):
        with override_settings(BLOCKS_EXAMPLES_VERSION=version):
            page(plain)[1].fill(str)
    assert ran == ["ada", "bob"] * 2


def test_answers_are_made_anew_where_the_environment_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    page(plain)[1].fill(str)
    monkeypatch.setenv("GRADIO_RESET_EXAMPLES_CACHE", "True")
    for _ in range(2):
        page(plain)[1].fill(str)
    assert ran == ["ada", "bob"] * 2


def test_a_row_that_fails_is_told_and_harms_no_other() -> None:
    def picky(name: str) -> str:
        if name == "ada":
            raise gr.Error("Not Ada.")
        return name.upper()

    demo, examples, _, answer = page(picky, preload=False)
    with pytest.warns(UserWarning, match="Example 1 of 2 cannot be cached: Error: Not Ada."):
        assert examples.fill(str) == 1
    with PageUser(demo) as user:
        choose(user, examples, 1)
        assert user.value(answer) == "BOB"
        choose(user, examples, 0)
        assert user.errors == ["Not Ada."]


def test_a_generator_that_never_ends_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Semaphore(0)

    def endless(name: str) -> Iterator[int]:
        try:
            while True:
                yield len(name)
        finally:
            closed.release()

    monkeypatch.setattr("blocks_app.examples.filling.MOST_YIELDS", 20)
    _, examples, _, _ = page(endless)
    with pytest.warns(UserWarning, match="it has not come to an end"):
        assert examples.fill(str) == 0
    assert all(closed.acquire(timeout=30) for _ in range(2))


def test_values_that_are_files_keep_their_files(tmp_path: Path) -> None:
    def write(name: str) -> str:
        ran.append(name)
        (tmp_path / "made.txt").write_text(name)
        return str(tmp_path / "made.txt")

    def app() -> tuple[gr.Blocks, gr.Examples, Any]:
        with gr.Blocks() as demo:
            name, file = gr.Textbox(), gr.File()
            return demo, gr.Examples(["ada"], name, file, write, "lazy"), file

    found = []
    for _ in range(2):
        demo, examples, file = app()
        with PageUser(demo) as user:
            choose(user, examples, 0)
            found.append(user.value(file)["path"])
            assert content(user.value(file)) == b"ada"
        (tmp_path / "made.txt").unlink(missing_ok=True)
    assert found[0] == found[1]
    assert ran == ["ada"]


def test_a_folder_of_its_own_keeps_files_beside_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_EXAMPLES_CACHE", str(tmp_path / "kept"))

    def write(name: str) -> str:
        ran.append(name)
        (tmp_path / "made.txt").write_text(name)
        return str(tmp_path / "made.txt")

    for place in ("one", "two"):  # another machine, with the same folder
        monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / place))
        with gr.Blocks() as demo:
            name, file = gr.Textbox(), gr.File()
            examples = gr.Examples(["ada"], name, file, write, "lazy")
        with PageUser(demo) as user:
            choose(user, examples, 0)
            assert content(user.value(file)) == b"ada"
        (tmp_path / "made.txt").unlink(missing_ok=True)
    assert ran == ["ada"]
    assert examples.cached_file.is_relative_to(tmp_path / "kept")


def test_a_function_may_read_an_answer_for_its_caller(tmp_path: Path) -> None:
    (tmp_path / "made.txt").write_text("made")
    with gr.Blocks() as demo:
        name, file, button = gr.Textbox(), gr.File(), gr.Button()
        examples = gr.Examples(["ada"], name, file, lambda name: str(tmp_path / "made.txt"), "lazy")
        button.click(lambda: examples.load_from_cache(0)[0], None, file, postprocess=False)
    with PageUser(demo) as user:
        for _ in range(2):
            user.click(button)
            first, value = user.history(file)[-1], user.value(file)
            assert first == value
            assert value["url"].startswith("http://testserver/")


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "elsewhere": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}


@override_settings(STORAGES=STORAGES, BLOCKS_FILE_STORAGE="elsewhere")
def test_a_storage_that_is_no_folder(tmp_path: Path) -> None:
    def shout(path: str) -> tuple[str, str]:
        ran.append(path)
        (tmp_path / "loud.txt").write_text(Path(path).read_text().upper())
        return "done", str(tmp_path / "loud.txt")

    (tmp_path / "quiet.txt").write_text("hello")
    with gr.Blocks() as demo:
        file, word, made = gr.File(), gr.Textbox(), gr.File()
        examples = gr.Examples([str(tmp_path / "quiet.txt")], file, [word, made], shout, "lazy")
    for _ in range(2):
        with PageUser(demo) as user:
            choose(user, examples, 0)
            assert user.value(word) == "done"
            assert content(user.value(made)) == b"HELLO"
    assert len(ran) == 1


def test_an_answer_that_is_damaged_is_made_anew() -> None:
    demo, examples, _, answer = page(plain, "lazy")
    examples.fill(str)
    examples.cached_file.write_bytes(examples.cached_file.read_bytes()[:-3])
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(answer) == "ADA"
    assert ran == ["ada", "bob", "ada"]


def test_many_at_the_same_moment_run_the_function_once() -> None:
    started, go = threading.Event(), threading.Event()

    def slow(name: str) -> str:
        ran.append(name)
        started.set()
        go.wait(10)
        return name.upper()

    _, examples, _, _ = page(slow, "lazy")
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(examples.load_from_cache(0))) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert started.wait(10)
    go.set()
    for thread in threads:
        thread.join()
    assert (found, ran) == ([["ADA"]] * 5, ["ada"])


def test_updates_of_outputs_are_kept_too() -> None:
    def longer(name: str) -> Any:
        return gr.Textbox(name.upper(), lines=7)

    demo, examples, _, answer = page(longer, "lazy")
    for _ in range(2):
        with PageUser(demo) as user:
            choose(user, examples, 0)
            assert (user.value(answer), user.prop(answer, "lines")) == ("ADA", 7)


def test_a_missing_value_is_the_functions_own_default() -> None:
    with gr.Blocks(), pytest.warns(UserWarning, match="gets its own default, else None"):
        inputs, seen = [gr.Textbox(), gr.Number(), gr.Number()], gr.JSON()
        examples = gr.Examples([["a"], ["b", 1]], inputs, seen, lambda name, age, size=5: [name, age, size], "lazy")
    assert [examples.load_from_cache(each) for each in (0, 1)] == [[["a", None, 5]], [["b", 1, 5]]]


def test_batches_and_values_as_they_travel() -> None:
    with gr.Blocks():
        name, answer, day = gr.Textbox(), gr.JSON(), gr.DateTime(type="datetime")
        batch = gr.Examples(["a"], name, name, lambda names: [[f"{each}!" for each in names]], "lazy", batch=True)
        raw = gr.Examples(
            ["2026-01-02 03:04:05"], day, answer, lambda day: day, "lazy", preprocess=False, postprocess=False
        )
    assert batch.load_from_cache(0) == ["a!"]
    assert raw.load_from_cache(0) == ["2026-01-02 03:04:05"]


def test_a_state_cannot_be_kept() -> None:
    with gr.Blocks(), pytest.warns(UserWarning, match="cannot be cached"):
        examples = gr.Examples([["a", 1]], [gr.Textbox(), gr.State()], gr.Textbox(), lambda *given: "", True)
    assert examples.cache_examples is False


@pytest.mark.parametrize(
    ("environment", "given", "mode"),
    [
        ({"GRADIO_CACHE_EXAMPLES": "True"}, {}, True),
        ({"GRADIO_CACHE_EXAMPLES": "lazy"}, {}, "lazy"),
        ({"GRADIO_CACHE_EXAMPLES": "false"}, {}, False),
        ({"GRADIO_CACHE_EXAMPLES": "true"}, {"cache_examples": False}, False),
        ({"GRADIO_CACHE_EXAMPLES": "true", "GRADIO_CACHE_MODE": "lazy"}, {}, "lazy"),
        ({"GRADIO_CACHE_MODE": "lazy"}, {"cache_examples": True}, "lazy"),
        ({"GRADIO_CACHE_MODE": "lazy"}, {"cache_examples": True, "cache_mode": "eager"}, True),
        ({}, {"cache_examples": True, "cache_mode": "lazy"}, "lazy"),
        ({}, {}, False),
    ],
)
def test_the_environment_decides_where_nothing_else_does(
    environment: dict[str, str], given: dict[str, Any], mode: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with gr.Blocks():
        assert gr.Examples(["a"], gr.Textbox(), gr.Textbox(), plain, **given).cache_examples == mode
        assert not gr.Examples(["a"], gr.Textbox()).cache_examples  # nothing that could be kept


def test_an_environment_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_CACHE_MODE", "soon")
    with pytest.warns(UserWarning, match="GRADIO_CACHE_MODE is 'eager' or 'lazy'"):
        page(plain)
    monkeypatch.setenv("GRADIO_CACHE_EXAMPLES", "perhaps")
    with gr.Blocks(), pytest.raises(ValueError, match="must be 'true', 'false' or 'lazy'"):
        gr.Examples(["a"], gr.Textbox(), gr.Textbox(), plain)
