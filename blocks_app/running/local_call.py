"""Calling an endpoint from Python: `demo("Bob")`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import CallError, InvalidApiNameError
from blocks_app.running.arguments import complete
from blocks_app.running.runner import Call, Failure, Step, run
from blocks_app.threads.call_threads import Threads
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency


def call_endpoint(blocks: DeclaredPage, inputs: tuple[Any, ...], fn_index: int = 0, api_name: str | None = None) -> Any:
    """Run a listener's function with pre- and postprocessing and return its one value, or a list of several.

    Raises:
        InvalidApiNameError: there is no such endpoint.
        CallError: the function is a generator or keeps state.
    """
    dependency = _find(blocks, fn_index, api_name)
    stateful = any(getattr(block, "stateful", False) for block in (*dependency.inputs, *dependency.outputs))
    if dependency.is_generator or stateful:
        raise CallError(
            "This function is not callable because it is either stateful or is a generator. Please use the .launch() "
            "method instead to create an interactive user interface."
        )
    step = run_to_end(blocks, Call(dependency, complete(dependency.inputs, list(inputs))))
    results = [value for block, value in zip(dependency.outputs, step.data) if isinstance(block, Component)]
    return results[0] if len(results) == 1 else results


def _find(blocks: DeclaredPage, fn_index: int, api_name: str | None) -> Dependency:
    if api_name is not None:
        wanted = api_name.strip("/")
        for dependency in blocks.dependencies.values():
            if dependency.api_name == wanted:
                return dependency
        raise InvalidApiNameError(f"Cannot find a function with api_name {api_name}")
    if fn_index not in blocks.dependencies:
        raise InvalidApiNameError(f"There is no function with the number {fn_index}.")
    return blocks.dependencies[fn_index]


def run_to_end(blocks: DeclaredPage, call: Call, look: Callable[[Step], Any] | None = None) -> Step:
    """The last step of a call, made on a loop of its own in a thread of its own: the caller may be inside a running
    loop, as in a notebook.

    Args:
        blocks: the page.
        call: what to run.
        look: is shown each step; when it raises, the call ends and so does this.
    """
    found: list[Step] = []
    failed: list[BaseException] = []

    async def main() -> None:
        threads = Threads(max_threads=2)
        try:
            async for steps in run(blocks, [call], threads):
                found[:] = steps
                if look is not None:
                    look(steps[0])
        finally:
            threads.close()

    def work() -> None:
        try:
            asyncio.run(main())
        except Failure as failure:
            failed.append(failure.error)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="blocks-direct-call")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[-1]
