"""The message bus between the processes of a site: rows in the database, read by one thread per process.

A process that has served a request looks once a second (`BLOCKS_MESSAGE_BUS_INTERVAL`) whether there is a message for
it: one indexed query, and none in a process that is alone without a database. With PostgreSQL or Redis it is woken when
there is one (`waking`). A message is handled once by each process that it is for, and not after it has expired. Whoever
waits for answers is woken by them and told who gave none. See docs/decisions/message-bus.md.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from blocks_app.threads.pool import Pool
from queue_app import conf
from queue_app.cluster.waking import Waker, waker_for
from queue_app.databases import connection_of, in_tests, is_lack_of_tables, rows, writing
from queue_app.ids import new_id, process_name
from queue_app.log_sentences import logger
from queue_app.records.message_models import Letter, Process
from queue_app.shutdown.hooks import Hooks

log = logger("queue_app.post")

LIFETIME = 60.0  # seconds in which a message is acted upon
ANSWER = "answer"
SEEN = 10.0  # seconds between two signs of life
GONE = 35.0  # seconds without one after which a process counts as gone
SWEEP = 60.0  # seconds between two looks for expired messages
FORGOTTEN = timedelta(days=1)  # after which a process that never said good-bye is struck off
OVERLAP = 15.0  # seconds in which a message with a lower number may still appear: its transaction took longer
HURRY = 0.1  # seconds between two looks while somebody waits for an answer, where nothing wakes this process
BREATH = 0.02  # seconds between two looks at least, however often this process is woken
LIVELY = 5.0  # seconds for which looks are as quick after a message to this process: more may follow
MOST = 1_000  # messages read at once
PATIENCE = 30.0  # longest pause before a database that is away is tried again
CLOSING = 3.0  # seconds that the end of the process may wait for the last messages
LATE = 0.5  # the same when it could not take its leave just before

#: Acts upon a message's body in the bus's thread: must be quick, and what it raises is logged.
Listener = Callable[[dict[str, Any]], None]
#: Does what a message asks for, in a thread where it may take its time; what it gives is the answer.
Worker = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class PendingAnswer:
    """A question to other processes: who was asked, and what those have said that have answered."""

    key: str
    of: tuple[str, ...]
    answers: dict[str, dict[str, Any]]
    changed: threading.Condition

    def wait(self, until: float) -> dict[str, dict[str, Any]]:
        """The answers by process: all of them, or those that came before `time.monotonic()` was `until`."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.answers) == len(self.of), max(0.0, until - time.monotonic()))
            return dict(self.answers)


