"""`validator=`: a function that looks at the inputs of an event before it waits in the queue."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import CallError, DeclarationError, NotValid
from blocks_app.functions.kinds import dismiss, is_unfinished
from blocks_app.functions.signatures import describe
from blocks_app.jsonable import clean
from blocks_app.listeners.named_inputs import by_name

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency


class VerdictMark(str):
    """Marks what `validate` has made, so that a visitor's dict with the same text is only data."""

    __slots__ = ()


_VERDICT = VerdictMark("validate")


def validate(is_valid: bool, message: str) -> dict[str, Any]:
    """What a validator returns for an input.

    Args:
        is_valid: whether the value may pass.
        message: what stands at the input if not; plain text.
    """
    return {"__type__": _VERDICT, "is_valid": is_valid, "message": message}


def validating(dependency: Dependency, validator: Any, named: tuple[str, ...] = ()) -> Dependency:
    """The listener that runs `validator` with the inputs of another; its run raises NotValid, or ends without values.

    Args:
        dependency: the other.
        validator: the user's function.
        named: names of those of the inputs, the last ones, that are given by name.

    Raises:
        DeclarationError: the validator is no function, or a generator.
    """
    if not callable(validator):
        raise DeclarationError(f"A listener's validator must be a function, not {validator!r}.")
    info = describe(validator, 1 if dependency.inputs_as_dict else len(dependency.inputs))
    if info.is_generator:
        raise DeclarationError(f"The validator {info.name} must return, not yield.")
    validator, info = by_name(validator, info, len(dependency.inputs) - len(named), named)
    names = dependency.info.parameters if dependency.info is not None else ()
    fn: Callable[..., Any]
    if info.is_async:

        async def fn(*args: Any, **more: Any) -> None:
            await _judge_later(info.name, validator(*args, **more), names)

    else:

        def fn(*args: Any, **more: Any) -> Any:
            result = validator(*args, **more)
            return _judge_later(info.name, result, names) if is_unfinished(result) else _judge(result, names)

    return replace(dependency, fn=fn, info=info, outputs=(), batch=False, every=None, renders=None, validator=None)


async def _judge_later(name: str, result: Any, names: tuple[str, ...]) -> None:
    while inspect.isawaitable(result):
        result = await result
    if is_unfinished(result):
        dismiss(result)
        raise CallError(f"The validator {name} must return, not yield.")
    _judge(result, names)


def _judge(result: Any, names: tuple[str, ...]) -> None:
    results = list(result) if isinstance(result, (list, tuple)) else [result]
    problems = [problem_of(each, names[i] if i < len(names) else f"parameter_{i}") for i, each in enumerate(results)]
    if not all(each["is_valid"] for each in problems):
        raise NotValid(problems)


def problem_of(result: Any, name: str) -> dict[str, Any]:
    """What the page shows of a verdict on one input."""
    if isinstance(result, Mapping) and isinstance(result.get("__type__"), VerdictMark) and not result.get("is_valid"):
        return {**validate(False, clean(str(result.get("message") or ""))), "parameter_name": name}
    return {**validate(True, ""), "parameter_name": name}
