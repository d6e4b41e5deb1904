"""`%load_ext blocks_app`, then `%%blocks` at the top of a cell: the app that the cell declares is served and shown.

Running the cell again serves the new app at the old one's address.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks

_USAGE = "%%blocks [--demo-name NAME] [--share]"


class Cells:
    """Which cell shows which app, and where."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.current = ""
        self.shown: dict[str, Blocks] = {}
        shell.events.register("pre_run_cell", self.starts)

    def starts(self, info: Any) -> None:
        """A cell begins to run; shells that number no cells have one."""
        self.current = getattr(info, "cell_id", None) or ""

    def blocks(self, line: str, cell: str) -> None:
        """Run the cell, then serve and show the Blocks that it declares.

        Args:
            line: `--demo-name NAME`, the Blocks' variable, `demo` unless given; `--share` publishes it, see `launch()`.
            cell: the Python text.
        """
        name, share = self._options(line)
        exec(compile(self.shell.transform_cell(cell), "<%%blocks>", "exec"), self.shell.user_ns)
        demo = self.shell.user_ns.get(name)
        if not hasattr(demo, "launch"):
            raise self._mistake(f"The cell declares no Blocks named {name!r}; {_USAGE} names another.")
        before = self.shown.get(self.current)
        port = before.server.port if before is not None and before.server is not None else None
        if before is not None and before is not demo:
            before.close(verbose=False)
        self.shown[self.current] = demo
        demo.launch(share=share or None, server_port=port, prevent_thread_lock=True, quiet=before is not None)

    def _options(self, line: str) -> tuple[str, bool]:
        name, share = "demo", False
        words = line.replace("=", " ").split()
        while words:
            word = words.pop(0)
            if word == "--share":
                share = True
                if words and not words[0].startswith("--"):
                    share = words.pop(0).lower() not in ("0", "false", "no")
            elif word == "--demo-name" and words:
                name = words.pop(0)
            else:
                raise self._mistake(f"{word!r} is none of the options of {_USAGE}.")
        return name, share

    def _mistake(self, text: str) -> Exception:
        """What a shell shows without a traceback."""
        error: Exception = import_module("IPython.core.error").UsageError(text)  # there is a shell, so there is IPython
        return error


def load_ipython_extension(ipython: Any) -> None:
    """What `%load_ext blocks_app` calls: cells that begin with `%%blocks` are served as apps.

    Args:
        ipython: the shell.
    """
    ipython.register_magic_function(Cells(ipython).blocks, magic_kind="cell", magic_name="blocks")
