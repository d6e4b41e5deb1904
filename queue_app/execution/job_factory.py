"""From a request to a Job: which function is meant, whether programs may call it, and what its inputs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from blocks_app.addresses import root_of, url_of
from blocks_app.rendering.render_record import FIRST
from blocks_app.running.request import RequestInfo
from queue_app.asgi_types import Scope
from queue_app.exceptions import UnknownFunction
from queue_app.execution.engine import engine_of
from queue_app.execution.job import Job
from queue_app.ids import new_id

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount


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


async def by_index(caller: Caller, index: int, session_hash: str | None, *, private: bool = False) -> Dependency:
    """The function with this number, of the page or made by gr.render for this session.

    Raises UnknownFunction, also for a private one unless `private`, and NotYours for the session of another.
    """
    mount, identity = caller.mount, caller.identity
    dependency = mount.blocks.dependencies.get(index)
    if dependency is None and session_hash and index >= FIRST:
        info = caller.request_info
        job = Job(
            "", mount.key, index, [], session_hash, identity.key, identity.username, request=info, user=identity.user
        )
        dependency = await engine_of(mount).rendered(job)
    if dependency is None or dependency.fn is None or (dependency.visibility == "private" and not private):
        raise UnknownFunction(f"There is no function number {index}.")
    return dependency


def by_name(mount: Mount, name: str) -> Dependency:
    """The function that programs call `name`; raises UnknownFunction, also for a private one."""
    for dependency in mount.blocks.dependencies.values():
        if dependency.api_name == name and dependency.fn is not None and dependency.visibility != "private":
            return dependency
    raise UnknownFunction(f"There is no endpoint /{name}.")


def all_inputs(dependency: Dependency, data: list[Any]) -> list[Any]:
    """`data` with a null for each input that programs do not see (State), when it has only the others.

    Surplus values are dropped; a list that is too short stays so, and the run fails with a sentence.
    """
    inputs = dependency.inputs
    if len(data) >= len(inputs):
        return data[: len(inputs)]
    hidden = [component.skip_api for component in inputs]
    if len(data) != hidden.count(False):
        return data
    given = iter(data)
    return [None if skip else next(given) for skip in hidden]


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


def job_of(caller: Caller, dependency: Dependency, body: EventBody, session_hash: str, **more: Any) -> Job:
    """The event as data, owned by whoever asks; `more` are other fields of Job."""
    identity = caller.identity
    return Job(
        event_id=more.pop("event_id", None) or new_id(),
        mount_key=caller.mount.key,
        fn=dependency.id,
        data=all_inputs(dependency, body.data),
        session_hash=session_hash,
        identity_key=identity.key,
        username=identity.username,
        user=identity.user,
        request=caller.request_info,
        event_data=body.event_data,
        trigger_id=body.trigger_id,
        **more,
    )