class MessageBus:
    """The message bus of this process: what is to be sent, and the thread that sends and reads."""

    def __init__(self, interval: float | None = None, name: str = "", in_tests: bool = True) -> None:
        """Look every `interval` seconds (BLOCKS_MESSAGE_BUS_INTERVAL when None), as the process `name` (its real one by
        default).

        Unless `in_tests`, a process that runs Django's tests neither sends nor reads.
        """
        self.interval = conf.message_bus_interval() if interval is None else interval
        self._name = name
        self._in_tests = in_tests
        self.listeners: dict[str, Listener] = {}
        self.workers: dict[str, Worker] = {}
        self.gatherers: list[Callable[[], tuple[str, dict[str, Any]] | None]] = []  # give a message to all, or None
        self.looks: list[Callable[[], None]] = []  # called at each look; both in the bus's thread
        self._outgoing: deque[Letter] = deque()
        self._asked: dict[str, PendingAnswer] = {}
        self._handled: dict[int, float] = {}
        self._floor = 0
        self._reads = False
        self._known_as = 0.0  # when this process last gave a sign of life; 0 never
        self._swept = 0.0
        self._lively = 0.0  # until when
        self._looked = 0.0
        self._waker: Waker | None = None  # of the thread
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._leaves = self._late = False
        self._left = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._pool: Pool | None = None

    @property
    def name(self) -> str:
        """How messages name this process; asked for each time, as servers fork."""
        return self._name or process_name()

    @property
    def is_running(self) -> bool:
        """Whether its thread was needed so far."""
        return self._thread is not None

    @property
    def is_woken(self) -> bool:
        """Whether other processes are known to wake this one."""
        return self._waker is not None and self._waker.hears

    @property
    def asked(self) -> int:
        """How many questions wait for answers."""
        return len(self._asked)

    @property
    def remembered(self) -> int:
        """How many messages it knows to be handled already."""
        return len(self._handled)

    @property
    def _takes_part(self) -> bool:
        return self._in_tests or not in_tests()

    def begin(self) -> None:
        """This process serves: let the others know at once, and read messages from now on."""
        if not self._reads and self._takes_part:
            self._reads = True
            self.wake()

    def send(self, kind: str, body: dict[str, Any], to: str = "", lifetime: float = LIFETIME, key: str = "") -> None:
        """Send a message to one process, or to all others. Any thread; never waits, never raises."""
        if not self._takes_part:
            return
        expires = timezone.now() + timedelta(seconds=lifetime)
        text = orjson.dumps(body).decode()
        self._outgoing.append(
            Letter(key=key or new_id(), sender=self.name, receiver=to, kind=kind, body=text, expires=expires)
        )
        self.wake()

    def wake(self) -> None:
        """There is something to send, or to read. Any thread."""
        if self._takes_part:
            self._start()
            self._wake.set()

    def ask(self, kind: str, body: dict[str, Any], to: Iterable[str], lifetime: float = LIFETIME) -> PendingAnswer:
        """Ask some processes for something; see PendingAnswer.wait. Forget it with `forget`."""
        asked = PendingAnswer(new_id(), tuple(to), {}, threading.Condition())
        if asked.of:
            self._asked[asked.key] = asked
            for name in asked.of:
                self.send(kind, body, name, lifetime, asked.key)
        return asked

    def forget(self, asked: PendingAnswer) -> None:
        """Nobody waits for its answers any more."""
        self._asked.pop(asked.key, None)

    def leave(self, timeout: float) -> bool:
        """This process serves no more, until it begins again: send what is left and say good-bye; False when late."""
        if self._thread is None:
            return True
        self._left.clear()
        self._leaves = True
        self._wake.set()
        self._late = not self._left.wait(timeout)
        return not self._late

    def close(self) -> None:
        """Send what is left, say good-bye and end the thread."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LATE if self._late else CLOSING)
        if self._waker is not None:
            self._waker.close()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    # In the bus's thread

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="blocks-message-bus", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = 0.0
        try:
            self._waker = self._choose_waker()
            while not self._closing.is_set():
                self.wait(pause)
                pause = self.poll(pause)
            self.poll()
            self._say_good_bye()
        except (DatabaseError, InterfaceError) as error:
            log.info("post.closed", extra={"error": str(error)})
        finally:
            connection_of(Letter).close()

    def _choose_waker(self) -> Waker | None:
        try:
            return waker_for(self._wake.set, lambda: self.name)
        except Exception:  # a database that is not set up as it should be; each look will say so
            log.exception("post.failed")
            return None

    def wait(self, pause: float = 0.0) -> None:
        """Wait until it is time for the next look: `pause` seconds when the database is away."""
        if pause:
            self._closing.wait(pause)
        elif (self._asked or time.monotonic() < self._lively) and not self.is_woken:
            self._wake.wait(HURRY)
        else:
            self._wake.wait(min(self.interval, SEEN) if self._reads or self._asked else None)
            self._closing.wait(max(0.0, self._looked + BREATH - time.monotonic()))
        self._wake.clear()
        self._looked = time.monotonic()

    def poll(self, pause: float = 0.0) -> float:
        """Look once: send, read, give a sign of life. The seconds until the next try when the database is away."""
        try:
            self._send_all()
            if self._reads or self._asked:
                if self._waker is not None:
                    self._waker.listen()
                self._read()
                self._give_sign()
            if self._leaves:
                self._say_good_bye()
        except (DatabaseError, InterfaceError) as error:
            connection_of(Letter).close()
            if not is_lack_of_tables(error) and not pause:
                log.warning("post.waits", extra={"error": str(error)})
            return min(PATIENCE, max(1.0, 2 * pause))
        except Exception:  # the thread must live on
            log.exception("post.failed")
        return 0.0

    def _say_good_bye(self) -> None:
        self._reads = self._leaves = False
        if self._known_as:
            with writing(Process, 1.0):
                rows(Process).filter(name=self.name).delete()
            self._known_as = 0.0
        self._left.set()

    def _send_all(self) -> None:
        for gather in self.gatherers:
            if (gathered := gather()) is not None:
                self.send(*gathered)
        while self._outgoing:
            batch = [self._outgoing[number] for number in range(min(MOST, len(self._outgoing)))]
            with writing(Letter):
                rows(Letter).bulk_create(batch)
            for _ in batch:
                self._outgoing.popleft()
            self._notify(message.receiver for message in batch)

    def _notify(self, receivers: Iterable[str]) -> None:
        if self._waker is not None:
            self._waker.notify(receivers)

    def _read(self) -> None:
        moment = timezone.now()
        found = rows(Letter).filter(receiver__in=("", self.name), expires__gt=moment, id__gt=self._floor)
        for message in found.exclude(sender=self.name).order_by("id")[:MOST]:
            if message.pk not in self._handled:
                self._handled[message.pk] = now = time.monotonic()
                self._lively = now + LIVELY if message.receiver else self._lively
                self._handle(message)
        self._forget_old()

    def _forget_old(self) -> None:
        """What was handled long ago need not be read again: no message with a lower number can still appear."""
        old = time.monotonic() - OVERLAP
        for number, when in list(self._handled.items()):
            if when < old:
                del self._handled[number]
                self._floor = max(self._floor, number)

    def _handle(self, message: Letter) -> None:
        try:
            body = orjson.loads(message.body)
            if message.kind == ANSWER:
                self._take_answer(message, body)
            elif message.kind in self.listeners:
                self.listeners[message.kind](body)
            elif message.kind in self.workers:
                self._workshop().submit(self._work, self.workers[message.kind], message, body)
            else:  # an older or newer version of this program runs beside us
                log.warning("post.unknown", extra={"kind": message.kind, "sender": message.sender})
        except Exception:
            log.exception("post.refused", extra={"kind": message.kind, "sender": message.sender})

    def _take_answer(self, message: Letter, body: dict[str, Any]) -> None:
        asked = self._asked.get(message.key)
        if asked is not None and message.sender in asked.of:
            with asked.changed:
                asked.answers[message.sender] = body
                asked.changed.notify_all()

    def _workshop(self) -> Pool:
        if self._pool is None:
            self._pool = Pool(1, "blocks-message-bus-work")
        return self._pool

    def _work(self, work: Worker, message: Letter, body: dict[str, Any]) -> None:
        try:
            answer = work({**body, "key": message.key})
        except Exception as error:
            log.exception("post.refused", extra={"kind": message.kind, "sender": message.sender})
            answer = {"done": False, "outcome": f"{type(error).__name__}: {error}"}
        finally:
            connection_of(Letter).close()
        self.send(ANSWER, answer, message.sender, key=message.key)

    def _give_sign(self) -> None:
        for look in self.looks:
            look()
        now = time.monotonic()
        if self._reads and (not self._known_as or now - self._known_as > SEEN):
            moment = timezone.now()
            fresh = {"started": moment, "report": "", "reported": None} if not self._known_as else {}
            with writing(Process):
                rows(Process).update_or_create(name=self.name, defaults={"seen": moment, **fresh})
            self._known_as = now
            self._notify([self.name])
        elif self._waker is not None and self._waker.listens and not self._waker.hears:
            self._notify([self.name])
        if now - self._swept > SWEEP:
            self._swept = now
            with writing(Letter):
                rows(Letter).filter(expires__lt=timezone.now()).delete()
                rows(Process).filter(seen__lt=timezone.now() - FORGOTTEN).delete()


def present() -> list[Process]:
    """The processes of the site that have given a sign of life lately, by name."""
    return list(rows(Process).filter(seen__gt=timezone.now() - timedelta(seconds=GONE)).order_by("name"))


_bus: MessageBus | None = None
_hooks = Hooks()


def current() -> MessageBus | None:
    """The message bus of this process; None where there is none."""
    return _bus


def install(bus: MessageBus | None = None) -> MessageBus:
    """Take part from now on."""
    global _bus
    uninstall()
    _bus = bus or MessageBus()
    _hooks.to_end(_bus.leave, _bus.close)
    return _bus


def uninstall() -> None:
    """Take no part any more; what is to be sent is sent."""
    global _bus
    _hooks.close()
    _bus = None
