"""From a request to a JobSpec: which function is meant, whether programs may call it, and what its inputs are.

`build_job` makes every job, whoever asks and by whichever endpoint; what differs between them are its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from auth_app.visitors import users
from blocks_app.addresses import root_of, url_of
from blocks_app.rendering.render_record import FIRST
from blocks_app.running.arguments import complete
from blocks_app.running.request import RequestInfo
from blocks_app.web.registry import revision
from queue_app.asgi_types import Scope
from queue_app.exceptions import Refusal, UnknownFunction
from queue_app.execution.engine import engine_of
from queue_app.execution.job import JobSpec
from queue_app.ids import new_id

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import Listener


class EventBody(msgspec.Struct):
    """What clients post to start an event. `data` has one item per input, or one per input that programs see."""

    data: list[Any]
    fn_index: int | None = None
    session_hash: str | None = None
    event_data: Any = None
    trigger_id: int | None = None
    simple_format: bool = False
    batched: bool = False


event_body = msgspec.json.Decoder(EventBody)


class Caller(Protocol):
    """Whoever asks, whatever the connection: for which app, as whom, and what the server says of the request."""

    @property
    def mount(self) -> Mount:
        """The app that is asked."""

    @property
    def identity(self) -> Identity:
        """Who asks."""

    @property
    def request_info(self) -> RequestInfo:
        """What functions may ask about the request, as plain data."""


@dataclass(frozen=True, slots=True)
class Submitter:
    """A caller without a connection: an operator who tries an event again, a simulated user."""

    mount: Mount
    identity: Identity
    request_info: RequestInfo


async def by_index(caller: Caller, index: int, session_hash: str | None, *, private: bool = False) -> Listener:
    """The function with this number, of the page or made by gr.render for this session.

    Raises UnknownFunction, also for a private one unless `private`, and NotYours for the session of another.
    """
    mount = caller.mount
    declared = mount.blocks.dependencies.get(index)
    found: Listener | None = declared if declared is not None and declared.fn is not None else None
    if declared is None and session_hash and index >= FIRST:
        found = await engine_of(mount).rendered(build_job(caller, index, [], session_hash))
    if found is None or (found.visibility == "private" and not private):
        raise UnknownFunction(f"There is no function number {index}.")
    return found


def by_name(mount: Mount, name: str) -> Dependency:
    """The function that programs call `name`; raises UnknownFunction, also for a private one."""
    for dependency in mount.blocks.dependencies.values():
        if dependency.api_name == name and dependency.fn is not None and dependency.visibility != "private":
            return dependency
    raise UnknownFunction(f"There is no endpoint /{name}.")


def request_info(scope: Scope) -> RequestInfo:
    """What the function may ask about the request, as plain data."""
    client, root = scope.get("client"), root_of(scope)
    return RequestInfo(
        headers=tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]),
        query_string=scope["query_string"].decode("latin-1"),
        client=(client[0], client[1]) if client else None,
        path=scope["path"],
        method=scope.get("method", "GET"),
        scheme=scope.get("scheme", "http"),
        root=root,
        url=url_of(scope, root),
        path_params=tuple(scope.get("blocks.path_params", {}).items()),
        language=scope.get("blocks.language", ""),
    )


def build_job(
    caller: Caller,
    listener: Listener | int,
    data: list[Any],
    session_hash: str,
    *,
    event_id: str | None = None,
    event_data: Any = None,
    trigger_id: int | None = None,
    simple_format: bool = False,
    channel: str = "",
    waited: float = 0.0,
) -> JobSpec:
    """One event as data, owned by whoever asks.

    Args:
        caller: who asks, and for which app.
        listener: what the event starts; its number alone where it has to be found yet.
        data: a wire value for each input, or for each that is part of the API.
        session_hash: the session whose State the function sees.
        event_id: 32 hex digits; made here unless they are given.
        event_data, trigger_id, simple_format, channel, waited: see `JobSpec`.
    """
    identity = caller.identity
    users.remember(identity)  # so that its function need not look for the user
    function = None
    if not isinstance(listener, int):
        data = complete(listener.inputs, data)
        function = listener.function
        listener = listener.id
    return JobSpec(
        event_id=event_id or new_id(),
        mount_key=caller.mount.key,
        fn=listener,
        data=data,
        session_hash=session_hash,
        identity_key=identity.key,
        username=identity.username,
        request=caller.request_info,
        event_data=event_data,
        trigger_id=trigger_id,
        simple_format=simple_format,
        channel=channel,
        waited=waited,
        function=function,
        version=revision(caller.mount),
    )


def job_of_body(
    caller: Caller,
    dependency: Listener,
    body: EventBody,
    session_hash: str,
    *,
    event_id: str | None = None,
    simple_format: bool = False,
    channel: str = "",
) -> JobSpec:
    """The event that a client has posted; see `build_job`."""
    return build_job(
        caller,
        dependency,
        body.data,
        session_hash,
        event_id=event_id,
        event_data=body.event_data,
        trigger_id=body.trigger_id,
        simple_format=simple_format,
        channel=channel,
    )


def positional(parameters: list[dict[str, Any]], arguments: dict[str, Any]) -> list[Any]:
    """Named arguments in the order of an endpoint's parameters, defaults filled in; raises Refusal with a sentence."""
    for name in arguments:
        if all(parameter["parameter_name"] != name for parameter in parameters):
            known = ", ".join(parameter["parameter_name"] for parameter in parameters) or "none"
            raise Refusal(400, f"Parameter `{name}` is not a valid key-word argument. The parameters are: {known}.")
    data = []
    for parameter in parameters:
        name = parameter["parameter_name"]
        if name not in arguments and not parameter["parameter_has_default"]:
            raise Refusal(400, f"No value provided for required argument: {name}")
        data.append(arguments[name] if name in arguments else parameter["parameter_default"])
    return data
