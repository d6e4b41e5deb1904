"""`demo.launch()`: serve one app from a script or a notebook, with no Django project."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.blocks import Blocks
from blocks_app.diagnostics.mistakes import warn
from blocks_app.launch_options import Launched
from blocks_app.web import registry
from blocks_app.web.mounting import restyle
from queue_app import conf
from queue_app.exceptions import ShareError
from queue_app.server import lazy_startup, notebook, project_imports
from queue_app.server.launch_options import LaunchArguments, launch_options
from queue_app.server.network.ssh_tunnel import NO_RELAY, Relay, Tunnel
from queue_app.server.unmigrated import NOT_MIGRATED, lacks_tables
from queue_app.shutdown import process_exit, signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from queue_app.server.backends import Backend, EmbeddedServer
    from queue_app.server.network.host_check import HostCheck


class LaunchHost(Protocol):
    """Serves a file (`runblocks`): what it makes of the launch() calls in it, in whichever thread."""

    def begins(self, blocks: Blocks) -> None:
        """launch() was called; its arguments are not read yet."""

    def options(self, blocks: Blocks, wanted: LaunchArguments) -> LaunchArguments | None:
        """What holds for the call; None serves nothing."""

    def failed(self, blocks: Blocks, error: BaseException) -> None:
        """launch() raises this."""


_host: LaunchHost | None = None
#: Held while an app starts: threads may launch at the same moment, and Django's settings are made once.
one_at_a_time = threading.RLock()


@dataclass(eq=False)
class Running:
    """A launched app: its server, where it is, and how it was asked for. Kept as `Blocks.server`."""

    backend: Backend
    server: EmbeddedServer
    result: Launched
    port: int
    wanted: LaunchArguments
    front: HostCheck
    inner: EmbeddedServer | None = None
    tunnel: Tunnel | None = None


def launch(blocks: Blocks, *args: Any, **options: Any) -> Launched:
    """Serve `blocks` until the program is interrupted; see LaunchOptions for the arguments.

    Returns at once in a notebook, in a REPL and with `prevent_thread_lock`. Launching again while it runs keeps the
    server as it is. Raises LaunchError (also ValueError or TypeError) for arguments that make no sense, OSError when
    there is no free port. In a file that `runblocks` serves, its command line wins over server_name and server_port.
    While a Django project imports the file, nothing is served: the project does that.
    """
    if project_imports.under_way():
        project_imports.leave_to_project(blocks, launch_options(args, options), options)
        return Launched(None, "", None)
    with one_at_a_time, _host_notified(blocks):
        wanted = _wanted(blocks, args, options)
        if wanted is None:  # another app of the file was chosen
            return Launched(None, "", None)
        fresh = blocks.server is None
        if fresh:
            with lazy_startup.collector_rests():
                blocks.server = _started(blocks, wanted)
        running: Running = blocks.server
    blocking = _should_block(wanted)
    with _closed_by_interrupt(blocks, blocking) if _host is None else nullcontext():
        if fresh:
            _announce(blocks, running)
        else:
            if not wanted.quiet:
                print("Rerunning server... use close() to stop if you need to change launch() parameters.")  # noqa: T201
            _show(running, wanted)
        if blocking:
            signals.until_interrupted()
    return running.result


def close_all(verbose: bool = True) -> None:
    """Stop every app that was launched in this program."""
    for mount in registry.all_mounts():
        if isinstance(mount.blocks, Blocks):
            close(mount.blocks, verbose)


def close(blocks: Blocks, verbose: bool = True, grace: float | None = None) -> None:
    """Stop the app's server and free its port. Nothing happens when it does not run.

    Events end at once; with a `grace` those that run have so many seconds.
    """
    running, blocks.server = blocks.server, None
    if running is None:
        return
    mount, on_loop = blocks.mount, running.backend.on_loop
    if running.tunnel is not None:
        on_loop(running.tunnel.close)
    for server in (running.server, running.inner):
        if server is not None:
            server.stop_listening()
    if mount is not None:
        on_loop(lambda: _close_engine(mount, grace))
    for server in (running.server, running.inner):
        if server is not None:
            server.close()
    _remember(blocks, None)
    if verbose:
        print(f"Closing server running on port: {running.port}")  # noqa: T201


def block_thread(blocks: Blocks) -> None:
    """Wait until the program is interrupted or told to end, then stop the app's server."""
    with _closed_by_interrupt(blocks, True):
        signals.until_interrupted()


