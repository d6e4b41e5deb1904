"""The app's own function as a listener of the page and as an endpoint for programs.

It is called with the message, the conversation before it, and the additional inputs; what it asks for by annotation
(the request, progress) reaches it as in any listener. What it gives is put into the conversation.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.functions.kinds import is_unfinished, kind_of
from blocks_app.functions.signatures import describe
from blocks_app.interfaces.chat_answers import Reader, Wire, for_programs
from blocks_app.running.updates import skip


@dataclass(slots=True)
class Turn:
    """What a call of the function is about.

    Attributes:
        history: the conversation that the answer is added to.
        is_over: tells whether the visitor has gone on to something else, so that this answer is not wanted.
    """

    history: list[Wire]
    is_over: Callable[[], bool] = lambda: False


#: Makes a message and a conversation, as inputs of a listener, into what the function gets; None runs nothing.
Prepare = Callable[[Any, Any], tuple[Any, list[Any], Turn] | None]
#: Makes an answer into the values of the outputs.
Give = Callable[[Turn, Any], Any]


class ChatOutputs:
    """Makes what a function gave into the values of outputs."""

    def __init__(self, reader: Reader, more: int) -> None:
        """`more` is how many values there are besides the answer."""
        self._reader, self._more = reader, more

    def for_page(self, turn: Turn, result: Any) -> tuple[Any, ...]:
        """Chatbot, conversation, additional outputs."""
        answer, more = self._parted(result)
        history = [*turn.history, *self._reader.answered(answer)]
        return (self._reader.shown(history), history, *more)

    def for_programs(self, turn: Turn, result: Any) -> tuple[Any, ...]:
        """Answer, conversation, additional outputs."""
        answer, more = self._parted(result)
        written = self._reader.answered(answer)
        return (for_programs(answer, written), [*turn.history, *written], *more)

    def nothing(self) -> tuple[Any, ...]:
        """What leaves all outputs as they are."""
        return tuple(skip() for _ in range(2 + self._more))

    def _parted(self, result: Any) -> tuple[Any, list[Any]]:
        if not self._more:
            return result, []
        if not isinstance(result, tuple | list) or len(result) != self._more + 1:
            count = len(result) if isinstance(result, tuple | list) else 1
            raise ValueError(
                f"A ChatInterface with {self._more} additional_outputs takes the answer and a value for each of them: "
                f"{self._more + 1} values. The function gave {count}."
            )
        answer, *more = result
        return answer, more


def calling(
    fn: Callable[..., Any], prepare: Prepare, give: Give, nothing: Sequence[Any], *, gets_history: bool = True
) -> Callable[..., Any]:
    """A function of the kind, the parameters and the name of `fn` that calls it for one turn.

    Args:
        fn: the app's own.
        prepare: see Prepare.
        give: see Give.
        nothing: what is given where nothing is to be run.
        gets_history: False leaves the conversation out of its parameters.
    """
    places = _places(fn)

    def ready(args: tuple[Any, ...], named: dict[str, Any]) -> tuple[list[Any], dict[str, Any], Turn] | None:
        given, named = list(args), dict(named)
        if not gets_history and isinstance(places[1], int):
            given.insert(places[1], None)
        holders: list[tuple[Any, Any]] = [(named if isinstance(place, str) else given, place) for place in places]
        message, history = (_taken(holder, place) for holder, place in holders)
        prepared = prepare(message, history)
        if prepared is None:
            return None
        for (holder, place), value in zip(holders, prepared[:2]):
            if isinstance(place, str) or place < len(given):
                holder[place] = value
        return given, named, prepared[2]

    made: Callable[..., Any] = _of_its_kind(fn, ready, give, nothing)
    functools.update_wrapper(made, fn, updated=())
    made.__name__ = describe(fn).name
    if not gets_history:
        made.__signature__ = _without_history(fn)  # type: ignore[attr-defined]
    return made


def _without_history(fn: Callable[..., Any]) -> inspect.Signature:
    signature, parameters = inspect.signature(fn), describe(fn).parameters
    left = [each for name, each in signature.parameters.items() if name not in parameters[1:2]]
    return signature.replace(parameters=left)


def _taken(holder: Any, place: int | str) -> Any:
    if isinstance(place, str):
        return holder.get(place)
    return holder[place] if place < len(holder) else None


def _places(fn: Callable[..., Any]) -> list[int | str]:
    """Where message and conversation stand among the arguments: by position, or by name."""
    info = describe(fn)
    if len(info.parameters) < 2 and not info.takes_any:
        raise DeclarationError(
            f"The function of a ChatInterface takes the message and the conversation before it, as in "
            f"`def {info.name}(message, history)`; this one takes {len(info.parameters)} of them."
        )
    places: list[int | str] = []
    for number in range(2):
        if number >= len(info.parameters):
            places.append(len(info.order) - len(info.by_keyword) + number - len(info.parameters))
        elif (name := info.parameters[number]) in info.by_keyword:
            places.append(name)
        else:
            places.append(info.order.index(name))
    return places


def _of_its_kind(fn: Any, ready: Any, give: Give, nothing: Sequence[Any]) -> Any:
    is_async, is_generator = kind_of(fn)

    def stream(*args: Any, **named: Any) -> Iterator[Any]:
        begun = ready(args, named)
        if begun is not None:
            given, named, turn = begun
            yield from _each(fn(*given, **named), turn, give)

    async def stream_async(*args: Any, **named: Any) -> AsyncGenerator[Any, None]:
        begun = await asyncio.to_thread(ready, args, named)
        if begun is not None:
            given, named, turn = begun
            async with contextlib.aclosing(_each_async(fn(*given, **named), turn, give)) as answers:
                async for answer in answers:
                    yield answer

    async def call_async(*args: Any, **named: Any) -> Any:
        begun = await asyncio.to_thread(ready, args, named)
        if begun is None:
            return nothing
        given, named, turn = begun
        return await _given(give, turn, await fn(*given, **named))

    def call(*args: Any, **named: Any) -> Any:
        begun = ready(args, named)
        if begun is None:
            return nothing
        given, named, turn = begun
        result = fn(*given, **named)
        return _ended(result, turn, give) if is_unfinished(result) else give(turn, result)

    return (stream_async if is_async else stream) if is_generator else (call_async if is_async else call)


def _ended(result: Any, turn: Turn, give: Give) -> Any:
    """What a plain function gave that is no answer yet."""
    if isinstance(result, Generator):
        return _each(result, turn, give)
    if isinstance(result, AsyncIterator):
        return _each_async(result, turn, give)

    async def wait() -> Any:
        answer = await result
        while inspect.isawaitable(answer):
            answer = await answer
        return await _given(give, turn, answer)

    return wait()


def _each(answers: Any, turn: Turn, give: Give) -> Iterator[Any]:
    try:
        for answer in answers:
            if turn.is_over():
                return
            yield give(turn, answer)
    finally:
        if hasattr(answers, "close"):
            answers.close()


async def _each_async(answers: Any, turn: Turn, give: Give) -> AsyncGenerator[Any, None]:
    try:
        async for answer in answers:
            if turn.is_over():
                return
            yield await _given(give, turn, answer)
    finally:
        if hasattr(answers, "aclose"):
            await answers.aclose()


async def _given(give: Give, turn: Turn, answer: Any) -> Any:
    """A text at once; what may have to be stored, in a thread."""
    return give(turn, answer) if isinstance(answer, str) else await asyncio.to_thread(give, turn, answer)
