"""What is known of a job while it runs."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class Status(Enum):
    """Where a job is; ordered by `<` as it usually goes (LOG has no place in the order)."""

    STARTING = "STARTING"
    JOINING_QUEUE = "JOINING_QUEUE"
    QUEUE_FULL = "QUEUE_FULL"
    IN_QUEUE = "IN_QUEUE"
    SENDING_DATA = "SENDING_DATA"
    PROCESSING = "PROCESSING"
    PROGRESS = "PROGRESS"
    LOG = "LOG"
    ITERATING = "ITERATING"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"

    def __lt__(self, other: Status) -> bool:
        return _ORDER.index(self) < _ORDER.index(other)

    @staticmethod
    def msg_to_status(msg: str) -> Status:
        """The status that a message of the server stands for; KeyError for one that stands for none."""
        return _OF_MESSAGE[msg]


_ORDER = [status for status in Status if status is not Status.LOG] + [Status.LOG]
_OF_MESSAGE = {
    "send_hash": Status.JOINING_QUEUE,
    "queue_full": Status.QUEUE_FULL,
    "estimation": Status.IN_QUEUE,
    "send_data": Status.SENDING_DATA,
    "process_starts": Status.PROCESSING,
    "process_generating": Status.ITERATING,
    "process_streaming": Status.ITERATING,
    "process_completed": Status.FINISHED,
    "progress": Status.PROGRESS,
    "log": Status.LOG,
}


class _Record:
    """Attributes that are compared and shown. Not a dataclass: loading those takes as long as all the rest here."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment] # they can be changed


class ProgressUnit(_Record):
    """One bar of progress: step `index` of `length`, or a share `progress` from 0 to 1."""

    def __init__(
        self, index: int | None, length: int | None, unit: str | None, progress: float | None, desc: str | None
    ) -> None:
        self.index = index
        self.length = length
        self.unit = unit
        self.progress = progress
        self.desc = desc

    @classmethod
    def from_msg(cls, data: list[dict[str, Any]]) -> list[ProgressUnit]:
        """From the wire."""
        names = ("index", "length", "unit", "progress", "desc")
        return [cls(**{name: unit.get(name) for name in names}) for unit in data]


class StatusUpdate(_Record):
    """The newest that is known of a job.

    Attributes:
        code: where it is.
        rank: how many events are before it.
        queue_size: how many wait.
        eta: seconds until the result, if the server has an estimate.
        success: whether it went well, once it is over.
        time: when the message came.
        progress_data: the bars of progress.
        log: `(text, level)` of a message of the app.
    """

    def __init__(
        self,
        code: Status,
        rank: int | None,
        queue_size: int | None,
        eta: float | None,
        success: bool | None,
        time: datetime | None,
        progress_data: list[ProgressUnit] | None,
        log: tuple[str, str] | None = None,
        type: str = "status",
    ) -> None:
        self.code = code
        self.rank = rank
        self.queue_size = queue_size
        self.eta = eta
        self.success = success
        self.time = time
        self.progress_data = progress_data
        self.log = log
        self.type = type

    @classmethod
    def of(cls, message: dict[str, Any]) -> StatusUpdate:
        """From a message on the wire; KeyError for one of an unknown kind."""
        log = None
        if message["msg"] == "log":
            log = (str(message.get("log")), str(message.get("level", "info")))
        bars = message.get("progress_data")
        return cls(
            code=_OF_MESSAGE[message["msg"]],
            rank=message.get("rank"),
            queue_size=message.get("queue_size"),
            eta=message.get("rank_eta"),
            success=message.get("success"),
            time=_now(),
            progress_data=ProgressUnit.from_msg(bars) if bars else None,
            log=log,
        )

    @classmethod
    def over(cls, code: Status, success: bool) -> StatusUpdate:
        """Of a job that has ended."""
        return cls(code, 0, None, None, success, None, None)

    @classmethod
    def starting(cls) -> StatusUpdate:
        """Of a job of which the server knows nothing yet."""
        return cls(Status.STARTING, None, None, None, None, _now(), None)


def _now() -> datetime:
    from datetime import datetime  # here, so that importing the package is quick

    return datetime.now()