@contextmanager
def _closed_by_interrupt(blocks: Blocks, blocking: bool) -> Iterator[None]:
    """While the program is about to wait for an interrupt: it ends the server, and the script goes on."""
    if blocking:
        signals.end_like_an_interrupt()
    try:
        yield
    except KeyboardInterrupt:
        if not blocking:
            raise
        quiet = blocks.server is not None and blocks.server.wanted.quiet
        if not quiet:
            print("Keyboard interruption in main thread... closing server.")  # noqa: T201
        with process_exit.impatient():
            close(blocks, verbose=not quiet, grace=conf.shutdown_grace())


@contextmanager
def hosting(host: LaunchHost) -> Iterator[None]:
    """While a file is served: `host` is told of each launch() in it, and gives the options that hold, or None.

    An interrupt then leaves the file, instead of letting it go on after launch().
    """
    global _host
    _host = host
    try:
        yield
    finally:
        _host = None


@contextmanager
def _host_notified(blocks: Blocks) -> Iterator[None]:
    if _host is not None:
        _host.begins(blocks)
    try:
        yield
    except BaseException as error:
        if _host is not None:
            _host.failed(blocks, error)
        raise


def _wanted(blocks: Blocks, args: tuple[Any, ...], options: dict[str, Any]) -> LaunchArguments | None:
    wanted = launch_options(args, options)
    return wanted if _host is None else _host.options(blocks, wanted)


def _started(blocks: Blocks, wanted: LaunchArguments) -> Running:
    """Start. That a port is taken is one sentence, below the user's own line: ours say nothing of it."""
    try:
        return _start(blocks, wanted)
    except OSError as error:
        raise error.with_traceback(None) from None


def _start(blocks: Blocks, wanted: LaunchArguments) -> Running:
    # Django and the server, which `import blocks_app` leaves alone; Django's settings before what reads them.
    from queue_app.server.minimal_project import AppHandler, AppUrls, ensure_django

    ensure_django(wanted.app_kwargs)
    from queue_app.server import backends
    from queue_app.server.network import ports
    from queue_app.server.network.host_check import HostCheck, served_hosts

    backend = backends.chosen()
    from queue_app.transport.routing import BlocksASGI

    tls = wanted.tls(backend)
    mount = registry.mount(blocks)
    wanted.admit(mount)
    listening = ports.listen(wanted.name, wanted.server_port)
    port: int = listening.getsockname()[1]
    mount.options = wanted.mount_options()
    restyle(blocks, wanted.look)
    if blocks.extra_startup_events:
        lazy_startup.wake_collector()
        blocks.startup_events()
    if wanted.api_open is not None:
        blocks.queue_options = replace(blocks.queue_options, api_open=wanted.api_open)
    urls = AppUrls(blocks)
    more = [host for host in os.environ.get("BLOCKS_ALLOWED_HOSTS", "").split(",") if host]
    more += (wanted.app_kwargs or {}).get("ALLOWED_HOSTS", ())
    hosts = served_hosts(wanted.name, mount.options.root_path, more)
    front = HostCheck(BlocksASGI(AppHandler(urls)), urls, hosts, mount.options.root_path)
    server = backend.serve(front, listening, tls)
    scheme = "https" if tls else "http"
    public = "localhost" if wanted.name in ("0.0.0.0", "[::]") else wanted.name
    result = Launched(front, f"{scheme}://{public}:{port}/", None)
    running = Running(backend, server, result, port, wanted, front)
    if tls and wanted.ssl_verify:
        _verify(running, public)
    return running


