"""What we rely on in Uvicorn that it does not promise: one test for each name.

When one of them fails after a new release, its message says which part of queue_app/server/uvicorn/ to look at. The
bounds of the extra `uvicorn` in pyproject.toml keep such a release away from users until then.
"""

from __future__ import annotations

import asyncio
import inspect
import ssl
from typing import Any
from unittest.mock import Mock

import httptools
import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from queue_app.server.uvicorn import embedded, shutdown_hooks
from tests.house.sources import imports, modules

source = inspect.getsource


def look(part: str, need: str) -> str:
    return f"{need} See queue_app/server/uvicorn/{part}, and Uvicorn's release notes."


def takes(item: Any) -> list[str]:
    return list(inspect.signature(item).parameters)


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """An application that is never asked."""


def config() -> uvicorn.Config:
    found = uvicorn.Config(_nothing, lifespan="off", **embedded.SETTINGS)
    found.load()
    return found


def connection() -> Any:
    """A connection of Uvicorn's own kind, to a client that says nothing."""
    protocol: Any = HttpToolsProtocol(config(), ServerState(), {}, asyncio.get_running_loop())
    protocol.connection_made(Mock(get_extra_info=lambda name: None))
    return protocol


def test_the_configuration_takes_our_settings() -> None:
    unknown = {*embedded.SETTINGS, "ws_max_size", "lifespan"} - set(takes(uvicorn.Config.__init__))
    assert not unknown, look("embedded.py (SETTINGS)", f"uvicorn.Config must take {sorted(unknown)}.")


def test_what_is_loaded_has_our_protocols_and_no_proxys_word() -> None:
    found = config()
    assert found.loaded_app is _nothing, look("embedded.py (SETTINGS)", "Nothing may stand before the application.")
    assert (found.http_protocol_class, found.ws_protocol_class) == (
        embedded.SETTINGS["http"],
        embedded.SETTINGS["ws"],
    ), look("embedded.py (SETTINGS)", "uvicorn.Config must take protocols as classes.")


def test_the_servers_sockets_speak_tls_with_config_ssl() -> None:
    assert config().ssl is None and "ssl=config.ssl" in source(uvicorn.Server.startup), look(
        "embedded.py (EmbeddedServer.__init__)", "Server.startup must take the context in Config.ssl."
    )
    assert ssl.SSLContext.__name__ in source(uvicorn.Config.load), look(
        "embedded.py (tls_context)", "Config.ssl must be an ssl.SSLContext."
    )


def test_a_loop_factory_is_known() -> None:
    factory = config().get_loop_factory()
    assert factory is not None, look("embedded.py (_start_loop)", "Config.get_loop_factory must give a factory.")
    loop = factory()
    assert isinstance(loop, asyncio.AbstractEventLoop), look("embedded.py (_start_loop)", "It must make a loop.")
    loop.close()


def test_serve_takes_sockets_that_listen() -> None:
    assert takes(uvicorn.Server.serve) == ["self", "sockets"], look(
        "embedded.py (_serve_until_told)", "Server.serve must take listening sockets."
    )


def test_startup_is_over_when_the_server_listens() -> None:
    text = source(uvicorn.Server._serve)
    assert "await self.startup(sockets=sockets)" in text and text.index("startup") < text.index("main_loop"), look(
        "embedded.py (startup)", "Server.startup must return when the server listens, before the main loop."
    )
    assert "self.servers" in source(uvicorn.Server.startup), look(
        "embedded.py (end_listening)", "Server.startup must keep what listens in `servers`."
    )


def test_should_exit_ends_the_main_loop() -> None:
    server = uvicorn.Server(config())
    server.should_exit = True
    assert asyncio.run(server.on_tick(1)) is True, look("embedded.py (end)", "Server.should_exit must end it.")


def test_off_the_main_thread_no_signal_is_taken() -> None:
    assert "threading.current_thread() is not threading.main_thread()" in source(uvicorn.Server.capture_signals), look(
        "embedded.py (_serve_until_told)", "Server.serve must leave signals alone in other threads."
    )


def test_the_servers_state_knows_connections_and_tasks() -> None:
    state = uvicorn.Server(config()).server_state
    assert state.connections == set() and state.tasks == set(), look(
        "embedded.py (end)", "Server.server_state must have `connections` and `tasks`."
    )


