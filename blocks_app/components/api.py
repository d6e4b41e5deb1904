"""`gr.api`: an endpoint for programs alone, with types from the function's own hints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal, TypedDict, TypeVar, Unpack, cast, overload

from blocks_app import jsonable
from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.files import file_data
from blocks_app.files.file_data import FileData
from blocks_app.functions import hint_schemas
from blocks_app.functions.signatures import describe
from blocks_app.listeners.dependency import listening_root
from blocks_app.listeners.listener import Decorator, Listener
from blocks_app.listeners.listening import listen
from blocks_app.tree import context
from blocks_app.tree.component import Component

F = TypeVar("F", bound=Callable[..., Any])


def _or_null(kind: str) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, {"type": kind}]}


_FILE = {
    "path": {"type": "string"},
    "url": _or_null("string"),
    "size": _or_null("integer"),
    "orig_name": _or_null("string"),
    "mime_type": _or_null("string"),
    "is_stream": {"type": "boolean"},
    "meta": {"type": "object", "properties": {"_type": {"const": "gradio.FileData"}}, "required": ["_type"]},
}
hint_schemas.SCHEMAS[FileData] = {"type": "object", "properties": _FILE, "required": list(_FILE)}


class ApiOptions(TypedDict, total=False):
    """What `gr.api` understands, as every listener does."""

    api_name: str | None
    """Name under which programs call it: that of the function unless given."""
    api_description: str | Literal[False] | None
    """What the list of endpoints says of it: the function's docstring unless given, nothing with False."""
    queue: bool | None
    """False runs it at once and outside every limit."""
    batch: bool
    """True gives the function lists with the values of several calls together."""
    max_batch_size: int
    """Most calls in one batch; 4 unless given."""
    concurrency_limit: int | Literal["default"] | None
    """How many of its calls run at once."""
    concurrency_id: str | None
    """Listeners with the same text here share the limit."""
    api_visibility: Literal["public", "undocumented", "private"]
    """"public" is listed and may be called, "undocumented" may be called, "private" may not."""
    time_limit: float | None
    """Seconds after which a call fails."""
    retries: int
    """How often a call waits again when the worker that ran it has died. Not in Gradio."""
    stream_every: float
    """Kept for programs that give it: nothing streams into an endpoint without a page."""
    permission: Any
    """What the visitor needs besides access to the app. Not in Gradio."""


class Api(Component):
    """A parameter or a result of `gr.api`: a value that no page shows."""

    wire_name: ClassVar[str] = "api"
    private_options: ClassVar[frozenset[str]] = Component.private_options | {"hint"}

    def __init__(self, value: Any = None, hint: Any = Any, label: str = "API") -> None:
        """Declare it.

        Args:
            value: what a caller need not give.
            hint: the type, as a function's annotation says it.
            label: which parameter or result it is.
        """
        self.schema = hint_schemas.schema_of(hint)
        self.has_files = hint_schemas.mentions(hint, FileData)
        super().__init__(value, label=label)

    def preprocess(self, payload: Any) -> Any:
        """The value as it was sent; files among it are the caller's own, each with the path where it lies."""
        return self._with_files(payload, self._received)

    def postprocess(self, value: Any) -> Any:
        """The value as plain data, with the files that it names."""
        if self.has_files and isinstance(value, (str, Path)):
            return file_data.publish(value)
        return self._with_files(value, file_data.publish)

    def _received(self, data: dict[str, Any]) -> dict[str, Any]:
        file = file_data.receive(data, self)
        return {**data, "path": str(file.path), "orig_name": file.name}

    def _with_files(self, value: Any, change: Callable[[dict[str, Any]], Any]) -> Any:
        if isinstance(value, dict):
            meta = value.get("meta")
            marked = isinstance(meta, dict) and meta.get("_type") == "gradio.FileData"
            if "path" in value and (self.has_files or marked):
                return change(value)
            return {name: self._with_files(each, change) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._with_files(each, change) for each in value]
        return value

    def initial_value(self) -> Any:
        """The default, as far as JSON has it."""
        return jsonable.plain(self.value)

    def props(self) -> dict[str, Any]:
        return {"name": self.get_block_name(), "label": self.label}

    def api_info(self) -> dict[str, Any]:
        return self.schema

    def example_value(self) -> Any:
        return "..." if self.value is None else jsonable.plain(self.value)


@overload
def api(fn: Callable[..., Any], **options: Unpack[ApiOptions]) -> Listener: ...
@overload
def api(fn: Decorator = "decorator", **options: Unpack[ApiOptions]) -> Callable[[F], F]: ...
def api(fn: Callable[..., Any] | Decorator = "decorator", **options: Unpack[ApiOptions]) -> Any:
    """Offer a function to programs, without a component on the page: its hints say what it takes and gives.

    Args:
        fn: a function whose parameters all have hints, or a generator; left out to decorate one.
        options: see ApiOptions.

    Raises:
        DeclarationError: a parameter has no hint.
    """
    root = context.root.get()
    if root is None:
        raise NoContextError("Cannot call api() outside of a gradio.Blocks context.")
    if fn == "decorator":

        def decorate(function: F) -> F:
            api(function, **options)
            return function

        return decorate
    info, hints = describe(fn), hint_schemas.hints_of(fn)
    if bare := [name for name in info.parameters if name not in hints]:
        raise DeclarationError(
            f"gr.api({info.name}) tells programs the types of its parameters, and {bare[0]!r} has no type hint. "
            f"Write for instance `{bare[0]}: str`."
        )
    unknown = sorted(set(options) - set(ApiOptions.__annotations__))
    if unknown:
        known = ", ".join(sorted(ApiOptions.__annotations__))
        raise TypeError(f"gr.api() has no option {unknown[0]!r}. It takes: {known}.")
    inputs = [
        Api(info.defaults.get(name), hints[name], _ordinal(number)) for number, name in enumerate(info.parameters, 1)
    ]
    results = hint_schemas.returned(hints.get("return"))
    outputs = [Api(None, hint, _ordinal(number)) for number, hint in enumerate(results, 1)]
    given = {"show_progress": "hidden", **cast("dict[str, Any]", options)}
    return Listener(listen(listening_root(root), (), fn, inputs, outputs, given))


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
