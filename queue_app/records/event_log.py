"""The event log: every state change, written behind by one thread, so that no event ever waits for the database.

`note` puts a change into a bounded queue and returns; the thread gathers what comes for a moment and writes it in one
transaction. What finds no room is dropped, counted and told in the log. A database that is away is tried again.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress

from django.db import DatabaseError, InterfaceError

from queue_app import conf, databases
from queue_app.ids import process_name
from queue_app.log_sentences import logger
from queue_app.records import open_rows
from queue_app.records.event_log_writer import write
from queue_app.records.event_models import Event as Row
from queue_app.records.failure_details import Details, KeptChange
from queue_app.shutdown.hooks import Hooks
from queue_app.signals import EndsKnown, JobChanged, SessionChanged, ends_known, job_changed, session_changed

log = logger("queue_app.ledger")

BATCH = 1_000  # changes written in one transaction
GATHER = 0.5  # seconds in which a batch gathers
PATIENCE = 30.0  # longest pause before a database that is away is tried again
STEPS_BACK = 3.0  # seconds for which a batch lets the site go first, where only one can write
CLOSING = 5.0  # seconds that the end of the process may wait for the last batch
LATE = 0.5  # the same when a flush has waited in vain just before


class EventLog:
    """What is to be written, and the thread that writes it. `dropped` counts the changes that never were."""

    def __init__(self, size: int | None = None, gather: float = GATHER, in_tests: bool = True) -> None:
        """Keep at most `size` changes waiting (BLOCKS_EVENT_LOG_SIZE when None); batches gather for `gather` seconds.

        Unless `in_tests`, nothing is written by a process that runs Django's tests.
        """
        self.size = conf.event_log_size() if size is None else size
        self.dropped = 0
        self.written = 0
        self.details = Details()
        self._gather = gather
        self._in_tests = in_tests
        self._place = ""  # the database that waiting changes belong to
        self._reported = 0
        self._notes: deque[JobChanged | SessionChanged] = deque()
        self._known: dict[str, EndsKnown] = {}
        self._busy = self._late = False
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self._idle = threading.Condition()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def __len__(self) -> int:
        return len(self._notes)

    @property
    def is_running(self) -> bool:
        """Whether its thread was needed so far."""
        return self._thread is not None

    def note(self, change: JobChanged) -> None:
        """A job has changed its state. Called on the server's loop: never waits, never raises."""
        if change.error is not None or change.data is not None:
            change = self.details.admit(change)
        self._put(change)

    def visit(self, change: SessionChanged) -> None:
        """Somebody began or ended reading a session."""
        self._put(change)

    def compare(self, known: EndsKnown) -> None:
        """An engine knows how events have ended: rows that are still open are looked up there, after what is noted."""
        if self._in_tests or not databases.in_tests():
            self._known[known.mount] = known
            self._begin()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until everything noted so far is written; False when that took too long."""
        self._hurry.set()
        self._wake.set()
        with self._idle:
            done = self._idle.wait_for(lambda: not (self._notes or self._busy or self._known), timeout)
        self._late = not done
        return done

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._closing.set()
        self._hurry.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LATE if self._late else CLOSING)

    def _put(self, note: JobChanged | SessionChanged) -> None:
        if not self._in_tests and databases.in_tests():
            return
        if (place := databases.place()) != self._place:
            self._notes.clear()
            self._place = place
        if len(self._notes) >= self.size:
            self.dropped += 1
            return
        self._notes.append(note)
        self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                thread = threading.Thread(target=self._run, name="blocks-event-log", daemon=True)
                with suppress(RuntimeError):  # Python ends already, and starts no more threads
                    thread.start()
                    self._thread = thread

    def _run(self) -> None:
        process, most_inputs = process_name(), conf.event_log_inputs()
        try:
            while True:
                self._wake.wait()
                if not self._closing.is_set():
                    self._hurry.wait(self._gather)
                self._hurry.clear()
                self._wake.clear()
                self._write_all(process, most_inputs)
                if self._closing.is_set():
                    return
        finally:
            databases.connection_of(Row).close()

    def _write_all(self, process: str, most_inputs: int) -> None:
        while self._notes:
            self._busy = True
            try:
                batch = [self._notes.popleft() for _ in range(min(BATCH, len(self._notes)))]
                self._write(batch, process, most_inputs)
                sizes = [note.size for note in batch if isinstance(note, KeptChange)]
                self.details.written(sum(sizes), len(sizes))
            except IndexError:  # the database was exchanged just now, and what waited is not meant for the new one
                pass
            finally:
                self._busy = False
        self._look()
        self._complete()
        databases.connection_of(Row).close()  # what comes next may be hours away
        if self.dropped > self._reported:
            log.warning("ledger.dropped", extra={"changes": self.dropped - self._reported, "size": self.size})
            self._reported = self.dropped
        with self._idle:
            self._idle.notify_all()

    def _look(self) -> None:
        """Let go of inputs and tracebacks that are too many."""
        if self._closing.is_set() or not self.details.is_due():
            return
        try:
            if let_go := self.details.look():
                log.info("ledger.let_go", extra={"events": let_go})
        except Exception as error:  # the next batch finds out what is wrong with the database
            log.warning("ledger.look_failed", extra={"error": str(error)})

    def _complete(self) -> None:
        """End the rows of events whose end nobody has written."""
        for mount, known in list(self._known.items()):
            try:
                if not self._closing.is_set() and (count := open_rows.complete(known)):
                    log.info("ledger.completed", extra={"events": count, "mount": mount})
            except Exception as error:  # it is offered again
                log.warning("ledger.look_failed", extra={"error": str(error)})
            self._known.pop(mount)

    def _write(self, batch: list[JobChanged | SessionChanged], process: str, most_inputs: int) -> None:
        """Write a batch; wait for a database that is away, and go note by note past what it refuses."""
        pause, connection = 1.0, databases.connection_of(Row)
        while databases.place() == self._place:
            try:
                connection.close_if_unusable_or_obsolete()
                write(batch, process, most_inputs, 0.0 if self._closing.is_set() else STEPS_BACK)
                self.written += len(batch)
                return
            except Exception as error:  # the thread must live on, whatever a row held
                connection.close()
                if not isinstance(error, DatabaseError | InterfaceError) or databases.is_refusal(error):
                    self._write_one_by_one(batch, process, most_inputs, error)
                    return
                lacks = databases.is_lack_of_tables(error)  # which is told in a sentence
                if self._closing.is_set():
                    self._lose(len(batch), "ledger.lost", None if lacks else error)
                    return
                if pause == 1.0 and not lacks:
                    log.warning("ledger.waits", extra={"error": str(error)})
                self._closing.wait(pause)
                pause = min(PATIENCE, pause * 2)

    def _write_one_by_one(
        self, batch: list[JobChanged | SessionChanged], process: str, most_inputs: int, error: Exception
    ) -> None:
        if len(batch) > 1:
            for note in batch:
                self._write([note], process, most_inputs)
            return
        try:
            write(batch, process, 0, plain=True)
        except Exception:
            self._lose(1, "ledger.refused", error)
        else:
            self.written += 1
            log.warning("ledger.plain", extra={"error": str(error)})

    def _lose(self, count: int, action: str, error: BaseException | None) -> None:
        self.dropped += count
        self._reported += count
        if error is not None:
            log.error(action, exc_info=error, extra={"changes": count})


_current: EventLog | None = None
_hooks = Hooks()


def current() -> EventLog | None:
    """The event log of this process; None where nothing is written."""
    return _current


def install(event_log: EventLog | None = None) -> EventLog:
    """Note every state change of this process from now on."""
    global _current
    uninstall()
    _current = event_log if event_log is not None else EventLog()  # an empty one is false
    _hooks.to_end(_current.flush, _current.close)
    _hooks.to_signal(job_changed, _current.note)
    _hooks.to_signal(session_changed, _current.visit)
    _hooks.to_signal(ends_known, _current.compare)
    return _current


def uninstall() -> None:
    """Note nothing any more; what is noted is written."""
    global _current
    _hooks.close()
    _current = None
