"""From the arguments of a listening call to a Dependency: defaults, names and every check that can be made early."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from blocks_app.diagnostics.mistakes import meant, warn
from blocks_app.exceptions import DeclarationError
from blocks_app.functions.signatures import FunctionInfo, describe
from blocks_app.listeners.component_inputs import whole_inputs
from blocks_app.listeners.dependency import Dependency, ListeningRoot, Target
from blocks_app.listeners.kept_answers import asking
from blocks_app.listeners.named_inputs import by_name, named_inputs
from blocks_app.listeners.validation import validating
from blocks_app.options import ListenOptions
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several

TRIGGER_MODES = ("once", "multiple", "always_last")
_KNOWN = ListenOptions.__optional_keys__ | {"trigger_after", "renders"}


def listen(
    root: ListeningRoot,
    targets: tuple[Target, ...],
    fn: Callable[..., Any] | None,
    inputs: Any,
    outputs: Any,
    options: dict[str, Any],
) -> Dependency:
    """Check and register one listener in `root`.

    Raises:
        DeclarationError: an argument that cannot work, with what to write instead.
    """
    _check_names(fn, options)
    description = _description(fn, options)
    fn, info, ins, named, as_dict = _function_and_inputs(fn, inputs, options)
    outs = _blocks(outputs, "outputs", Block)
    _check_batch(info, options)
    _check_every(fn, options)
    _check_function(info, ins, outs, as_dict)
    base = Dependency(
        id=root.next_fn_id(options.get("key")),
        targets=targets,
        fn=fn,
        info=info,
        inputs=ins,
        outputs=outs,
        inputs_as_dict=as_dict,
        whole_inputs=() if as_dict or options.get("batch") else whole_inputs(info, ins),
        api_name=root.free_api_name(_api_name(fn, info, options)),
        visibility=_visibility(fn, options),
        description=description,
        scroll_to_output=bool(options.get("scroll_to_output", False)),
        show_progress=_show_progress(options.get("show_progress", "full")),
        show_progress_on=_progress_on(options.get("show_progress_on")),
        queue=options.get("queue") is not False,
        batch=bool(options.get("batch", False)),
        max_batch_size=_positive(options.get("max_batch_size", 4), "max_batch_size"),
        preprocess=bool(options.get("preprocess", True)),
        postprocess=bool(options.get("postprocess", True)),
        every=options.get("every"),
        trigger_mode=_trigger_mode(targets, options),
        js=_js(options.get("js")),
        concurrency_limit=_limit(options.get("concurrency_limit", "default")),
        concurrency_id=options.get("concurrency_id"),
        time_limit=_seconds(options.get("time_limit"), "time_limit"),
        stream_every=_seconds(options.get("stream_every", 0.5), "stream_every") or 0.5,
        priority=_priority(options.get("priority", 0)),
        retries=_retries(options.get("retries", 0)),
        trigger_after=options.get("trigger_after"),
        trigger_only_on_success=bool(targets) and targets[0].event == "success",
        trigger_only_on_failure=bool(targets) and targets[0].event == "failure",
        permission=required(options.get("permission")),
        renders=options.get("renders"),
        function=root.function_key(fn) if fn is not None else None,
    )
    if options.get("validator") is not None:
        base = replace(base, validator=validating(base, options["validator"], named))
    base = replace(base, kept=asking(base))
    root.add_dependency(base)
    _add_cancels(root, base, options.get("cancels"))
    return base


def _function_and_inputs(
    fn: Callable[..., Any] | None, inputs: Any, options: dict[str, Any]
) -> tuple[Callable[..., Any] | None, FunctionInfo | None, tuple[Any, ...], tuple[str, ...], bool]:
    """The function, what is known of it, its inputs, names of the last ones, and whether it takes them as a dict."""
    as_dict = isinstance(inputs, (set, frozenset))
    ins = _blocks(inputs, "inputs", Component)
    if as_dict:
        ins = tuple(sorted(ins, key=lambda block: block._id))
    named = named_inputs(options.get("inputs_kwargs"), as_dict)
    info = describe(fn, _taken(len(ins) + len(named), as_dict)) if fn is not None else None
    if fn is not None and info is not None:
        fn, info = by_name(fn, info, len(ins), tuple(named))
    ins += _blocks(list(named.values()), "inputs_kwargs", Component)
    return fn, info, ins, tuple(named), as_dict


def _check_function(info: FunctionInfo | None, ins: tuple[Any, ...], outs: tuple[Any, ...], as_dict: bool) -> None:
    """That it takes as much as it is given, and returns as much as is wanted, so far as can be seen."""
    if info is not None:
        _check_arguments(info, len(ins), as_dict)
        _check_returns(info, outs)


def _taken(inputs: int, as_dict: bool) -> int:
    """How many arguments so many inputs make."""
    return 1 if as_dict else inputs


def _check_names(fn: Any, options: dict[str, Any]) -> None:
    unknown = sorted(set(options) - _KNOWN)
    if unknown:
        known = {*ListenOptions.__optional_keys__, "fn", "inputs", "outputs"}
        raise TypeError(f"A listener has no option {unknown[0]!r}.{meant(unknown[0], known)}")
    if fn is not None and not callable(fn):
        raise DeclarationError(f"A listener's fn must be a function or None, not {fn!r}.")


def _blocks(given: Any, what: str, kind: type[Block]) -> tuple[Any, ...]:
    if given is None:
        return ()
    blocks = tuple(several(given))
    for block in blocks:
        if not isinstance(block, kind):
            needed = "a component" if kind is Component else "a component or layout"
            raise DeclarationError(
                f"A listener's {what} must be {needed} or a list of them, but {block!r} was given. "
                "Declare it first, as in `box = gr.Textbox()`, and name that variable."
            )
    return blocks


def _check_batch(info: FunctionInfo | None, options: dict[str, Any]) -> None:
    if not options.get("batch"):
        return
    if options.get("queue") is False:
        raise DeclarationError("In order to use batching, the queue must be enabled.")
    if info is not None and info.is_generator:
        raise DeclarationError("Gradio does not support generators in batch mode.")


def _check_every(fn: Callable[..., Any] | None, options: dict[str, Any]) -> None:
    every = options.get("every")
    if every is None:
        return
    if not isinstance(every, (int, float)) or every <= 0:
        raise DeclarationError(f"Parameter every must be positive or None, not {every!r}.")
    if options.get("batch"):
        raise DeclarationError("Cannot run event in a batch and every set period of time. Remove batch or every.")
    if fn is None:
        raise DeclarationError("Cannot set a value for `every` without a `fn`.")
    if options.get("time_limit") is not None:
        raise DeclarationError("Cannot set a value for `time_limit` with `every`. Remove one of them.")
    if options.get("concurrency_limit", "default") not in ("default", None):
        raise DeclarationError("Cannot set a value for `concurrency_limit` with `every`. Remove one of them.")


def _check_arguments(info: FunctionInfo, given: int, as_dict: bool) -> None:
    given = _taken(given, as_dict)
    text = None
    if info.required == len(info.parameters) and not info.takes_any and given != info.required:
        text = f"Expected {info.required} arguments for function {info.name}, received {given}."
    elif given < info.required:
        text = f"Expected at least {info.required} arguments for function {info.name}, received {given}."
    elif given > len(info.parameters) and not info.takes_any:
        text = f"Expected maximum {len(info.parameters)} arguments for function {info.name}, received {given}."
    if text is not None:
        warn(text)


def _check_returns(info: FunctionInfo, outputs: tuple[Block, ...]) -> None:
    if info.returns is not None and len(outputs) > 1 and info.returns < len(outputs):
        raise DeclarationError(
            f"The function {info.name} returns {info.returns} value(s), but its listener has {len(outputs)} outputs: "
            f"{', '.join(block.described for block in outputs)}. Return one value per output, or name fewer outputs."
        )


def _api_name(fn: Callable[..., Any] | None, info: FunctionInfo | None, options: dict[str, Any]) -> str:
    given = options.get("api_name")
    if isinstance(given, str) and given.strip():
        return given.strip().strip("/")
    if info is not None:
        return re.sub(r"[^\w\-]", "", info.name) or "unnamed"
    return "js_fn" if options.get("js") else "unnamed"


def _visibility(fn: Callable[..., Any] | None, options: dict[str, Any]) -> Any:
    if options.get("api_name") is False:
        return "private"
    chosen = options.get("api_visibility")
    if chosen is not None:
        if chosen not in ("public", "undocumented", "private"):
            raise DeclarationError(f"api_visibility must be public, undocumented or private, not {chosen!r}.")
        return chosen
    return "undocumented" if fn is None or options.get("show_api") is False else "public"


def _description(fn: Callable[..., Any] | None, options: dict[str, Any]) -> str:
    given = options.get("api_description")
    if given is False:
        return ""
    while isinstance(fn, functools.partial):  # its own docstring is that of `partial`
        fn = fn.func
    noted = getattr(fn, "__doc__", None)
    return given or (noted.strip() if isinstance(noted, str) else "")


def _show_progress(given: Any) -> Any:
    named = {True: "full", False: "hidden"}.get(given, given) if isinstance(given, bool) else given
    if named not in ("full", "minimal", "hidden"):
        raise DeclarationError(f"show_progress must be 'full', 'minimal' or 'hidden', not {given!r}.")
    return named


def _progress_on(given: Any) -> tuple[Block, ...] | None:
    return None if given is None else _blocks(given, "show_progress_on", Block)


def _trigger_mode(targets: tuple[Target, ...], options: dict[str, Any]) -> Any:
    given = options.get("trigger_mode")
    if given is None:
        return "always_last" if targets and targets[0].event in ("change", "key_up") else "once"
    if given not in TRIGGER_MODES:
        raise DeclarationError(
            f"Invalid value for parameter `trigger_mode`: {given}. Please choose from: {list(TRIGGER_MODES)}"
        )
    return given


def _js(given: Any) -> str | None:
    if given is None or isinstance(given, str):
        return given
    raise DeclarationError(f"js must be the text of a JavaScript function, not {given!r}.")


def required(given: Any) -> Any:
    """What a visitor needs, checked: a permission's name, several, or a function of the user."""
    if given is None or callable(given):
        return given
    names = [given] if isinstance(given, str) else given
    if isinstance(names, (list, tuple)) and names and all(isinstance(name, str) and name for name in names):
        return tuple(names)
    raise DeclarationError(
        f"permission must be a name such as 'chat.use_chat', a list of names, or a function of the user, not {given!r}."
    )


