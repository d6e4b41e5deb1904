"""A function whose answers to examples are kept: it is run for an example that has none, and never again for it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import aclosing, closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from blocks_app.caching.function_digest import FunctionDigest
from blocks_app.caching.waiting import in_thread, one_at_a_time
from blocks_app.examples import records
from blocks_app.examples.recording import FILE_MARK, Kept, Recording
from blocks_app.exceptions import CallError
from blocks_app.files import file_data, static_paths
from blocks_app.files.file_data import FileContext
from blocks_app.functions.kinds import dismiss, is_awaitable, is_unfinished
from blocks_app.functions.signatures import describe
from blocks_app.listeners.dependency import Dependency, Target
from blocks_app.running.arguments import arguments, batch_arguments, split_batch, wire_values
from blocks_app.running.call import Call, outside_function
from blocks_app.running.encoding import encode
from blocks_app.running.updates import NO_CHANGE, as_data
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

FORMAT = 1
#: No value: the input has no example, or this one is shorter.
MISSING: Any = object()
#: Options that change how a component looks, and not what its values are.
_LOOK = frozenset(
    {
        "container", "elem_classes", "elem_id", "every", "info", "inputs", "key", "label", "min_width", "placeholder",
        "preserved_by_key", "render", "scale", "show_label", "value", "visible",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the function for one example."""

    call: Call
    recording: Recording
    #: Under which its answer is kept; "" keeps nothing.
    key: str