async def test_each_connection_is_among_them_with_its_transport() -> None:
    protocol = connection()
    assert protocol in protocol.server_state.connections and hasattr(protocol.transport, "abort"), look(
        "embedded.py (end)", "A connection must be in ServerState.connections, and have its `transport`."
    )


async def test_the_parser_tells_of_the_begin_and_the_end_of_a_head() -> None:
    protocol, called = connection(), list[str]()
    for name in ("on_message_begin", "on_headers_complete"):
        own = getattr(protocol, name)
        protocol.__dict__[name] = lambda own=own, name=name: (called.append(name), own())
    protocol.parser = httptools.HttpRequestParser(protocol)
    protocol.data_received(b"GET / HT")
    assert called == ["on_message_begin"], look("protocols.py (PatientHTTP)", "on_message_begin must come first.")
    protocol.data_received(b"TP/1.1\r\nHost: x\r\n\r\n")
    assert called == ["on_message_begin", "on_headers_complete"], look(
        "protocols.py (PatientHTTP)", "on_headers_complete must come with the end of the head."
    )
    for task in protocol.tasks:
        task.cancel()


async def test_a_cycle_says_how_far_its_answer_is() -> None:
    protocol = connection()
    assert protocol.cycle is None and protocol.loop is asyncio.get_running_loop(), look(
        "protocols.py (give_up)", "A connection must have its `cycle`, and `loop`."
    )
    made = source(RequestResponseCycle.__init__)
    assert all(f"self.{name} = False" in made for name in ("response_started", "disconnected")), look(
        "protocols.py (give_up)", "RequestResponseCycle must have response_started and disconnected."
    )
    assert "if self.disconnected:" in source(RequestResponseCycle.send), look(
        "protocols.py (give_up)", "RequestResponseCycle.send must be silent when the client has gone."
    )


async def test_the_access_log_can_be_left_out_for_one_connection() -> None:
    assert isinstance(connection().access_log, bool) and "if self.access_log:" in source(RequestResponseCycle.send), (
        look("protocols.py (PatientHTTP)", "`access_log` of a connection must say whether requests are logged.")
    )


@pytest.mark.parametrize("kind", [HttpToolsProtocol, WebSocketsSansIOProtocol])
def test_connections_are_told_of_slow_readers(kind: Any) -> None:
    assert {"pause_writing", "resume_writing", "connection_lost"} <= set(vars(kind)), look(
        "protocols.py (_DropsSlowReaders)", "A connection must have pause_writing and resume_writing."
    )


def test_a_websocket_is_not_read_while_messages_wait() -> None:
    assert "self.transport.pause_reading()" in source(WebSocketsSansIOProtocol), look(
        "protocols.py (PatientWebSocket)", "Uvicorn must stop reading while a message waits for the application."
    )


# The `uvicorn` command, and gunicorn's worker


def test_the_handler_of_signals_is_a_method_of_the_server() -> None:
    assert "self.handle_exit" in source(uvicorn.Server.capture_signals), look(
        "shutdown_hooks.py (notice)", "The handler of SIGTERM must belong to the server."
    )


def test_the_server_shuts_down_by_its_method_shutdown() -> None:
    assert inspect.iscoroutinefunction(uvicorn.Server.shutdown), look("shutdown_hooks.py (notice)", "It is awaited.")
    assert "await self.shutdown(sockets=sockets)" in source(uvicorn.Server._serve), look(
        "shutdown_hooks.py (notice)", "Server.shutdown must be called on the object, so that ours is."
    )


def test_the_configuration_knows_whether_sources_are_watched() -> None:
    assert config().should_reload is False, look("shutdown_hooks.py (notice)", "Config.should_reload must say so.")


def test_whoever_runs_the_loop_is_found_by_its_module() -> None:
    import uvicorn_worker

    assert uvicorn.Server.run.__module__ == "uvicorn.server", look(
        "shutdown_hooks.py (_owner)", "The `uvicorn` command must run `run` of uvicorn.server."
    )
    assert uvicorn_worker.UvicornWorker.__module__ in shutdown_hooks._WORKERS, look(
        "shutdown_hooks.py (_WORKERS)", "gunicorn's worker lives in another module."
    )


# And nothing else


def test_only_this_package_knows_uvicorn() -> None:
    wrong = [
        f"{module}, line {each.line}"
        for module in modules()
        for each in imports(module)
        if each.name.split(".")[0] == "uvicorn" and not module.startswith("queue_app.server.uvicorn")
    ]
    assert not wrong, f"These import Uvicorn themselves: {', '.join(wrong)}"