def _limit(given: Any) -> Any:
    if given is None or given == "default":
        return given
    return _positive(given, "concurrency_limit")


def _seconds(given: Any, name: str) -> float | None:
    if given is not None and (isinstance(given, bool) or not isinstance(given, (int, float)) or given <= 0):
        raise DeclarationError(f"{name} must be a positive number of seconds or None, not {given!r}.")
    return given


def _priority(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise DeclarationError(f"priority must be a whole number, not {given!r}.")
    return given


def _retries(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise DeclarationError(f"retries must be a whole number from 0 on, not {given!r}.")
    return given


def _positive(given: Any, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise DeclarationError(f"{name} must be a whole number from 1 on, not {given!r}.")
    return given


def _add_cancels(root: ListeningRoot, listener: Dependency, cancels: Any) -> None:
    """`cancels=[...]` is a hidden, unqueued listener of its own, on the same trigger or after the same listener."""
    if cancels is None:
        return
    if not (cancels := several(cancels)):
        return
    stopped: list[int] = []
    for item in cancels:
        dependency = getattr(item, "dependency", item)
        if not isinstance(dependency, Dependency):
            raise DeclarationError(
                f"cancels takes what listeners return, as in `event = btn.click(...)`, not {item!r}."
            )
        if not dependency.queue:
            raise DeclarationError(
                f"Queue needs to be enabled! The listener {dependency.api_name!r} has queue=False and cannot be "
                "cancelled. Remove queue=False there."
            )
        stopped.append(dependency.id)
    root.add_dependency(
        Dependency(
            id=root.next_fn_id(),
            targets=listener.targets,
            fn=None,
            info=None,
            inputs=(),
            outputs=(),
            api_name=root.free_api_name("unnamed"),
            visibility="undocumented",
            queue=False,
            cancels=tuple(stopped),
            trigger_after=listener.trigger_after,
            trigger_only_on_success=listener.trigger_only_on_success,
            trigger_only_on_failure=listener.trigger_only_on_failure,
        )
    )
