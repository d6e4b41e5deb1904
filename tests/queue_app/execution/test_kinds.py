"""Functions of every kind, and wrappers around them: each is called as what it is, wherever an app may give one."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import types
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Annotated, Any, Optional, Union
from unittest import mock

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.db import database_sync_to_async

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.functions.signatures import describe
from queue_app.testing import PageUser

if TYPE_CHECKING:
    from nowhere import Thing  # type: ignore[import-not-found]

    from blocks_app import Request


def plain(x: Any) -> str:
    return f"{x}!"


async def later(x: Any) -> str:
    return f"{x}!"


def steps(x: Any) -> Any:
    yield "a"
    yield f"{x}!"


async def async_steps(x: Any) -> Any:
    yield "a"
    yield f"{x}!"


def passing_on(fn: Any) -> Any:
    @functools.wraps(fn)
    def inner(*args: Any, **named: Any) -> Any:
        return fn(*args, **named)

    return inner


def waited_for(fn: Any) -> Any:
    @functools.wraps(fn)
    def inner(*args: Any) -> Any:
        return asyncio.run(fn(*args))

    return inner


def in_a_thread(fn: Any) -> Any:
    @functools.wraps(fn)
    async def inner(*args: Any) -> Any:
        return await asyncio.to_thread(fn, *args)

    return inner


def last_of(fn: Any) -> Any:
    @functools.wraps(fn)
    def inner(*args: Any) -> Any:
        return list(fn(*args))[-1]

    return inner


def repeated(fn: Any) -> Any:
    @functools.wraps(fn)
    def inner(*args: Any) -> Any:
        yield "a"
        yield fn(*args)

    return inner


class Called:
    def __init__(self, fn: Any) -> None:
        self.fn = fn

    def __call__(self, *args: Any) -> Any:
        return self.fn(*args)

    async def later(self, x: Any) -> str:
        return f"{x}!"

    @classmethod
    async def of_class(cls, x: Any) -> str:
        return f"{x}!"

    @staticmethod
    def of_none(x: Any) -> Any:
        yield f"{x}!"


class CalledAsync:
    async def __call__(self, x: Any) -> str:
        return f"{x}!"


class CalledInSteps:
    async def __call__(self, x: Any) -> Any:
        yield f"{x}!"


class Shout:
    def __init__(self, x: str) -> None:
        self.x = x

    def __str__(self) -> str:
        return f"{self.x}!"


@types.coroutine
def old_coroutine(x: Any) -> Any:
    yield from asyncio.sleep(0).__await__()
    return f"{x}!"


@functools.singledispatch
def by_kind(x: Any) -> Any:
    raise TypeError


@by_kind.register
async def _(x: str) -> str:
    return f"{x}!"


POOL = ThreadPoolExecutor(1)


async def steps_later(x: Any) -> Any:
    return steps(x)


KINDS = {
    "plain": plain, "later": later, "steps": steps, "async_steps": async_steps,
    "wraps_async": passing_on(later), "wraps_steps": passing_on(steps), "wraps_async_steps": passing_on(async_steps),
    "waited_for": waited_for(later), "in_a_thread": in_a_thread(plain), "last_of": last_of(steps),
    "repeated": repeated(plain), "sync_to_async": sync_to_async(plain), "async_to_sync": async_to_sync(later),
    "for_database": database_sync_to_async(plain), "waited_marked": waited_for(sync_to_async(plain)),
    "object": Called(plain), "object_of_async": Called(later), "object_of_steps": Called(async_steps),
    "async_object": CalledAsync(), "object_in_steps": CalledInSteps(), "method": Called(plain).later,
    "classmethod": Called.of_class, "staticmethod": Called.of_none, "partial": functools.partial(later),
    "partial_of_object": functools.partial(CalledAsync()), "cached": functools.lru_cache(plain),
    "cached_async": functools.cache(later), "dispatched": by_kind, "coroutine": old_coroutine,
    "steps_later": steps_later, "lambda": lambda x: async_steps(x), "class": Shout,
    "mock": mock.Mock(return_value="it is!"), "async_mock": mock.AsyncMock(return_value="it is!"),
    "mock_of_async": mock.Mock(side_effect=later), "future": lambda x: POOL.submit(plain, x),
}  # fmt: skip


def test_each_kind_gives_its_last_value_in_and_outside_the_queue() -> None:
    with gr.Blocks() as demo:
        given = gr.Textbox("it is")
        tried = []
        for name, fn in KINDS.items():
            for queue in (True, False):
                out, button = gr.Textbox(label=name), gr.Button()
                button.click(fn, given, out, queue=queue)
                tried.append((name, queue, out, button))
    seen = {}
    with PageUser(demo) as page:
        for name, queue, out, button in tried:
            if name == "cached_async" and not queue:
                continue  # a coroutine can be awaited once, whoever keeps it
            page.click(button)
            seen[name, queue] = page.value(out)
        assert page.errors == []
    wrong = {key: value for key, value in seen.items() if value not in (("it is!",) if key[1] else ("it is!", "a"))}
    assert not wrong


def test_a_context_manager_made_of_a_generator_is_no_generator() -> None:
    @contextlib.contextmanager
    def opened(x: str) -> Any:
        yield x

    assert not describe(opened).is_generator


@pytest.mark.parametrize(
    "fn", [later, passing_on(later), functools.partial(later), CalledAsync(), sync_to_async(plain)]
)
def test_a_value_that_a_function_makes_may_come_later(fn: Any) -> None:
    with gr.Blocks() as demo:
        shown = gr.Textbox(functools.partial(fn, "it is"))
    with PageUser(demo) as page:
        assert page.value(shown) == "it is!"


@pytest.mark.parametrize("wrap", [lambda fn: fn, passing_on, functools.partial])
def test_a_validator_of_any_kind_is_heard(wrap: Any) -> None:
    async def refuse(x: str) -> Any:
        return gr.validate(False, "not this one")

    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("it is"), gr.Textbox(), gr.Button()
        button.click(plain, given, out, validator=wrap(refuse))
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) is None and len(page.errors) == 1


def test_batches_of_async_functions_run_where_all_async_functions_do() -> None:
    loops = []

    async def each(words: list[str], *, request: gr.Request) -> Any:
        loops.append(asyncio.get_running_loop())
        return [[f"{word}!" for word in words]] if request else None

    async def alone(word: str) -> str:
        loops.append(asyncio.get_running_loop())
        return word

    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("it is"), gr.Textbox(), gr.Button()
        button.click(each, given, out, batch=True)
        button.click(passing_on(each), given, out, batch=True)
        button.click(alone, given, None)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "it is!" and not page.errors
    assert len(loops) == 3 and len(set(loops)) == 1


def test_a_batch_that_yields_and_a_part_of_the_page_that_comes_later_are_told() -> None:
    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("it is"), gr.Textbox(), gr.Button()
        button.click(passing_on(steps), given, out, batch=True)

        @gr.render(inputs=given)
        @passing_on
        async def show(text: str) -> None:
            gr.Textbox(text)

    with PageUser(demo) as page:
        page.click(button)
        texts = " ".join(map(str, page.errors))
    assert "gr.render needs a plain function" in texts and "must return lists" in texts


def test_what_tidies_up_after_a_state_may_be_async() -> None:
    gone: SimpleQueue[str] = SimpleQueue()

    async def tidy(value: str) -> None:
        await asyncio.sleep(0)
        gone.put(value)

    with gr.Blocks() as demo:
        kept, button = gr.State("old", delete_callback=tidy, time_to_live=10), gr.Button()
        button.click(lambda: "new", None, kept)
    with PageUser(demo) as page:
        page.click(button)
        page.pass_time(11)
        assert gone.get(timeout=30) == "new"
    assert gone.empty()


def test_what_is_returned_is_repeated_by_every() -> None:
    with gr.Blocks() as demo:
        out, button = gr.Textbox(), gr.Button()
        button.click(lambda: steps("it is"), None, out, every=0.01)
    with PageUser(demo) as page:
        page.click(button, wait=False)
        page.until(lambda: page.history(out)[:4] == ["a", "it is!", "a", "it is!"])


# -- parameters -------------------------------------------------------------------------------------------------------


def by_name_only(x: str, *, request: gr.Request, progress: Any = gr.Progress(), loud: bool = False) -> str:
    progress(0.5)
    return x if type(request) is gr.Request and not loud else "wrong"


def after_star(*args: str, request: gr.Request, event: gr.EventData | None = None, **more: Any) -> str:
    return args[0] if request and event and event.target and not more else "wrong"


def unknown_to_python(x: Thing, request: gr.Request, event: Annotated[gr.EventData, "told"]) -> Any:
    return x if request and event.target else "wrong"


def unions(x: str, a: Optional[gr.Request], b: Union[gr.Request, None] = None, c: str = "c") -> str:  # noqa: UP007,UP045
    return x if a is b and a is not None and c == "c" else "wrong"


def only_positional(x: str, /, request: gr.Request) -> str:
    return x if request else "wrong"


def annotated_progress(x: str, progress: gr.Progress) -> str:
    progress(0.5)
    return x


async def in_async_steps(x: str, *, request: gr.Request) -> Any:
    yield x if request else "wrong"


@pytest.mark.parametrize(
    "fn", [by_name_only, after_star, unknown_to_python, unions, only_positional, annotated_progress, in_async_steps]
)
def test_what_a_function_asks_for_reaches_it_however_it_is_written(fn: Any) -> None:
    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("x"), gr.Textbox(), gr.Button()
        button.click(fn, given, out)
        button.click(passing_on(fn), given, out)
        button.click(functools.partial(fn), given, out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.history(out) == ["x"] * 3 and not page.errors


def test_data_that_an_event_does_not_carry_is_none_where_it_may_be() -> None:
    def may(x: str, event: gr.SelectData | None = None) -> str:
        return f"{x}{event}"

    def must(x: str, event: gr.SelectData) -> str:
        return x

    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("x"), gr.Textbox(), gr.Button()
        button.click(may, given, out)
        button.click(must, given, None)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "xNone" and "must asks for gr.SelectData" in str(page.errors)


def test_inputs_reach_parameters_that_go_by_name_alone() -> None:
    with gr.Blocks() as demo:
        one, two, out, button = gr.Textbox("1"), gr.Textbox("2"), gr.Textbox(), gr.Button()
        button.click(lambda a, *, b: f"{a}-{b}", [one, two], out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "1-2"


def test_a_request_that_only_type_checkers_know_is_given_and_told() -> None:
    def asks(x: str, request: Request) -> str:
        return x if type(request) is gr.Request else "wrong"

    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("x"), gr.Textbox(), gr.Button()
        with pytest.warns(UserWarning, match="annotation 'Request' of its parameter 'request'.*TYPE_CHECKING"):
            button.click(asks, given, out)
        button.click(asks, [given, given], None)  # here it has an input, so nothing is taken for granted
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "x" and not page.errors


def test_a_wrapper_with_parameters_of_its_own_takes_those() -> None:
    def joined(x: str, y: str) -> str:
        return x + y

    @functools.wraps(joined)
    def once(x: str) -> str:
        return joined(x, x)

    assert describe(joined).parameters == ("x", "y") and describe(once).parameters == ("x",)


def test_a_generator_is_no_validator() -> None:
    with gr.Blocks(), pytest.raises(DeclarationError, match="must return, not yield"):
        gr.Button().click(plain, gr.Textbox(), None, validator=steps)
