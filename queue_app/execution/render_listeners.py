"""Which listener an event means: one of the page, or one that gr.render has made for the event's session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auth_app.identity import Identity
from auth_app.visitors import users
from blocks_app.rendering.render_record import FIRST, PART
from blocks_app.rendering.render_runs import OutOfDateError, build_again
from blocks_app.running.call import Call
from blocks_app.running.failures import Failure
from blocks_app.running.request import Request
from blocks_app.web.registry import revision
from queue_app.exceptions import AppChanged, UnknownFunction
from queue_app.execution.job import InputView, ListenerView
from queue_app.scheduling.scheduler import Declared
from queue_app.sessions.session_hash import logged

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec
    from queue_app.execution.runtime import Runtime
    from queue_app.execution.worker import RunningJob
    from queue_app.sessions.directory import LiveSession


def declared(dependency: Dependency, session_hash: str = "") -> Declared:
    """What a listener says about its place in the queue; one of a part of the page, with the session that has it."""
    key, mates = dependency.concurrency_key, dependency.batch_key
    if dependency.function is not None and dependency.function.scope.startswith(PART):
        key = key if dependency.concurrency_id is not None else (session_hash, key)
        mates = session_hash, mates
    return Declared(
        dependency.id,
        key,
        dependency.concurrency_limit,
        dependency.max_batch_size if dependency.batch else 1,
        mates,
        dependency.priority,
        dependency.info is not None and dependency.info.is_personal,
    )


def declared_by(blocks: DeclaredPage) -> list[Declared]:
    """The same for all listeners of a page."""
    return [declared(each) for each in blocks.dependencies.values() if each.fn is not None]


def listener_of(engine: Runtime, job: JobSpec) -> Dependency | None:
    """The listener of an event that was let in; None when there is none (any more)."""
    found = engine.blocks.dependencies.get(job.fn)
    if found is None and job.fn >= FIRST:
        session = engine.sessions.owned(job.session_hash, job.identity_key)
        found = _built(session, job.fn) if session is not None else None
    return found


def listener_meant(engine: Runtime, job: JobSpec) -> Dependency:
    """The same, when it is what the job was made for.

    Raises:
        UnknownFunction: there is none.
        AppChanged: the number means another function here, or the job is for another version of the app.
    """
    found = listener_of(engine, job)
    if found is None or found.fn is None:
        raise UnknownFunction(f"There is no function number {job.fn}.")
    if job.version and job.version != revision(engine.mount):
        raise AppChanged
    if job.function is not None and found.function is not None and job.function.name != found.function.name:
        raise AppChanged
    return found


async def rendered(engine: Runtime, job: JobSpec) -> ListenerView:
    """The listener that gr.render has made under the job's number for its session; the job itself is not started.

    Where another process has made it, or it was put away meanwhile, its part is built again from what is kept.

    Raises:
        UnknownFunction: the session has no such listener.
        NotYours: the session is another's.
    """
    session = engine.sessions.own(job.session_hash, job.identity_key)
    await engine.store.load(session, None)
    found = _built(session, job.fn)
    if found is None and session.has_state and session.state.renders is not None:
        anything = next(iter(engine.blocks.dependencies.values()))
        user = users.of_key(job.identity_key, job.username)
        request = Request(job.request, job.username, job.session_hash, user) if job.request is not None else None
        call = Call(anything, [], session.state, request, files=engine.files_of(job))
        try:
            await build_again(engine.blocks, call, job.fn, engine.threads)
        except Failure as failure:
            if type(failure.error) is not OutOfDateError:
                ids = {"session": logged(session.hash), "mount": job.mount_key, "fn": job.fn}
                await engine.failing.logged(failure, "render.failed", [ids])
            raise UnknownFunction(str(OutOfDateError())) from None
        found = _built(session, job.fn)
    if found is None or found.fn is None:
        raise UnknownFunction(str(OutOfDateError()))
    return await view_of(engine.mount, found, job.identity_key, job.username)


def orphans(engine: Runtime, job: JobSpec) -> list[RunningJob]:
    """The events of a job's session that repeat as long as the page is open, but whose part stands there no more."""
    session = engine.sessions.owned(job.session_hash, job.identity_key)
    if session is None:
        return []
    renders = session.state.renders if session.has_state else None
    found = [engine.events[each] for each in session.endless if each in engine.events]
    return [each for each in found if each.job.fn >= FIRST and not (renders is not None and renders.has(each.job.fn))]


def _built(session: LiveSession, number: int) -> Dependency | None:
    renders = session.state.renders if session.has_state else None
    return renders.find(number) if renders is not None else None


async def view_of(mount: Mount, listener: Dependency, identity_key: str | None, username: str | None) -> ListenerView:
    """A listener of this process as this visitor may see it."""
    return ListenerView(
        listener.id,
        listener.name,
        tuple(InputView(each.skip_api) for each in listener.inputs),
        listener.queue,
        listener.visibility,
        listener.function,
        listener.has_first_look,
        await permits(mount, listener, identity_key, username),
    )


async def permits(mount: Mount, listener: Dependency, identity_key: str | None, username: str | None) -> bool:
    """Whether a visitor who is known by key and name may start a listener."""
    if listener.permission is None:
        return True
    identity = Identity(identity_key or "", username, users.of_key(identity_key, username))
    return await mount.guard.allows(identity, listener.permission)
