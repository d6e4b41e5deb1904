"""What gr.render has built for one session: run such a function, find what it made, build it again from its record."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from msgspec import Raw

from blocks_app.exceptions import BlocksError, CallError
from blocks_app.functions.kinds import dismiss, is_unfinished, waited_for
from blocks_app.logs import logger, quietly
from blocks_app.page.assets import block_assets
from blocks_app.page.config import component_config, dependency_config, layout_config
from blocks_app.rendering.render_record import FIRST, Record, SubTree
from blocks_app.running.arguments import arguments
from blocks_app.running.call import Call, Step
from blocks_app.running.encoding import Encoded, encode
from blocks_app.running.execute_once import once_in_thread
from blocks_app.running.notifications import Report
from blocks_app.tree import context
from blocks_app.tree.component import Component
from blocks_app.tree.context import RenderNumber

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.state import SessionState
    from blocks_app.threads.call_threads import Threads
    from blocks_app.tree.block import Block

log = logger("blocks_app.rendered")


class OutOfDateError(BlocksError):
    """This part of the page is out of date. Please reload the page."""


class Renders:
    """The parts of one session. Their records say how to build them; the trees may be put away and built again.

    Attributes:
        counters: how many numbers each space has given out.
        records: by `render_id`.
        trees: by `render_id`; one that is missing is built again when it is needed.
        lock: held while a part is built, so that two runs never take the same numbers.
    """

    def __init__(self) -> None:
        self.counters: dict[int, int] = {}
        self.records: dict[int, Record] = {}
        self.trees: dict[int, SubTree] = {}
        self.lock = threading.RLock()
        self._earlier: dict[int, list[SubTree]] = {}

    def find(self, number: int) -> Dependency | None:
        """The listener with this number, if its part is built."""
        for tree in self._all():
            if number in tree.dependencies:
                return tree.dependencies[number]
        return None

    def has(self, number: int) -> bool:
        """Whether the listener with this number belongs to what stands on the page now."""
        return any(number in tree.dependencies for tree in list(self.trees.values()))

    def block(self, number: int) -> Block | None:
        """The block with this number, if its part is built."""
        for tree in self._all():
            if number in tree.blocks:
                return tree.blocks[number]
        return None

    def record_of(self, number: int) -> Record | None:
        """The record of the part whose run made the listener with this number."""
        return next((record for record in list(self.records.values()) if record.holds(number)), None)

    @property
    def listened(self) -> Iterator[int]:
        """Numbers of the States to whose change one of the parts listens."""
        for record in list(self.records.values()):
            yield from record.listened

    def rest(self) -> None:
        """Nobody looks at the page: free what can be built again when somebody does."""
        with self.lock:
            self._earlier.clear()
            for number, tree in list(self.trees.items()):
                if not any(_must_stay(block) for block in tree.blocks.values()):
                    del self.trees[number]

    def put(self, tree: SubTree, session: SessionState) -> None:
        """A part was built: it takes the place of what it had built before."""
        record = tree.record
        number = record.at.number
        ended = self._earlier.pop(number, [])
        replaced = [self.trees[number]] if number in self.trees else []
        self.counters[record.at.space] = record.last
        self.records[number], self.trees[number] = record, tree
        inner = {each.renders.at.number for each in tree.dependencies.values() if each.renders is not None}
        for other in [each for each in self.records.values() if each.at.parent == number]:
            if other.at.number not in inner:
                replaced += self._drop(other.at.number)
        self._earlier[number] = replaced
        _carry_over(tree, session)
        self._forget([*ended, *replaced], session)

    def _drop(self, number: int) -> list[SubTree]:
        """Take a part away, with those inside it."""
        self.records.pop(number, None)
        gone = [*self._earlier.pop(number, [])]
        if number in self.trees:
            gone.append(self.trees.pop(number))
        for other in [each.at.number for each in self.records.values() if each.at.parent == number]:
            gone += self._drop(other)
        return gone

    def _forget(self, gone: Iterable[SubTree], session: SessionState) -> None:
        """What the session kept for blocks that stand nowhere any more goes with them."""
        standing = [*self.trees.values(), *(each for each in self._replaced if each.has_chains)]
        left = {number for tree in standing for number in tree.blocks}
        for tree in gone:
            for number, block in tree.blocks.items():
                if number < FIRST or number in left:
                    continue
                session.take_changes(number, None)
                session.kept.pop(number, None)
                was_set = number in session.assigned
                if getattr(block, "stateful", False) and number in session.values:
                    _notify_deleted(block, session.drop(block), was_set)  # type: ignore[arg-type]

    def _all(self) -> list[SubTree]:
        return [*self.trees.values(), *self._replaced]

    @property
    def _replaced(self) -> list[SubTree]:
        """What was replaced last: events of it may still be on their way, and chains go on."""
        return [tree for trees in list(self._earlier.values()) for tree in trees]


def renders_of(session: SessionState) -> Renders:
    """The parts that were built for a session; made at the first use."""
    renders = session.renders
    if not isinstance(renders, Renders):
        renders = session.renders = Renders()
    return renders


def _must_stay(block: Any) -> bool:
    """Whether something is to happen when this block's value ends."""
    return bool(getattr(block, "stateful", False)) and (
        block.time_to_live != float("inf") or "delete_callback" in block._given
    )


def _notify_deleted(state: Any, value: Any, was_set: bool) -> None:
    try:
        if was_set:
            waited_for(state.delete_callback(value))
    except BaseException:  # the user's code; nobody waits for it
        quietly(log.exception, "state.delete_callback_failed", extra={"block": state._id})


