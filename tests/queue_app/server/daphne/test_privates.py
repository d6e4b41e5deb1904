"""What we rely on in Daphne, Twisted and autobahn that they do not promise: one test for each name.

When one of them fails after a new release, its message says which part of queue_app/server/daphne/ to look at. The
bounds in requirements.txt keep such a release away from users until then.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from daphne import utils
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from twisted.internet import asyncioreactor, base, tcp
from twisted.internet import reactor as _reactor
from twisted.internet.testing import StringTransport
from twisted.python import threadable
from twisted.web import http

from queue_app.server.daphne import embedded, lazy_websockets
from tests.house.sources import ROOT, imports, modules

reactor: Any = _reactor
PACKAGE = ROOT / "queue_app" / "server" / "daphne"


def source(item: Any) -> str:
    """The original's source, also of what we have replaced."""
    return inspect.getsource(inspect.unwrap(item))


def takes(item: Any) -> list[str]:
    """The names of the original's arguments."""
    return list(inspect.signature(inspect.unwrap(item)).parameters)


def look(part: str, need: str) -> str:
    return f"{need} See queue_app/server/daphne/{part}, and the release notes of the library."


def websocket_protocol() -> Any:
    return lazy_websockets.websocket_factory(None).protocol


class Noting(http.Request):
    """A request that notes what its channel says while its head and body come."""

    def gotLength(self, length: int | None) -> None:
        channel: Any = self.channel
        self.at_head = channel._command, channel._path, channel._handlingRequest, length
        super().gotLength(length)  # type: ignore[no-untyped-call]

    def process(self) -> None:
        self.handling: bool = self.channel._handlingRequest


def spoken(data: bytes) -> tuple[Any, Any]:
    """A channel that has received this, and its first request."""
    channel: Any = http.HTTPChannel()  # type: ignore[no-untyped-call]
    channel.requestFactory = Noting
    channel.makeConnection(StringTransport())
    channel.dataReceived(data)
    return channel, channel.requests[0] if channel.requests else None


# Daphne's server


def test_create_application_takes_protocol_and_scope_and_gives_a_queue_or_none() -> None:
    found = inspect.unwrap(Server.create_application)
    assert takes(found) == ["self", "protocol", "scope"] and "return input_queue" in source(found), look(
        "body_spooling.py and backpressure.py", "Server.create_application must take a scope and give the input queue."
    )


async def test_the_queue_of_an_application_is_read_by_its_method_get() -> None:
    queue: Any = asyncio.Queue()
    queue.put_nowait("message")
    queue._get = lambda: "ours"
    assert await queue.get() == "ours" and "asyncio.Queue()" in source(Server.create_application), look(
        "body_spooling.py (_resolve) and backpressure.py (_count)", "asyncio.Queue must take its items with `_get`."
    )


def test_handle_reply_is_a_coroutine_of_protocol_and_message() -> None:
    found = inspect.unwrap(Server.handle_reply)
    assert inspect.iscoroutinefunction(found) and takes(found) == ["self", "protocol", "message"], look(
        "body_spooling.py and backpressure.py", "Server.handle_reply must be awaited with each message."
    )
    assert "partial(self.handle_reply, protocol)" in source(Server.create_application), look(
        "body_spooling.py and backpressure.py", "An application's `send` must be Server.handle_reply."
    )


def test_listen_success_is_told_of_each_port() -> None:
    assert takes(Server.listen_success) == ["self", "port"] and "addCallback(self.listen_success)" in source(
        Server.run
    ), look("shutdown_hooks.py (install)", "Server.listen_success must be called with the listening port.")


def test_kill_all_applications_is_what_happens_before_the_reactor_stops() -> None:
    called = 'addSystemEventTrigger("before", "shutdown", self.kill_all_applications)'
    assert called in source(Server.run) and takes(Server.kill_all_applications) == ["self"], look(
        "shutdown_hooks.py (install)", "Server.kill_all_applications must be the trigger before shutdown."
    )


def test_connections_are_a_dict_of_details_by_protocol() -> None:
    server = SimpleNamespace(connections={})
    Server.protocol_connected(server, "protocol")
    Server.protocol_disconnected(server, "protocol")
    assert set(server.connections["protocol"]) == {"connected", "disconnected"}, look(
        "shutdown_hooks.py (end_applications)", "Server.connections must say `disconnected` of who has left."
    )
    assert '["application_instance"] = asyncio.ensure_future' in source(Server.create_application), look(
        "shutdown_hooks.py (end_applications)", "Server.connections must hold the task as `application_instance`."
    )


