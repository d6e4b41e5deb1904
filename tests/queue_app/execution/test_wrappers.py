"""Wrappers that hide what they wrap: proxies of another kind, and what descriptors have bound."""

from __future__ import annotations

import functools
import types
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

import blocks_app as gr
from queue_app.testing import PageUser


def plain(x: Any) -> str:
    return f"{x}!"


def steps(x: Any) -> Any:
    yield "a"
    yield f"{x}!"


class Proxy:
    """Says of itself what is true of the function that it wraps, its class included."""

    def __init__(self, fn: Any) -> None:
        object.__setattr__(self, "__wrapped__", fn)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "__wrapped__"), name)

    @property  # type: ignore[misc] # read-only, as proxies have it
    def __class__(self) -> Any:
        return type(self.__wrapped__)

    def __call__(self, x: Any) -> Any:
        return self._last(self.__wrapped__(x))

    async def _last(self, result: Any) -> Any:
        if isinstance(result, types.AsyncGeneratorType):
            return [each async for each in result][-1]
        return list(result)[-1] if isinstance(result, types.GeneratorType) else result


def iter_of(text: str) -> Any:
    yield from text


async def later_steps(x: Any) -> Any:
    yield "a"
    yield f"{x}!"


@pytest.mark.parametrize("fn", [plain, steps, later_steps], ids=["plain", "generator", "async generator"])
def test_a_proxy_that_changes_the_kind_is_called_as_what_it_is(fn: Any) -> None:
    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("x"), gr.Textbox(), gr.Button()
        button.click(Proxy(fn), given, out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "x!" and not page.errors


class Methods:
    @sync_to_async
    def threaded(self, x: Any) -> str:
        return plain(x)

    @async_to_sync
    async def waited(self, x: Any) -> str:
        return plain(x)

    @sync_to_async(thread_sensitive=False)
    def asking(self, x: Any, request: gr.Request) -> str:
        return plain(x) if type(request) is gr.Request else "wrong"

    @functools.singledispatchmethod
    def by_kind(self, x: Any) -> str:
        return plain(x)


@pytest.mark.parametrize("name", ["threaded", "waited", "asking", "by_kind"])
def test_a_method_that_a_wrapper_has_bound_gets_its_inputs_alone(name: str) -> None:
    with gr.Blocks() as demo:
        given, out, button = gr.Textbox("x"), gr.Textbox(), gr.Button()
        button.click(getattr(Methods(), name), given, out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "x!" and not page.errors


def test_a_value_that_a_generator_makes_is_its_last_one() -> None:
    with gr.Blocks() as demo:
        shown, late = gr.Textbox(functools.partial(iter_of, "abc")), gr.Textbox(functools.partial(later_steps, "x"))
    with PageUser(demo) as page:
        assert page.value(shown) == "c" and page.value(late) == "x!" and not page.errors
