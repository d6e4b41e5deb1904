"""The simulated user: reads like the demos that it visits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import PIL.Image
import pytest

import blocks_app as gr
from queue_app.testing import AsyncPageUser, PageUser, Toast
from tests.hanging import Hanging


def test_a_user_types_and_clicks_and_sees_the_answer() -> None:
    with gr.Blocks() as demo:
        name, greeting, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(lambda text: f"Hello {text}", name, greeting)
    with PageUser(demo) as page:
        page.set(name, "Ada")
        page.click(button)
        assert page.value(greeting) == "Hello Ada"


async def test_the_same_in_an_async_test() -> None:
    with gr.Blocks() as demo:
        name, greeting = gr.Textbox(), gr.Textbox()
        name.submit(lambda text: f"Hello {text}", name, greeting)
    async with AsyncPageUser(demo) as page:
        await page.set(name, "Ada")
        await page.fire(name, "submit")
        assert page.value(greeting) == "Hello Ada"


def test_load_events_and_functions_as_values_run_when_the_page_opens() -> None:
    calls: list[int] = []
    with gr.Blocks() as demo:
        shown = gr.Textbox(lambda: str(len(calls)))
        loaded = gr.Textbox()
        demo.load(lambda: calls.append(1) or "loaded", None, loaded)
    with PageUser(demo) as page:
        assert page.value(loaded) == "loaded"
        assert page.value(shown) in ("0", "1")


def test_yields_come_one_after_another() -> None:
    def count(_: str) -> Iterator[str]:
        for number in range(4):
            yield "x" * number

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(count, text, result)
    with PageUser(demo) as page:
        page.click(button)
        assert page.history(result) == ["", "x", "xx", "xxx"]


def test_chains_follow_success_and_failure() -> None:
    def work(text: str) -> str:
        if text == "bad":
            raise gr.Error("no", title="Sorry")
        return text

    with gr.Blocks() as demo:
        text, result, then, success = (gr.Textbox() for _ in range(4))
        button = gr.Button()
        first = button.click(work, text, result)
        first.then(lambda: "then", None, then)
        first.success(lambda: "success", None, success)
    with PageUser(demo) as page:
        page.set(text, "bad")
        page.click(button)
        assert (page.value(then), page.value(success)) == ("then", None)
        assert page.toasts == [Toast("error", "no", "Sorry", 10)]
        assert page.errors == ["no"] and page.status(result) == "error"
        page.set(text, "good")
        page.click(button)
        assert (page.value(result), page.value(success), page.status(result)) == ("good", "success", None)


def test_change_follows_what_the_server_sets() -> None:
    with gr.Blocks() as demo:
        text, result, copy = gr.Textbox(), gr.Textbox(), gr.Textbox()
        text.submit(lambda text: text, text, result)
        result.change(lambda text: f"changed to {text}", result, copy)
    with PageUser(demo) as page:
        page.set(text, "a")
        page.submit(text)
        assert page.value(copy) == "changed to a"


@pytest.mark.parametrize(
    ("mode", "expected"), [("once", ["0"]), ("multiple", ["0", "1", "2"]), ("always_last", ["0", "2"])]
)
def test_trigger_modes(mode: str, expected: list[str]) -> None:
    release, seen = threading.Event(), []

    def work(text: str) -> None:
        release.wait(10)
        seen.append(text)

    with gr.Blocks() as demo:
        text, button = gr.Textbox(), gr.Button()
        button.click(work, text, None, trigger_mode=mode)
    with PageUser(demo) as page:
        for number in range(3):
            page.set(text, str(number), wait=False)
            page.click(button, wait=False)
        release.set()
        page.wait()
    assert seen == expected


def test_cancels_stops_a_validator_and_with_it_its_event() -> None:
    hang = Hanging()
    with gr.Blocks() as demo:
        text, stop = gr.Textbox(), gr.Button()
        running = text.submit(str.upper, text, text, validator=hang)
        stop.click(None, None, None, cancels=[running])
    with PageUser(demo) as user:
        user.submit(text, wait=False)
        assert hang.began.wait(10)
        user.click(stop)
        assert hang.stopped.wait(10)
        assert user.errors == [] and user.status(text) is None


def test_cancels_stops_a_running_stream() -> None:
    def count(_: str) -> Iterator[str]:
        for number in range(100_000):
            yield str(number)
            time.sleep(0.002)

    with gr.Blocks() as demo:
        text, result, start, stop = gr.Textbox(), gr.Textbox(), gr.Button(), gr.Button()
        running = start.click(count, text, result)
        stop.click(None, None, None, cancels=[running])
    with PageUser(demo) as page:
        page.click(start, wait=False)
        page.until(lambda: page.value(result) is not None)
        page.click(stop)
        assert page.status(result) is None and not page.errors


def test_two_users_share_the_queue_and_see_their_place() -> None:
    release = threading.Event()
    with gr.Blocks() as demo:
        result, button = gr.Textbox(), gr.Button()
        button.click(lambda: str(release.wait(10)), None, result)
    with PageUser(demo) as first, PageUser(demo) as second:
        first.click(button, wait=False)
        first.until(lambda: first.status(result) == "pending")
        second.click(button, wait=False)
        second.until(lambda: second.position(result) == (0, 1))
        release.set()
        first.wait()
        second.wait()
        assert first.value(result) == second.value(result) == "True"


def test_a_dropped_connection_loses_nothing() -> None:
    release = threading.Event()

    def count(_: str) -> Iterator[str]:
        yield "a"
        release.wait(10)
        yield "ab"
        yield "abc"

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(count, text, result)
    with PageUser(demo) as page:
        page.click(button, wait=False)
        page.until(lambda: page.value(result) == "a")
        page.disconnect()
        release.set()
        page.reconnect()
        page.wait()
        assert page.history(result) == ["a", "ab", "abc"]


def test_state_outlives_a_reload_and_values_do_not() -> None:
    def count(seen: int) -> tuple[int, str]:
        return seen + 1, str(seen + 1)

    with gr.Blocks() as demo:
        state, result, button = gr.State(0), gr.Textbox("start"), gr.Button()
        button.click(count, state, [state, result])
    with PageUser(demo) as page:
        page.click(button)
        page.reload()
        assert page.value(result) == "start"
        page.click(button)
        assert page.value(result) == "2"


def test_unqueued_events_updates_and_event_data() -> None:
    def pick(event: gr.SelectData) -> dict:
        return gr.update(value=f"{event.index}: {event.value}", label="picked")

    with gr.Blocks() as demo:
        text, result = gr.Textbox(), gr.Textbox()
        text.select(pick, None, result, queue=False)
    with PageUser(demo) as page:
        page.select(text, [0, 1], "a")
        assert page.value(result) == "[0, 1]: a" and page.prop(result, "label") == "picked"


def test_waiting_in_vain_says_for_what() -> None:
    release = threading.Event()
    with gr.Blocks() as demo:
        result, button = gr.Textbox(), gr.Button()

        def slow() -> str:
            return str(release.wait(10))

        button.click(slow, None, result)
    with PageUser(demo, timeout=0.05) as page:
        with pytest.raises(AssertionError, match=r"still pending: slow\."):
            page.click(button)
        release.set()


def test_who_visits_is_seen_by_the_function() -> None:
    with gr.Blocks() as demo:
        result, button = gr.Textbox(), gr.Button()

        def who(request: gr.Request) -> str:
            return f"{request.username} {request.headers['x-tone']} {request.query_params['lang']}"

        button.click(who, None, result)
    with PageUser(demo, username="ada", headers={"x-tone": "warm"}, query="lang=de") as page:
        page.click(button)
        assert page.value(result) == "ada warm de"


def test_what_was_set_up_for_the_users_goes_with_the_last() -> None:
    with gr.Blocks() as demo:
        result, button = gr.Textbox(), gr.Button()
        button.click(lambda: "fine", None, result)
    first, second = PageUser(demo), PageUser(demo)
    first.close()
    second.click(button)
    assert second.value(result) == "fine" and demo.mount is not None
    second.close()
    assert demo.mount is None


def test_a_first_picture_is_one_that_a_function_can_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "stored"))
    PIL.Image.new("RGB", (3, 2)).save(tmp_path / "first.png")
    with gr.Blocks() as demo:
        picture, size, button = gr.Image(tmp_path / "first.png", type="pil"), gr.Textbox(), gr.Button()
        button.click(lambda given: f"{given.size}", picture, size)
    with PageUser(demo) as page:
        first = page.value(picture)
        assert (
            first["url"] == f"http://testserver/gradio_api/file={first['path']}" and len(first["path"].split("/")) == 2
        )
        page.click(button)
        assert page.value(size) == "(3, 2)"