class ExampleAnswers:
    """The kept answers of one function to the examples of one Examples."""

    def __init__(
        self,
        fn: Callable[..., Any],
        inputs: Sequence[Component],
        outputs: Sequence[Component],
        *,
        preprocess: bool,
        postprocess: bool,
        batch: bool,
    ) -> None:
        self.fn = fn
        self.page: DeclaredPage | None = None
        self._digest = FunctionDigest(fn)
        self._dependency = Dependency(
            id=-1,
            targets=(Target(None, "load"),),
            fn=fn,
            info=describe(fn, len(inputs)),
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            preprocess=preprocess,
            postprocess=postprocess,
            batch=batch,
        )
        self._files: dict[str, str] = {}

    # -- what names an answer -----------------------------------------------------------------------------------------

    @functools.cached_property
    def function_key(self) -> str:
        """Names what is run: the function, its components as far as values depend on them, and versions."""
        from blocks_app import __version__, conf

        listener = self._dependency
        parts = [
            FORMAT, __version__, conf.examples_version(), self._digest.hexdigest(), listener.preprocess,
            listener.postprocess, listener.batch, [_described(each) for each in listener.inputs],
            [_described(each) for each in listener.outputs],
        ]  # fmt: skip
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]

    def key(self, row: list[Any]) -> str:
        """Names the answer to an example, given by its wire values; equal for files with equal content."""
        words = encode([[] if each is MISSING else [self._in_words(each)] for each in row])
        return f"{self.function_key}/{hashlib.sha256(words).hexdigest()[:40]}"

    def _in_words(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._in_words(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.get("meta") == FILE_MARK and isinstance(value.get("path"), str):
            plain = {name: each for name, each in value.items() if name not in ("url", "path")}
            return {**plain, "content": self._content(value["path"])}
        return {name: self._in_words(each) for name, each in value.items()}

    def _content(self, path: str) -> str:
        known = self._files.get(path)
        context = file_data.current.get()
        record = context.store.kept(path) if context is not None else None
        if known is not None or context is None or record is None:
            return known or path
        with context.store.open(record) as file:
            self._files[path] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        return self._files[path]

    # -- answering ----------------------------------------------------------------------------------------------------

    def kept(self, key: str) -> Kept | None:
        """A kept answer; None when there is none."""
        context = file_data.current.get() or FileContext()
        kept = records.records()
        content = kept.read(key) if key else None

        def locate(path: str) -> dict[str, Any]:
            if static_paths.is_absolute(path):
                return {"path": path, "url": f"{context.url_prefix}/file={quote(path)}"}
            record = kept.file(key, path, context.store)
            if record is None:
                raise LookupError(path)
            data = context.data(record)
            return {"path": data["path"], "url": data["url"]}

        try:
            found = Kept(content, locate) if content is not None else None
        except (LookupError, ValueError, TypeError):
            return None
        return found if found is not None and len(found.values) == len(self._dependency.outputs) else None

    def answer(self, row: list[Any], key: str) -> Any:
        """What the outputs get: kept, or made now; an awaitable or a generator where the function is one.

        Args:
            row: the example's wire values, one for each input or MISSING.
            key: what `key(row)` is, or "" to keep nothing.
        """
        found = self.kept(key)
        if found is None:
            with one_at_a_time(key) if key else contextlib.nullcontext():
                found = self.kept(key)
                if found is None:
                    return self._made(row, key)
        if found.is_stream:
            return (self._given(each) for each in found.steps())
        return self._given(found.values)

    def _made(self, row: list[Any], key: str) -> Any:
        run = _Run(self._call(row), Recording(), key)
        with outside_function(), _kept_files():
            args, named = self._arguments(run.call)
        result = self.fn(*args, **named)
        if isinstance(result, Future):
            result = result.result()
        if is_awaitable(result):
            return self._awaited(run, result)
        if is_unfinished(result):
            return self._streamed(run, result)
        return self._ended(run, result)

    def _call(self, row: list[Any]) -> Call:
        """The call of the function; values that are missing at the end are left to its defaults."""
        info, listener = self._dependency.info, self._dependency
        assert info is not None
        count = len(row)
        while (
            count
            and row[count - 1] is MISSING
            and info.parameters[count - 1 : count]
            and (info.parameters[count - 1] in info.defaults)
        ):
            count -= 1
        data = [None if each is MISSING else each for each in row[:count]]
        return Call(replace(listener, inputs=listener.inputs[:count]), data, pieces={})

    def _arguments(self, call: Call) -> Any:
        page: Any = self.page
        return batch_arguments(page, [call]) if call.dependency.batch else arguments(page, call)

    def _given(self, values: list[Any]) -> Any:
        return values[0] if len(values) == 1 else values

    # -- what a run gives ---------------------------------------------------------------------------------------------

    def _streamed(self, run: _Run, result: Any) -> Any:
        if run.call.dependency.batch:
            dismiss(result)
            raise CallError(
                f"The batch function {run.call.dependency.name} returned a generator. It must return lists."
            )
        return self._steps_async(run, result) if isinstance(result, AsyncIterator) else self._steps(run, result)

    async def _awaited(self, run: _Run, result: Any) -> Any:
        while is_awaitable(result):
            result = await result
        if is_unfinished(result):
            return self._streamed(run, result)
        return await in_thread(self._ended, run, result)

    def _steps(self, run: _Run, results: Any) -> Generator[Any, None, None]:
        with closing(results):
            for result in results:
                yield self._step(run, result)
        yield from self._last(run)

    async def _steps_async(self, run: _Run, results: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(results) if hasattr(results, "aclose") else contextlib.nullcontext():
            async for result in results:
                yield await in_thread(self._step, run, result)
        for values in await in_thread(lambda: list(self._last(run))):
            yield values

    def _ended(self, run: _Run, result: Any) -> Any:
        if run.call.dependency.batch:
            result = split_batch([run.call], result)[0]
        run.call.pieces = None
        values = self._step(run, result)
        self._keep(run)
        return values

    def _step(self, run: _Run, result: Any) -> Any:
        with outside_function(), _kept_files():
            values = wire_values(run.call, result)
        pieces = run.call.pieces or {}
        outputs = run.call.dependency.outputs
        run.recording.add([NO_CHANGE if each._id in pieces else value for each, value in zip(outputs, values)])
        return self._given(values)

    def _last(self, run: _Run) -> Iterator[Any]:
        """A generator has ended: what pieces are together, if there were any. Its answer is kept."""
        pieces = {number: before for number, before in (run.call.pieces or {}).items() if before}
        if pieces:
            with outside_function(), _kept_files():
                whole = [
                    as_data(each.whole(pieces[each._id]))
                    if each._id in pieces and isinstance(each, Component)
                    else last
                    for each, last in zip(self._dependency.outputs, run.recording.last)
                ]
            run.recording.add(whole)
            yield self._given(whole)
        self._keep(run)

    def _keep(self, run: _Run) -> None:
        kept, store = records.records(), (file_data.current.get() or FileContext()).store
        files = [each for each in run.recording.paths if static_paths.is_absolute(each) or store.kept(each)]
        content = run.recording.content(files)
        if not run.key or not content:
            return
        for path in files:
            kept.keep_file(run.key, path, store)
        kept.write(run.key, content)


@contextmanager
def _kept_files() -> Iterator[None]:
    """Files are stored for everybody, and stay."""
    context = file_data.current.get()
    with file_data.use(replace(context or FileContext(), keep=True)):
        yield


def _described(component: Block) -> str:
    """A component as far as its values depend on it."""
    given = {name: value for name, value in component._given.items() if name not in _LOOK}
    cls = type(component)
    return f"{cls.__module__}.{cls.__qualname__}({[(name, _text(given[name])) for name in sorted(given)]})"


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{','.join(_text(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_text(key)}:{_text(each)}' for key, each in value.items())}}}"
    return repr(value) if isinstance(value, str | bytes | int | float | type(None)) else type(value).__qualname__
