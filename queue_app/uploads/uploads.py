"""What stands before `upload`: nobody's body is read who may not upload, or who is over a limit already.

Django reads a request's body to its end before it asks a view. The gate answers first where an answer is clear, and
while the body comes it stops at the limit of the app. Daphne reads bodies even earlier: see `bodies`, which asks
`meter_of` as soon as it knows the headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied

from blocks_app.connections import released
from blocks_app.files import quotas
from blocks_app.files.filestore import default_store
from blocks_app.logs import quietly
from queue_app.access import throttling
from queue_app.exceptions import QueueError, Refusal, refusal_of
from queue_app.log_sentences import logger
from queue_app.uploads import body_limits, upload_progress
from queue_app.uploads.upload_meter import UploadMeter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Application, Receive, Scope, Send

log = logger("queue_app.uploads")


def meter_of(mount: Mount, headers: Iterable[tuple[bytes, bytes]], query: str) -> UploadMeter:
    """What counts one upload to an app."""
    headers = list(headers)
    kind = next((value for name, value in headers if name == b"content-type"), b"").decode("latin-1")
    key = upload_progress.key_of(parse_qs(query).get("upload_id", [""])[0], headers)
    meter = UploadMeter(
        kind,
        body_limits.length_of(headers),
        mount.options.max_file_size,
        upload_progress.begin(key) if key else None,
    )
    body_limits.refuse_packed(meter, headers)
    return meter


async def gate(django: Application, mount: Mount, scope: Scope, receive: Receive, send: Send) -> None:
    """Let Django answer a request to `upload`, unless it can be refused without its body."""
    if scope["method"] != "POST":
        await django(scope, receive, send)
        return
    meter = scope.get("blocks.body") or meter_of(mount, scope["headers"], scope["query_string"].decode("latin-1"))
    try:
        try:
            identity = await _admitted(mount, scope)
        except Exception:  # whatever it is, the endpoint meets it again, and says it
            identity = None
        if identity is None:
            await django(scope, _without_body(receive), send)  # the endpoint says why, and does not wait for the body
            return
        client = scope.get("client")
        payer = quotas.account_of(identity, client[0] if client else "")
        coming = meter.length or meter.came
        try:
            await throttling.spend(identity, scope)
            await _room_for(payer, coming)
        except QueueError as refusal:
            await _answer(send, refusal.status, str(refusal), getattr(refusal, "headers", ()))
            return
        except Exception as error:
            quietly(log.exception, "request.failed", extra={"path": scope["path"]})
            status, detail, *headers = refusal_of(error)
            await _answer(send, status, detail, headers)
            return
        with quotas.arriving(payer, coming):
            await body_limits.watched(django, meter, scope, Growing(receive, meter, payer), send)
    finally:
        meter.close()


async def _admitted(mount: Mount, scope: Scope) -> Any:
    try:
        return await mount.guard(scope)
    except PermissionDenied:
        return None


async def _room_for(payer: str, coming: int) -> None:
    """Raise Refusal when what is announced would go over the visitor's quota, or fill the disk."""

    def ask() -> tuple[int, str] | None:
        return quotas.problem_with(payer, coming, default_store())

    problem = await sync_to_async(released, thread_sensitive=False)(ask)
    if problem is not None:
        raise Refusal(*problem)


class Growing:
    """The body of an upload that does not say how long it is: whether there is room for it is asked as it grows."""

    def __init__(self, receive: Receive, meter: UploadMeter, payer: str) -> None:
        self._receive, self._meter, self._payer = receive, meter, payer
        self._asked = meter.came

    async def __call__(self) -> dict[str, Any]:
        """The next message of the client."""
        message = await self._receive()
        meter = self._meter
        if meter.length is None and meter.came - self._asked >= body_limits.LOOK:
            self._asked = meter.came
            try:
                await _room_for(self._payer, meter.came)
            except Refusal as refusal:
                meter.refuse(refusal.status, str(refusal))
        return message


def _without_body(receive: Receive) -> Receive:
    """What Django reads of a request whose body nobody will look at: nothing, and then that the client has left."""
    ended = False

    async def take() -> dict[str, Any]:
        nonlocal ended
        if not ended:
            ended = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] == "http.request":
            pass
        return message

    return take


async def _answer(send: Send, status: int, detail: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    await _send(send, status, b"application/json", orjson.dumps({"detail": detail}), headers)


async def _send(send: Send, status: int, kind: bytes, body: bytes, more: Iterable[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": body})
