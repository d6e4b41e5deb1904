"""From wire values to a function's arguments, and from its result to wire values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import BlocksError, CallError
from blocks_app.jsonable import explained_long_numbers
from blocks_app.listeners import oauth
from blocks_app.listeners.component_inputs import ComponentInput, unwrapped
from blocks_app.listeners.dependency import Dependency
from blocks_app.listeners.header import HeaderName
from blocks_app.running.failures import unfit
from blocks_app.running.progress import Progress
from blocks_app.running.request import Request
from blocks_app.running.updates import NO_CHANGE, apply_update, as_data, changes_of
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import read_once

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.running.call import Call
    from blocks_app.running.state import SessionState


class Input(Protocol):
    """What is said of an input: whether it is no part of the API."""

    @property
    def skip_api(self) -> bool:
        """As Component has it."""


def complete(inputs: Sequence[Input], data: list[Any]) -> list[Any]:
    """`data` with a null for each input that is not part of the API (State), when it has only the others.

    The one place where that is done, by whoever makes a call of what a client sent. Extra values are dropped; a list
    that is too short stays so, and the run fails with a sentence.
    """
    if len(data) >= len(inputs):
        return data[: len(inputs)]
    if len(data) != sum(not block.skip_api for block in inputs):
        return data
    rest = iter(data)
    return [None if block.skip_api else next(rest) for block in inputs]


def preprocessed(call: Call) -> list[Any]:
    """The function's inputs.

    Raises:
        CallError: too few values.
    """
    dependency, session = call.dependency, call.session
    if len(call.data) < len(dependency.inputs):
        raise _too_few(dependency, len(call.data))
    values: list[Any] = []
    for index, (component, payload) in enumerate(zip(dependency.inputs, call.data)):
        if component.stateful:
            values.append(session.get(component))
        elif index in dependency.whole_inputs:
            values.append(_whole(dependency, session, index, payload))
        elif dependency.preprocess:
            seen: Any = component.seen_by(session)
            values.append(seen.preprocess(payload))
        else:
            values.append(payload)
    return values


def _whole(dependency: Dependency, session: SessionState, index: int, payload: Any) -> Any:
    """An input with whose value the page sends what it knows of the component."""
    seen: Any = dependency.inputs[index].seen_by(session)
    wire, sent = unwrapped(payload)
    value = seen.preprocess(wire) if dependency.preprocess else wire
    info = dependency.info  # of a validator, it may ask for less than its function
    takes = info is not None and not info.whole.isdisjoint(info.parameters[index : index + 1])
    return ComponentInput(seen, value, sent) if takes else value


def _too_few(dependency: Dependency, count: int) -> CallError:
    wanted = ", ".join(block.described for block in dependency.inputs)
    return CallError(
        f"An event handler ({dependency.name}) didn't receive enough input values (needed: {len(dependency.inputs)}, "
        f"got: {count}). Check if the event handler calls a Javascript function, and make sure its return value is "
        f"correct. Wanted inputs: [{wanted}]"
    )


Given = tuple[Sequence[Any], dict[str, Any]]


def arguments(blocks: DeclaredPage, call: Call) -> Given:
    """Everything that the function takes: inputs, injected objects, and its own defaults in between."""
    dependency = call.dependency
    values = preprocessed(call)
    if dependency.inputs_as_dict:
        values = [dict(zip(dependency.inputs, values))]
    return _with_injected(blocks, call, values)


def batch_arguments(blocks: DeclaredPage, calls: list[Call]) -> Given:
    """One list per input, with one item per call; injected objects are those of the first call.

    What tells who has started it is the same for all calls of a batch: the scheduler sees to that.
    """
    rows = [preprocessed(call) for call in calls]
    return _with_injected(blocks, calls[0], [list(column) for column in zip(*rows)])


def _with_injected(blocks: DeclaredPage, call: Call, values: list[Any]) -> Given:
    info = call.dependency.info
    assert info is not None
    return info.arranged(values, lambda wanted, optional: _inject(blocks, call, wanted, optional))


def _inject(blocks: DeclaredPage, call: Call, wanted: Any, optional: bool) -> Any:
    if isinstance(wanted, Progress):
        return call.progress.setdefault(wanted, wanted.for_call())
    if isinstance(wanted, type) and issubclass(wanted, Request):
        return call.request
    if isinstance(wanted, HeaderName):
        return wanted.read(call.request)
    if oauth.is_read(wanted):
        return oauth.read(wanted, call.request, optional)
    try:
        return wanted(_block(blocks, call, call.trigger_id), call.event_data)
    except (TypeError, KeyError, AttributeError) as error:
        if optional:
            return None
        raise CallError(
            f"{call.dependency.name} asks for gr.{wanted.__name__}, and what has started it carries no such data. "
            f"Listen to an event that does, or write `{wanted.__name__} | None = None`."
        ) from error


def _block(blocks: DeclaredPage, call: Call, number: int | None) -> Block | None:
    """The block of the page, or of what gr.render has built for this session."""
    if number is None or number in blocks.blocks:
        return blocks.blocks.get(number) if number is not None else None
    return call.session.renders.block(number) if call.session.renders is not None else None


def wire_values(call: Call, result: Any) -> list[Any]:
    """One wire value per output.

    Raises:
        CallError: too few values, a key that is not an output, or a value that an output cannot show.
    """
    dependency = call.dependency
    outputs = dependency.outputs
    if not outputs:
        return []
    values = _by_output(dependency, result)
    return [_explained(call, block, value) for block, value in zip(outputs, values)]


def _by_output(dependency: Dependency, result: Any) -> list[Any]:
    outputs = dependency.outputs
    if isinstance(result, dict) and result and all(isinstance(key, Block) for key in result):
        return _from_dict(dependency, result)
    if isinstance(result, dict) and any(isinstance(key, Block) for key in result):
        raise CallError(
            f"The function {dependency.name} returned a dict in which some keys are components and some are not. "
            "Use components for all keys, or for none."
        )
    if len(outputs) == 1:
        return [result]
    values = list(result) if isinstance(result, (tuple, list)) else [result]
    if len(values) < len(outputs):
        wanted = ", ".join(block.described for block in outputs)
        received = ", ".join(_short(value) for value in values)
        raise CallError(
            f"An event handler ({dependency.name}) didn't receive enough output values (needed: {len(outputs)}, "
            f"received: {len(values)}).\nWanted outputs:\n    [{wanted}]\nReceived outputs:\n    [{received}]"
        )
    if len(values) > len(outputs):
        warn(
            f"A function ({dependency.name}) returned too many output values (needed: {len(outputs)}, returned: "
            f"{len(values)}). Ignoring extra values.",
        )
    return values[: len(outputs)]


def _from_dict(dependency: Dependency, result: dict[Block, Any]) -> list[Any]:
    for block in result:
        if not any(block is output for output in dependency.outputs):
            raise CallError(
                f"Returned component {block.described} not specified as output of function {dependency.name}."
            )
    return [result.get(output, NO_CHANGE) for output in dependency.outputs]


def _explained(call: Call, block: Block, value: Any) -> Any:
    """A wire value; what Python says of a value that does not fit is told with the output and the function."""
    try:
        return _wire_value(call, block, value)
    except CallError as error:
        if block.described in str(error):
            raise
        raise CallError(f"{_described(call, block, value)} cannot be shown: {error}") from error.__cause__
    except (BlocksError, OSError):
        raise
    except Exception as error:
        raise unfit(f"{_described(call, block, value)} cannot be shown", error) from error


def _described(call: Call, block: Block, value: Any) -> str:
    kind = type(value).__name__
    return f"What the function {call.dependency.name} gave for {block.described} (of the type {kind})"


def _wire_value(call: Call, block: Block, value: Any) -> Any:
    if isinstance(block, Component) and block.stateful:
        if changes_of(value) is None:
            call.session.set(block, value)
        elif isinstance(value, dict) and "value" in value:
            call.session.set(block, value["value"])
        return None
    changes = value.changes_for(block) if isinstance(value, ComponentInput) else changes_of(value)
    if changes is None and isinstance(block, Component):
        seen: Any = call.session.block(block)
        changes = seen.changes_by(value)
    if changes is not None:
        return apply_update(block, changes, call.session, call.dependency.postprocess) if changes else dict(NO_CHANGE)
    if not call.dependency.postprocess:
        return as_data(value)
    if not isinstance(block, Component):
        raise CallError(
            f"{block.described} is a layout and has no value: return an update of it, such as gr.update(visible=False)."
        )
    seen = call.session.block(block)
    with explained_long_numbers():
        if call.pieces is not None and seen.joins_pieces:
            with call.piecing:
                return as_data(seen.piece(read_once(value), call.pieces.setdefault(block._id, [])))
        return as_data(seen.postprocess(read_once(value)))


def split_batch(calls: list[Call], result: Any) -> list[Any]:
    """The results of one batch, one per call.

    Raises:
        CallError: not one list per output, or not one item per call.
    """
    dependency = calls[0].dependency
    if not dependency.outputs:
        return [None] * len(calls)
    columns = list(result) if isinstance(result, (tuple, list)) else [result]
    if len(columns) < len(dependency.outputs) or any(not _is_column(column, len(calls)) for column in columns):
        raise CallError(
            f"The batch function {dependency.name} must return one list per output with one item per call: "
            f"{len(dependency.outputs)} list(s) of {len(calls)}. It returned {_short(result)}."
        )
    rows = list(zip(*columns[: len(dependency.outputs)]))
    return [row[0] if len(dependency.outputs) == 1 else row for row in rows]


def _is_column(column: Any, length: int) -> bool:
    return isinstance(column, (list, tuple)) and len(column) == length


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
