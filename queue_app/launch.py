"""`demo.launch()`: serve one app from a script or a notebook, with no Django project."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from blocks_app import registry
from queue_app.launch_options import LaunchOptions, launch_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blocks_app.blocks import Blocks
    from queue_app.server import EmbeddedServer

_serving_allowed = True
_interrupted = threading.Event()  # never set: only a signal ends the wait


class Launched(NamedTuple):
    """What launch() returns. Prints as nothing, so that a notebook cell or a REPL stays clean."""

    app: Any
    local_url: str
    share_url: str | None

    def __repr__(self) -> str:
        return ""


@dataclass(eq=False)
class Running:
    """A launched app: its server and where it is. Kept as `Blocks.server`."""

    server: EmbeddedServer
    result: Launched
    port: int


def launch(blocks: Blocks, *args: Any, **options: Any) -> Launched | None:
    """Serve `blocks` until the program is interrupted; see LaunchOptions for the arguments.

    Returns at once in a notebook, in a REPL and with `prevent_thread_lock`. Launching again while it runs keeps the
    server as it is. Raises LaunchError (also ValueError or TypeError) for arguments that make no sense, OSError when
    there is no free port. None when the file is only loaded, as by `runblocks`.
    """
    wanted = launch_options(args, options)
    if not _serving_allowed:
        return None
    running: Running | None = blocks.server
    if running is None:
        blocks.server = running = _start(blocks, wanted)
        _announce(running, wanted)
    elif not wanted.quiet:
        print("Rerunning server... use close() to stop if you need to change launch() parameters.")  # noqa: T201
    if _should_block(wanted):
        block_thread(blocks)
    return running.result


def close(blocks: Blocks, verbose: bool = True) -> None:
    """Stop the app's server and free its port. Nothing happens when it does not run."""
    running, blocks.server = blocks.server, None
    if running is None:
        return
    from queue_app.server import on_reactor  # loaded by the launch that is being undone

    mount = blocks.mount
    if mount is not None:
        on_reactor(lambda: _close_engine(mount))
    running.server.close()
    if verbose:
        print(f"Closing server running on port: {running.port}")  # noqa: T201


def block_thread(blocks: Blocks) -> None:
    """Wait until the program is interrupted or told to end, then stop the app's server."""
    _end_like_an_interrupt()
    try:
        _interrupted.wait()
    except KeyboardInterrupt:
        print("Keyboard interruption in main thread... closing server.")  # noqa: T201
        close(blocks)


@contextmanager
def loading() -> Iterator[None]:
    """While a file is loaded to find the app in it: its own launch() call serves nothing."""
    global _serving_allowed
    _serving_allowed = False
    try:
        yield
    finally:
        _serving_allowed = True


def _start(blocks: Blocks, wanted: LaunchOptions) -> Running:
    # Django and Daphne, which `import blocks_app` leaves alone; Django's settings before what reads them.
    from queue_app.standalone import AppHandler, AppUrls, ensure_django

    ensure_django()
    from queue_app import ports
    from queue_app.asgi import BlocksASGI
    from queue_app.front import Front, served_hosts
    from queue_app.server import EmbeddedServer

    tls = wanted.tls()
    mount = registry.mount(blocks)
    wanted.admit(mount)
    name = wanted.server_name or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    listening = ports.listen(name, wanted.server_port)
    port: int = listening.getsockname()[1]
    mount.options = wanted.mount_options()
    urls = AppUrls(blocks)
    more = [host for host in os.environ.get("BLOCKS_ALLOWED_HOSTS", "").split(",") if host]
    hosts = served_hosts(name, mount.options.root_path, more)
    application = Front(BlocksASGI(AppHandler(urls)), urls, hosts, mount.options.root_path)
    server = EmbeddedServer(application, listening, tls)
    server.start()
    scheme = "https" if tls else "http"
    public = "localhost" if name in ("0.0.0.0", "::", "[::]") else name
    return Running(server, Launched(application, f"{scheme}://{public}:{port}/", None), port)


def _announce(running: Running, wanted: LaunchOptions) -> None:
    result = running.result
    name = wanted.server_name or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    if not wanted.quiet:
        scheme = result.local_url.partition(":")[0]
        print(f"Running on local URL:  {scheme}://{name}:{running.port}", flush=True)  # noqa: T201
    if wanted.inbrowser:
        webbrowser.open(result.local_url)
    if wanted.inline is not False and _in_notebook():
        _show_inline(result.local_url, wanted)


def _end_like_an_interrupt() -> None:
    """A container ends its program with SIGTERM: waiting events get their message then too."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _should_block(wanted: LaunchOptions) -> bool:
    if wanted.debug or os.environ.get("GRADIO_DEBUG") == "1":
        return True
    return not (wanted.prevent_thread_lock or hasattr(sys, "ps1") or sys.flags.interactive or _in_notebook())


def _in_notebook() -> bool:
    """Whether IPython runs here with a kernel, which is what notebooks have."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def _show_inline(url: str, wanted: LaunchOptions) -> None:
    import IPython.display  # there is a notebook, so there is IPython

    shown: Any = IPython.display
    shown.display(shown.IFrame(url, width=wanted.width, height=wanted.height))


async def _close_engine(mount: registry.Mount) -> None:
    """End the app's waiting and running events with a message, before their connections go."""
    from queue_app.engine import close_engine

    await close_engine(mount)