@pytest.mark.parametrize("name", ["application_checker", "timeout_checker"])
def test_the_checkers_call_themselves_again(name: str) -> None:
    assert f"self.{name})" in source(getattr(Server, name)) and takes(getattr(Server, name)) == ["self"], look(
        f"embedded.py ({name})", f"Server.{name} must come back by reactor.callLater, so that a closed server ends it."
    )


def test_the_server_makes_its_factories_in_run_which_we_never_call() -> None:
    made = set(re.findall(r"self\.(connections|http_factory|ws_factory) =", source(Server.run)))
    assert made == {"connections", "http_factory", "ws_factory"}, look(
        "embedded.py (_listen, ws_factory)", "Server.run must be what makes connections, http_factory and ws_factory."
    )
    own = set(re.findall(r"self\.(\w+) =", source(Server.run)))
    assert own == made, look("embedded.py (_listen)", f"Server.run prepares more than we do: {sorted(own - made)}.")


def test_the_server_has_the_options_that_we_give() -> None:
    given = {*embedded.TIMEOUTS, "endpoints", "signal_handlers", "server_name", "websocket_max_message_size"}
    missing = given - set(takes(Server.__init__))
    assert not missing, look("embedded.py (EmbeddedServer)", f"Server must take {sorted(missing)}.")


def test_bodies_are_read_in_pieces_of_request_buffer_size() -> None:
    text = source(WebRequest.process)
    assert "buffer_size = self.server.request_buffer_size" in text and "self.content.read(buffer_size)" in text, look(
        "body_spooling.py (Places)", "WebRequest.process must read `content` in pieces of request_buffer_size."
    )
    assert "len(chunk) < buffer_size" in text and "self.content.closed" in text, look(
        "body_spooling.py (Places)", "WebRequest.process must find the end by a short piece, and look at `closed`."
    )


def test_the_prefix_comes_from_a_header_or_the_servers_root_path() -> None:
    assert "daphne-root-path" in source(WebRequest.process) and "root_path" in takes(Server.__init__), look(
        "body_spooling.py (create_application)", "The scope's root_path must be the header's or Server.root_path."
    )


def test_parse_x_forwarded_for_takes_headers_three_names_and_two_originals() -> None:
    client, scheme = utils.parse_x_forwarded_for(
        {b"x-real": b"10.0.0.1", b"x-port": b"80", b"x-proto": b"https"}, "x-real", "x-port", "x-proto", None, "http"
    )
    assert (client, scheme) == (["10.0.0.1", 80], "https"), look(
        "upload_precheck.py (scope_of)", "daphne.utils.parse_x_forwarded_for must give address and scheme."
    )


def test_the_stand_in_has_all_that_the_server_takes_from_its_websockets() -> None:
    tree = ast.parse(inspect.getsource(inspect.getmodule(Server)))  # type: ignore[arg-type]
    taken = [
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "ws_protocol"
        for name in node.names
    ]
    assert taken == ["WebSocketFactory"], look(
        "lazy_websockets.py", f"daphne.server must take only WebSocketFactory from ws_protocol, not {taken}."
    )


def test_the_websocket_factory_takes_the_server_and_its_banner() -> None:
    factory = lazy_websockets.websocket_factory("the server", server="")
    assert factory.server_class == "the server", look(
        "embedded.py (ws_factory)", "WebSocketFactory must take the server first and the banner as `server`."
    )


def test_websockets_have_an_application_type_and_the_methods_that_we_wrap() -> None:
    protocol = websocket_protocol()
    assert protocol.application_type == "websocket", look(
        "backpressure.py (_is_socket)", "WebSocketProtocol must be known by its application_type."
    )
    assert takes(protocol.onMessage) == ["self", "payload", "isBinary"], look(
        "backpressure.py (_patch_sockets)", "WebSocketProtocol.onMessage must be told of each message."
    )
    assert takes(protocol.onPing) == ["self", "payload"] and "sendPong" in source(protocol.onPing), look(
        "backpressure.py (_patch_sockets)", "WebSocketProtocol.onPing must be what answers a ping."
    )