def _carry_over(tree: SubTree, session: SessionState) -> None:
    """Of a block that stands there again, the session keeps what updates have changed of the options to preserve."""
    for number, block in tree.blocks.items():
        changes = session.changes.get(number)
        if not changes or number < FIRST:
            continue
        wanted = block.preserved_by_key or []
        names = {wanted} if isinstance(wanted, str) else set(wanted)
        session.take_changes(number, {name: changes[name] for name in names & changes.keys()})


def run(blocks: DeclaredPage, call: Call) -> Step:
    """Run a function of gr.render: its one step carries what the page needs. To be called where user code may run."""
    started = time.perf_counter()
    rendering = call.dependency.renders
    assert rendering is not None
    renders = renders_of(call.session)
    args, named = arguments(blocks, call)
    with renders.lock:
        at = rendering.at
        before = renders.records.get(at.number)
        states = {
            block._id: value
            for block, value in zip(call.dependency.inputs, _values(call, [*args, *named.values()]))
            if block.stateful
        }
        record = Record(
            at, renders.counters.get(at.space, 0), call.data, states, dict(before.after) if before is not None else {}
        )
        tree = SubTree(blocks, call.dependency, record)
        with tree.building():
            _build(call.dependency, args, named)
        renders.put(tree, call.session)
    step = Step([None], duration=time.perf_counter() - started, encoded=Encoded([b"null"]))
    step.render_config = Raw(encode(render_config(tree)))
    return step


def _build(dependency: Dependency, args: Sequence[Any], named: dict[str, Any]) -> None:
    assert dependency.fn is not None
    made = dependency.fn(*args, **named)
    if is_unfinished(made):
        dismiss(made)
        raise CallError(
            f"{dependency.name} returned a coroutine or generator, but gr.render needs a plain function: "
            "what it builds must be complete when it returns."
        )


def _values(call: Call, args: list[Any]) -> list[Any]:
    """The values of the inputs, without what was injected."""
    if call.dependency.inputs_as_dict:
        return [next(arg for arg in args if isinstance(arg, dict))[block] for block in call.dependency.inputs]
    return [call.session.get(block) if block.stateful else None for block in call.dependency.inputs]


async def build_again(blocks: DeclaredPage, call: Call, number: int, threads: Threads) -> None:
    """Build the part that made the listener `number`, and those around it, from their records.

    Args:
        blocks: the page.
        call: whose session and request it is; its dependency and data are not looked at.
        number: of the listener.
        threads: where user code runs.

    Raises:
        Failure: of an OutOfDateError when the function builds something else now, or what it needs is not there any
            more; of what the function raised.
    """
    await once_in_thread(functools.partial(_build_for, blocks, call, number), call, threads)


def _build_for(blocks: DeclaredPage, call: Call, number: int) -> None:
    renders = renders_of(call.session)
    with renders.lock:
        record = renders.record_of(number)
        if record is None:
            raise OutOfDateError
        _build_again(blocks, renders, record, call)


def _build_again(blocks: DeclaredPage, renders: Renders, record: Record, call: Call) -> None:
    at = record.at
    if at.number in renders.trees:
        return
    around: DeclaredPage | SubTree = blocks
    if at.parent is not None:
        outer = renders.records.get(at.parent)
        if outer is None:
            raise OutOfDateError
        _build_again(blocks, renders, outer, call)
        around = renders.trees[at.parent]
    dependency = _declared(around.dependencies.values(), at)
    fresh = Record(at, record.first, record.data, record.states, record.before)
    again = replace(call, dependency=dependency, data=record.data, report=Report(), trigger_id=None)
    again.session = cast("SessionState", _Past(call.session, record.states))
    tree = SubTree(blocks, dependency, fresh)
    with tree.building():
        token = context.rebuilding.set(True)
        try:
            _build(dependency, *arguments(blocks, again))
        finally:
            context.rebuilding.reset(token)
    if fresh.shape != record.shape or fresh.last != record.last:
        quietly(log.warning, "render.differs", extra={"render_id": at.number, "fn_name": dependency.name})
        raise OutOfDateError
    tree.record = record
    renders.trees[at.number] = tree


def _declared(dependencies: Iterable[Dependency], at: RenderNumber) -> Dependency:
    for each in dependencies:
        if each.renders is not None and each.renders.at == at:
            return each
    raise OutOfDateError


class _Past:
    """A session as it was when a part was built: its States have the values of then."""

    def __init__(self, session: SessionState, states: dict[int, Any]) -> None:
        self._session = session
        self._states = states

    def get(self, component: Component) -> Any:
        """The value of then."""
        return self._states[component._id] if component._id in self._states else self._session.get(component)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def render_config(tree: SubTree) -> dict[str, Any]:
    """What the page needs to show a part. Addresses of modules are below the page's own, or absolute."""
    number = tree.record.at.number
    components = [_component(block, number) for block in (tree.container, *tree.blocks.values())]
    components[0].pop("rendered_in")
    layout = {"id": tree.container._id, "children": layout_config(tree.container)}
    return {
        "page": {
            "": {
                "layout": layout,
                "components": [each["id"] for each in components],
                "dependencies": list(tree.dependencies),
            }
        },
        "components": components,
        "dependencies": [dependency_config(each) for each in tree.dependencies.values()],
        "layout": layout,
        "render_id": number,
    }


def _component(block: Block, number: int) -> dict[str, Any]:
    return component_config(block) | block_assets(type(block), "") | {"renderable": number, "rendered_in": number}