def _verify(running: Running, host: str) -> None:
    from queue_app.server.network.tls import verify

    try:
        verify(host.strip("[]"), running.port)
    except BaseException:
        running.server.close()
        raise


def _announce(blocks: Blocks, running: Running) -> None:
    wanted, result = running.wanted, running.result
    _remember(blocks, running)
    say = _say_nothing if wanted.quiet else _say
    scheme = result.local_url.partition(":")[0]
    say(f"Running on local URL:  {scheme}://{wanted.name}:{running.port}")
    if lacks_tables():
        say(NOT_MIGRATED)
    if wanted.shared:
        _share(blocks, running, say)
    else:
        say("For a public link, set `share=True` in `launch()`.")
    url = running.result.share_url or running.result.local_url
    if blocks.mount is not None and blocks.mount.options.has_mcp:
        say(f"MCP server at:  {url}gradio_api/mcp/")
    if wanted.inbrowser:
        webbrowser.open(url)
    _show(running, wanted)


def _show(running: Running, wanted: LaunchArguments) -> None:
    """Below the cell that runs: each launch() in a notebook has a frame, the second of an app too."""
    if notebook.shows(wanted.inline):
        notebook.show(running.result.share_url or running.result.local_url, wanted.width, wanted.height)


def _share(blocks: Blocks, running: Running, say: Callable[[str], None]) -> None:
    """Open the tunnel. A failure is told, and the app goes on at its local address."""

    def announce(link: str) -> None:
        running.front.publish(link)
        running.result = running.result._replace(share_url=link)
        _remember(blocks, running)
        say(f"Running on public URL: {link.rstrip('/')}")
        say("Everybody who has this link can use the app, until this program ends.")

    try:
        running.tunnel = _open_tunnel(running, announce, say)
    except ShareError as error:
        running.tunnel = None
        say(f"Could not create share link. {error} The app goes on at {running.result.local_url}")
        if running.wanted.quiet:
            warn(f"Could not create share link. {error}")


def _open_tunnel(running: Running, announce: Callable[[str], None], say: Callable[[str], None]) -> Tunnel:
    from queue_app.server.network import ports

    wanted = running.wanted
    if wanted.share_server_address is None:
        raise ShareError(NO_RELAY)
    # A listener of its own: the tunnel always speaks plain http, and the app's own address may not be the loopback.
    listening = ports.listen("127.0.0.1", 0)
    relay, port = Relay.parse(wanted.share_server_address), listening.getsockname()[1]
    tunnel = Tunnel(relay, wanted.protocol, port, announce, say)
    inner = running.backend.serve(running.front, listening)
    try:
        running.backend.on_loop(tunnel.open)
    except BaseException:
        inner.close()
        raise
    running.inner = inner
    return tunnel


def _remember(blocks: Blocks, running: Running | None) -> None:
    """What programs read from the Blocks after launch()."""
    found = dict.fromkeys(("local_url", "share_url", "server_name", "server_port", "app"))
    if running is not None:
        result, wanted = running.result, running.wanted
        found.update(local_url=result.local_url, share_url=result.share_url, app=result.app)
        found.update(server_name=wanted.name, server_port=running.port, share=wanted.shared)
        found.update(share_server_protocol=wanted.protocol, share_server_address=wanted.share_server_address)
        found.update(height=wanted.height, width=wanted.width)
    vars(blocks).update(found, is_running=running is not None)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _say_nothing(text: str) -> None:
    """For `quiet`."""


def _should_block(wanted: LaunchArguments) -> bool:
    if wanted.debug or os.environ.get("GRADIO_DEBUG") == "1":
        return True
    return not (wanted.prevent_thread_lock or hasattr(sys, "ps1") or sys.flags.interactive or notebook.in_notebook())


async def _close_engine(mount: registry.Mount, grace: float | None) -> None:
    """End the app's waiting and running events with a message, before their connections go."""
    from queue_app.execution.engine import close_engine

    await close_engine(mount, grace)