def test_the_factorys_log_is_called_for_each_request_and_may_be_silent() -> None:
    assert takes(http.HTTPFactory.log) == ["self", "request"] and issubclass(HTTPFactory, http.HTTPFactory), look(
        "embedded.py (QuietFactory)", "HTTPFactory.log must be what writes the access log."
    )


# Twisted's requests


def test_forms_are_not_parsed_when_the_request_says_so() -> None:
    assert "_parsePOSTFormSubmission" in source(http.Request.__init__), look(
        "body_spooling.py (__init__)", "http.Request must keep `_parsePOSTFormSubmission`."
    )
    assert "self._parsePOSTFormSubmission" in source(http.Request.requestReceived), look(
        "body_spooling.py (__init__)", "http.Request.requestReceived must parse forms only with that attribute."
    )


def test_the_channel_knows_command_and_path_when_the_length_is_known() -> None:
    _, request = spoken(b"POST /upload?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    assert request.at_head == (b"POST", b"/upload?x=1", False, 4), look(
        "body_spooling.py (_body_of)", "HTTPChannel._command and ._path must be there in Request.gotLength(length)."
    )


def test_handling_request_says_whether_an_answer_is_under_way() -> None:
    channel, request = spoken(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    before = channel._handlingRequest
    channel.dataReceived(b"cd")
    assert (before, request.handling) == (False, True), look(
        "slow_requests.py and body_spooling.py (_answer_long_lines)",
        "HTTPChannel._handlingRequest must be set from the end of a body to the end of its answer.",
    )


def test_each_piece_of_a_body_goes_through_handle_content_chunk() -> None:
    assert takes(http.Request.handleContentChunk) == ["self", "data"], look(
        "body_spooling.py (_count_bodies)", "Request.handleContentChunk must take the bytes."
    )
    _, request = spoken(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    assert request.content.getvalue() == b"ab", look(
        "body_spooling.py (_count_bodies)", "Request.content must be written as the body comes."
    )


def test_request_received_process_and_connection_lost_follow_each_other() -> None:
    assert takes(http.Request.requestReceived) == ["self", "command", "path", "version"], look(
        "body_spooling.py (_count_bodies)", "Request.requestReceived must be called at the end of a body."
    )
    assert "self.process()" in source(http.Request.requestReceived), look(
        "body_spooling.py (handled)", "Request.requestReceived must call process()."
    )
    assert takes(WebRequest.connectionLost) == ["self", "reason"], look(
        "body_spooling.py (_count_bodies)", "WebRequest.connectionLost must be told when the client has left."
    )


def test_the_latest_request_is_the_last_of_the_channels() -> None:
    channel, request = spoken(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    assert channel.requests[-1] is request, look("slow_requests.py (_body_of)", "HTTPChannel.requests must be a list.")


def test_all_content_received_ends_a_body() -> None:
    assert takes(http.HTTPChannel.allContentReceived) == ["self"], look(
        "slow_requests.py", "HTTPChannel.allContentReceived must be called when a request has come."
    )
    assert takes(http.HTTPChannel.dataReceived) == ["self", "data"], look(
        "slow_requests.py", "HTTPChannel.dataReceived must get what a client sends."
    )


def test_a_line_that_is_too_long_is_told_to_the_channel() -> None:
    assert takes(http.HTTPChannel.lineLengthExceeded) == ["self", "line"], look(
        "body_spooling.py (_answer_long_lines)", "LineReceiver.lineLengthExceeded must be called."
    )
    channel, _ = spoken(b"GET /" + b"a" * 40_000)
    assert channel.transport.value().startswith(b"HTTP/1.1 431 ") and channel.transport.disconnecting, look(
        "body_spooling.py (_answer_long_lines)", "HTTPChannel must let a long line be answered."
    )


def test_a_client_can_be_cut_and_given_a_time() -> None:
    channel, _ = spoken(b"")
    assert callable(channel.forceAbortClient) and hasattr(channel, "timeOut") and takes(channel.setTimeout), look(
        "body_spooling.py (DRAINED) and slow_requests.py (_end)",
        "HTTPChannel must have forceAbortClient and setTimeout.",
    )


# Twisted's connections


def test_a_connection_counts_the_bytes_that_wait_for_its_client() -> None:
    transport: Any = tcp.Connection(Mock(), None, Mock())  # type: ignore[no-untyped-call]
    transport.connected = 1
    transport.write(b"twelve bytes")
    assert len(transport.dataBuffer) - transport.offset + transport._tempDataLen == 12, look(
        "backpressure.py (_unsent)", "FileDescriptor must count with dataBuffer, offset and _tempDataLen."
    )


def test_a_connection_knows_that_it_is_being_cut() -> None:
    assert tcp.Server._aborting is False and "self._aborting = True" in source(tcp.Server.abortConnection), look(
        "socket_flush.py (_flush)", "tcp.Server._aborting must say that abortConnection was called."
    )


def test_a_port_makes_its_connections_with_its_transport() -> None:
    assert tcp.Port.transport is tcp.Server and "self.transport(" in source(tcp.Port.doRead), look(
        "embedded.py (_listen) and socket_flush.py", "tcp.Port.transport must be the class of its connections."
    )


def test_the_reactor_writes_with_read_or_write() -> None:
    assert takes(asyncioreactor.AsyncioSelectorReactor._readOrWrite) == ["self", "selectable", "read"], look(
        "socket_flush.py (_flush)", "AsyncioSelectorReactor._readOrWrite must be what the selector calls."
    )


def test_the_reactors_loop_is_an_asyncio_loop() -> None:
    assert isinstance(reactor._asyncioEventloop, asyncio.AbstractEventLoop), look(
        "embedded.py (_run_reactor), shutdown_hooks.py (stop) and socket_flush.py", "reactor._asyncioEventloop is gone."
    )


def test_the_reactor_notes_the_signal_that_ended_it() -> None:
    assert hasattr(reactor, "_exitSignal") and "self._exitSignal = number" in source(base.ReactorBase.sigTerm), look(
        "shutdown_hooks.py (kill_all_applications)", "reactor._exitSignal must be the signal's number."
    )


def test_the_reactors_thread_is_known() -> None:
    assert hasattr(threadable, "ioThread") and "ioThread = getThreadID()" in source(threadable.registerAsIOThread), (
        look("shutdown_hooks.py (_thread_of_reactor)", "threadable.ioThread must be the reactor's thread.")
    )


def test_a_listening_socket_can_be_adopted() -> None:
    assert takes(reactor.adoptStreamPort) == ["fileDescriptor", "addressFamily", "factory"], look(
        "embedded.py (_listen)", "reactor.adoptStreamPort must take a listening socket."
    )


# autobahn


def test_autobahn_says_that_a_socket_is_closed_with_disconnected() -> None:
    from autobahn.exception import Disconnected
    from autobahn.websocket import protocol

    assert issubclass(Disconnected, Exception) and "raise Disconnected" in inspect.getsource(protocol), look(
        "body_spooling.py (_has_left)", "autobahn must raise Disconnected to who writes after the end."
    )


def test_autobahn_takes_the_limits_and_times_that_we_set() -> None:
    given = set(re.findall(r"^\s+(\w+)=self|^\s+(\w+)=True", inspect.getsource(embedded.EmbeddedServer), re.M))
    wanted = {name for pair in given for name in pair if name} - {"http_timeout"}
    known = set(takes(lazy_websockets.websocket_factory(None).setProtocolOptions))
    assert {"maxMessagePayloadSize", "allowNullOrigin"} <= wanted <= known, look(
        "embedded.py (ws_factory)", f"setProtocolOptions must take {sorted(wanted - known)}."
    )


# And nothing else


def test_every_private_name_that_we_use_has_its_test_here() -> None:
    used: dict[str, str] = {}
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            private = isinstance(node, ast.Attribute) and re.match(r"_[a-zA-Z]", node.attr)
            if private and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                used[node.attr] = path.name
    tested = Path(__file__).read_text(encoding="utf-8")
    missing = {name: file for name, file in used.items() if name not in tested}
    assert len(used) >= 8 and not missing, f"Private names without a test: {missing}"


def test_only_this_package_knows_daphne_and_twisted() -> None:
    libraries = {"daphne", "twisted", "autobahn"}
    wrong = [
        f"{module}, line {each.line}"
        for module in modules()
        for each in imports(module)
        if each.name.split(".")[0] in libraries and not module.startswith("queue_app.server.daphne")
    ]
    assert not wrong, f"These import Daphne, Twisted or autobahn themselves: {', '.join(wrong)}"
