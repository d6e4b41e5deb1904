"""An app that was loaded: a page whose listeners call another server, and which Python calls as a function."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from typing import Any, ClassVar

from blocks_app.blocks import Blocks
from blocks_app.exceptions import CallError, InvalidApiNameError
from blocks_app.files import file_data
from blocks_app.remote.connection import RemoteApp
from blocks_app.remote.functions import RemoteFunction
from blocks_app.remote.wire_files import FirstFiles
from blocks_app.running.updates import changes_of
from blocks_app.tree.component import Component


class LoadedApp(Blocks):
    """What `gr.load` gives for an app. `app("Ada")` calls its first function, `app("Ada", api_name="hi")` another."""

    is_template: ClassVar[bool] = True

    def __init__(self, connection: RemoteApp, **options: Any) -> None:
        """Args: connection: to the app; options: of Blocks."""
        super().__init__(**options)
        self.connection = connection
        #: What its page shows at first; kept as long as the app is.
        self.first_files: FirstFiles | None = None
        #: The functions by their names for programs, and in the order of their numbers.
        self.remote: dict[str, RemoteFunction] = {}

    def __call__(self, *inputs: Any, fn_index: int = 0, api_name: str | None = None) -> Any:
        """Call a function of the app that was loaded; of a generator the last result. Files are paths."""
        function = self._function(fn_index, api_name)
        wanted = [each for each in function.inputs if not each.stateful]
        if len(inputs) != len(wanted):
            names = ", ".join(each.described for each in wanted)
            raise CallError(f"This function takes {len(wanted)} values ({names}), and {len(inputs)} were given.")
        rest = iter(inputs)
        data = [None if each.stateful else _wire(each, next(rest)) for each in function.inputs]
        result = _run(function, data)
        outputs = [result] if len(function.outputs) == 1 else list(result or ())
        shown = [
            _given(value)
            for block, value in zip(function.outputs, outputs)
            if isinstance(block, Component) and not block.stateful
        ]
        return shown[0] if len(shown) == 1 else shown

    def close(self, verbose: bool = True) -> None:
        """Stop serving, and let go of the app that was loaded."""
        super().close(verbose)
        self.connection.close()

    def _function(self, fn_index: int, api_name: str | None) -> RemoteFunction:
        if api_name is not None:
            found = self.remote.get(api_name.strip("/"))
            if found is None:
                raise InvalidApiNameError(f"Cannot find a function with api_name {api_name}")
            return found
        for function in self.remote.values():
            if function.number == fn_index:
                return function
        raise InvalidApiNameError(f"There is no function with the number {fn_index}.")


def _wire(component: Component, value: Any) -> Any:
    """An argument as the page would send it; a path of this machine is a file where the component takes one."""
    if value is None or isinstance(value, dict):
        return value
    return component.postprocess(value)


def _given(result: Any) -> Any:
    """A value, also where it came with changes of the component."""
    changes = changes_of(result)
    return result if changes is None else changes.get("value")


def _run(function: RemoteFunction, data: list[Any]) -> Any:
    """The last result, found on a loop of its own: the caller may be inside a running one."""
    found: list[Any] = []
    failed: list[BaseException] = []

    async def main() -> None:
        async with aclosing(function.steps(data, None)) as results:
            async for each in results:
                found[:] = [each]

    def work() -> None:
        try:
            with file_data.use(None):
                asyncio.run(main())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="blocks-loaded-call")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0] if found else None
