"""A program that shows an app to visitors of its own: each has a session there, and files come only from the app."""

from __future__ import annotations

import functools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Union

from blocks_client._core.files import Folder
from blocks_client._core.page_call import PageCall
from blocks_client._core.session import Session
from blocks_client._core.status import StatusUpdate
from blocks_client._drivers.thread_reader import Reader
from blocks_client._facade.client import Client
from blocks_client._facade.job import Job

#: Sessions that are remembered while nothing of theirs runs.
_IDLE = 1_000


class PageJob(Job):
    """An event under way."""

    def __init__(self, call: PageCall, stop: Callable[[Job], None]) -> None:
        self.changed: Callable[[], None] = _nothing
        self._page_call = call
        super().__init__(call, stop)

    def take(self) -> list[list[Any] | StatusUpdate]:
        """What has come since the last time: the values of all outputs, and what was said meanwhile."""
        waiting = self._page_call.untaken
        return [waiting.popleft() for _ in range(len(waiting))]

    @property
    def changed_states(self) -> list[int]:
        """Ids of the States that it has changed, once it is over."""
        return self._page_call.changed_states

    def _notify(self) -> None:
        super()._notify()
        self.changed()


class PageClient(Client):
    """An app as its own page uses it: for programs that show it to others.

        app = PageClient("http://127.0.0.1:7860", verbose=False)
        job = app.send(0, ["Ada"], session="visitor-1")
        job.result()  # the wire values of all outputs

    The arguments are those of Client; results stay on the server until `download` fetches a file of them.
    """

    def __init__(self, src: str, **options: Any) -> None:
        self._sessions: OrderedDict[str, tuple[Session, int]] = OrderedDict()
        self._sessions_lock = threading.Lock()
        super().__init__(src, **{"verbose": False, **options, "download_files": False})

    def send(
        self,
        fn_index: int,
        data: list[Any],
        *,
        session: str,
        event_data: Any = None,
        trigger_id: Union[int, None] = None,
    ) -> PageJob:
        """Send an event, in the background.

        Args:
            fn_index: the listener's number in the config.
            data: the wire value of each input, null for a State; files to upload are given with `handle_file`.
            session: whose event it is. Events of one session share its State on the server.
            event_data: what the event tells, for functions that ask.
            trigger_id: the component that it happened to.

        Raises ArgumentError for a listener that does not exist.
        """
        headers = self.add_zero_gpu_headers({}) if self.space_id else {}
        call = PageCall(self._app, fn_index, data, self._enter(session), event_data, trigger_id, headers)
        self._core.add(call)
        job = PageJob(call, self._cancelled)
        job.add_done_callback(lambda _: self._leave(session))
        self._pool.run(functools.partial(self._work, job))
        return job

    def withdraw(self, job: PageJob) -> None:
        """Cancel an event without waiting for the server to hear of it."""
        if not job.done():
            threading.Thread(target=job.cancel, name="blocks-client-cancel", daemon=True).start()

    def download(self, file: dict[str, Any], folder: Union[str, os.PathLike[str]]) -> str:
        """The path of a file of a result, fetched into a folder.

        Raises DownloadError for a file that is not the app's own: data may make nobody visit another host.
        """
        return self._driver.run(self._core.own_file(file, Folder(folder, keep=True)))

    def _enter(self, name: str) -> Session:
        with self._sessions_lock:
            session, users = self._sessions.pop(name, (None, 0))
            if session is None:
                session = self._session_named(name)
            self._sessions[name] = session, users + 1
            idle = [key for key, (_, busy) in self._sessions.items() if not busy]
            for key in idle[: max(0, len(idle) - _IDLE)]:
                del self._sessions[key]
            return session

    def _leave(self, name: str) -> None:
        with self._sessions_lock:
            session, users = self._sessions[name]
            self._sessions[name] = session, users - 1

    def _session_named(self, name: str) -> Session:
        session = self._new_session()
        session.hash = name
        return session

    def _new_session(self) -> Session:
        """Without a heartbeat: the server keeps what it keeps for programs, as long as it does."""
        session = Session(self._app, lambda: reader.wanted())
        reader = Reader(self._driver, self._core, session)
        self._readers.add(reader)
        return session


def _nothing() -> None:
    """Nobody listens."""
