"""Turns: direct calls of programs wait for a slot of their function, fairly, as the events of pages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from queue_app.exceptions import QueueStopped
from queue_app.execution.job import Job
from queue_app.execution.render_listeners import declared

if TYPE_CHECKING:
    from queue_app.execution.runtime import Runtime
    from queue_app.execution.worker import Direct


class Turns:
    """The direct calls that wait in one app's lanes. The request that made one waits for its answer meanwhile."""

    def __init__(self, engine: Runtime) -> None:
        self._engine = engine
        self._waiting: set[Direct] = set()

    async def take(self, direct: Direct, counted: bool) -> None:
        """Return when it may run: at once, or `counted` when there is a slot of its function."""
        if not counted:
            self._engine.lanes.admit(direct)
            return
        if direct.dependency.rendered_in is not None:
            direct.declared = declared(direct.dependency, direct.job.session_hash)
        await self._wait(direct)

    async def _wait(self, direct: Direct) -> None:
        """Return when a slot was taken for it. Who gives up meanwhile leaves the lane, or gives the slot back.

        Raises:
            QueueFull, QueueDraining: nothing more may wait.
            QueueStopped: the app is closed, or the visitor may not go on.
        """
        engine = self._engine
        turn = direct.turn_came = engine.loop.create_future()
        engine.lanes.join(direct)
        self._waiting.add(direct)
        try:
            engine.reopen()
            await turn
        except BaseException:
            if engine.lanes.cancel(direct):
                engine.left_waiting(direct.lane)
            elif turn.done() and not turn.cancelled() and turn.exception() is None:  # its turn came just before
                engine.release(direct.lane, entries=(direct,))
            raise
        finally:
            self._waiting.discard(direct)

    def begin(self, direct: Direct) -> None:
        """A slot was taken for it."""
        assert direct.turn_came is not None
        if direct.turn_came.done():  # nobody waits for it any more, and its task will hear of that next
            self._engine.release(direct.lane, entries=(direct,))
        else:
            direct.turn_came.set_result(None)

    def drop(self, chosen: Callable[[Job], bool]) -> None:
        """End the waiting of these."""
        for direct in [each for each in self._waiting if chosen(each.job)]:
            if direct.turn_came is not None and not direct.turn_came.done():
                direct.turn_came.set_exception(QueueStopped())
