"""Every message on the wire, both directions: the single source of truth.

The server's messages are those of Gradio's event stream (field names, order and defaults as its clients read them);
the browser's are ours. `manage.py blocks_types` writes the TypeScript twins from these structs.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from blocks_app import jsonable

#: Bits of an `app_id`. Fifteen digits at most: a text with longer numbers is one that JavaScript cannot read as it is,
#: and pages would go through each letter of their config.
APP_ID_BITS = 48


class Message(msgspec.Struct, tag_field="msg", kw_only=True, frozen=True):
    """A message of the server about one event; `msg` names its kind."""

    event_id: str | None = None


class Estimation(Message, tag="estimation", kw_only=True, frozen=True):
    """Where a waiting event stands: 0-based rank in its group, seconds until its answer (None while unknown).

    `paused` is there, and true, while an operator lets nothing of the group start.
    """

    rank: int
    queue_size: int
    rank_eta: float | None = None
    paused: bool | msgspec.UnsetType = msgspec.UNSET


class ProcessStarts(Message, tag="process_starts", kw_only=True, frozen=True):
    """The event runs now; `eta` is the mean run time in seconds."""

    eta: float | None = None


class ProgressUnit(msgspec.Struct, frozen=True):
    """One bar: `index` of `length` `unit`s, or a share `progress` between 0 and 1."""

    index: float | None = None
    length: float | None = None
    unit: str | None = None
    progress: float | None = None
    desc: str | None = None


class ProgressMessage(Message, tag="progress", kw_only=True, frozen=True):
    """How far a running function is; nested loops give several units."""

    progress_data: list[ProgressUnit]


class Log(Message, tag="log", kw_only=True, frozen=True):
    """A toast from a running function."""

    log: str
    level: Literal["info", "warning", "success", "error"]
    duration: float | None = 10
    visible: bool = True
    title: str = "Info"


class Output(msgspec.Struct, kw_only=True, frozen=True):
    """The values of one step, one per output; edits against the last step when the stream carries differences."""

    data: Any
    is_generating: bool | None = False
    duration: float | None = None
    average_duration: float | None = None
    render_config: Any = None
    changed_state_ids: list[int] = []
    used_cache: Literal["full", "partial"] | None = None


class ErrorOutput(msgspec.Struct, kw_only=True, frozen=True):
    """Why an event failed. Gradio's Python client refuses any key beyond these."""

    error: str | None
    duration: float | None = 10
    visible: bool = True
    title: str = "Error"


class ProcessGenerating(Message, tag="process_generating", kw_only=True, frozen=True):
    """A value yielded on the way: complete the first time, then differences."""

    output: Output
    success: bool = True
    time_limit: float | None = None


class ProcessCompleted(Message, tag="process_completed", kw_only=True, frozen=True):
    """The end of an event: its complete last values, or why it failed. Sent exactly once."""

    output: Output | ErrorOutput
    success: bool
    title: str | None = None
    used_cache: Literal["full", "partial"] | None = None
    cache_duration: float | None = None
    avg_time: float | None = None


class Heartbeat(Message, tag="heartbeat", kw_only=True, frozen=True):
    """Keeps a quiet stream alive."""


class UnexpectedError(Message, tag="unexpected_error", kw_only=True, frozen=True):
    """The stream itself failed."""

    message: str
    session_not_found: bool = False
    success: bool = False


class CloseStream(Message, tag="close_stream", kw_only=True, frozen=True):
    """Nothing is pending any more; the reader closes."""


ServerMessage = (
    Estimation
    | ProcessStarts
    | ProgressMessage
    | Log
    | ProcessGenerating
    | ProcessCompleted
    | Heartbeat
    | UnexpectedError
    | CloseStream
)


# What the browser sends over its WebSocket.


class Submit(msgspec.Struct, tag_field="type", tag="submit", frozen=True):
    """Start an event. `event_id` is made by the browser, so that sending it again after a reconnect is harmless.

    `waited` are the milliseconds from the click until this was sent, measured by the page; for figures only.
    """

    event_id: str
    fn_index: int
    data: list[Any]
    event_data: Any = None
    trigger_id: int | None = None
    waited: float = 0


class Cancel(msgspec.Struct, tag_field="type", tag="cancel", frozen=True):
    """Stop one event of this session, waiting or running."""

    event_id: str


class Ack(msgspec.Struct, tag_field="type", tag="ack", frozen=True):
    """Everything up to `number` has been applied and may be forgotten."""

    number: int


class Ping(msgspec.Struct, tag_field="type", tag="ping", frozen=True):
    """Is anybody there?"""


class Part(msgspec.Struct, tag_field="type", tag="part", frozen=True):
    """A part of a frame that is too long for one message: servers limit those, many at 1 MiB.

    `event_id` is that of the frame; `index` counts its parts from 0; after the last one there is no `more`. Each but
    the last is answered by Taken, so that a page keeps only a few of them under way. `length` are the characters of
    the whole frame, so that one too long is refused at once.
    """

    event_id: str
    index: int
    text: str
    more: bool
    length: int = 0


ClientFrame = Submit | Cancel | Ack | Ping | Part


# What the server answers over the WebSocket, around the numbered messages.


class Welcome(msgspec.Struct, tag_field="type", tag="welcome", kw_only=True, frozen=True):
    """First frame: the last number given out so far and the events that are still open.

    `revision` tells a page of another source, `running` for how many seconds events run, `keeps_state` whether gr.State
    outlives the server's process; `fn_index` is that of the event that a page only watches. `life` counts the sessions
    of the process: another number than before tells that the session of this name was forgotten in between. `holds` is
    false for a page that comes back with what it showed when nothing is kept of its session any more.
    """

    session_hash: str
    app_id: int
    revision: str
    number: int
    pending: list[str]
    running: dict[str, float] = {}
    keeps_state: bool = False
    fn_index: int | None = None
    life: int = 0
    holds: bool = True


class Accepted(msgspec.Struct, tag_field="type", tag="accepted", frozen=True):
    """The event is in the queue (or was already)."""

    event_id: str


class Refused(msgspec.Struct, tag_field="type", tag="refused", frozen=True):
    """The event was not taken: an HTTP status and a sentence."""

    event_id: str | None
    status: int
    detail: str


class Taken(msgspec.Struct, tag_field="type", tag="taken", frozen=True):
    """A part of a long frame has arrived, and the next may come."""

    event_id: str
    index: int


class Piece(msgspec.Struct, tag_field="type", tag="piece", frozen=True):
    """A piece of a frame of the server that is too long for one message; they come in order, the last has no `more`."""

    text: str
    more: bool


class Pong(msgspec.Struct, tag_field="type", tag="pong", frozen=True):
    """Here."""


class Replaced(msgspec.Struct, tag_field="type", tag="replaced", frozen=True):
    """A newer reader of this session took over; do not reconnect."""


ServerFrame = Welcome | Accepted | Refused | Taken | Piece | Pong | Replaced

_encoder = msgspec.json.Encoder(enc_hook=jsonable.plain)
_LINE_BREAKS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"), (b"\xc2\x85", b"\\u0085"))


def payload(value: Any) -> msgspec.Raw:
    """Encode the values of an output once; see `jsonable` for what becomes of what."""
    return msgspec.Raw(jsonable.dumps(value))


def encode(message: msgspec.Struct) -> bytes:
    """One line of JSON that no client's line splitter can break (U+2028, U+2029 and U+0085 are escaped)."""
    text = _encoder.encode(message)
    if not text.isascii():
        for raw, escaped in _LINE_BREAKS:
            if raw in text:
                text = text.replace(raw, escaped)
    return text
