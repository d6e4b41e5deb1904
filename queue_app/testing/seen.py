"""What can be seen on a simulated page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

#: The kind of a block that keeps a value on the server: it has none on the page.
STATE = "state"
#: Components that tell of every value that comes as a change, also of an equal one.
TELLS_ALL = frozenset(("json",))

Status = Literal["pending", "generating", "error"] | None


@dataclass(frozen=True, slots=True)
class Toast:
    """What popped up: `level` is info, warning, success or error."""

    level: str
    text: str
    title: str
    duration: float | None = None


@dataclass(eq=False, slots=True)
class Seen:
    """A block as the user sees it.

    Attributes:
        kind: its wire name.
        given: how many values the server has given it.
        history: these values.
        problem: what a validator said of its value.
    """

    kind: str
    props: dict[str, Any]
    value: Any = None
    history: list[Any] = field(default_factory=list)
    given: int = 0
    status: Status = None
    progress: list[dict[str, Any]] = field(default_factory=list)
    position: tuple[int, int] | None = None
    problem: str | None = None
