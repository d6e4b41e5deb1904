"""The parts of a simulated page that gr.render has built: a port of frontend/render.ts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.rendering.render_runs import Renders
    from blocks_app.tree.block import Block


Status = Literal["pending", "generating", "error"] | None


@dataclass(eq=False, slots=True)
class Seen:
    """A component as the user sees it."""

    props: dict[str, Any]
    value: Any = None
    history: list[Any] = field(default_factory=list)
    status: Status = None
    progress: list[dict[str, Any]] = field(default_factory=list)
    position: tuple[int, int] | None = None


@dataclass(eq=False, slots=True)
class RenderedPart:
    """One part as it was last built: its blocks and listeners, and what each block was given."""

    host: int
    blocks: dict[int, Block]
    dependencies: dict[int, Dependency]
    given: dict[int, dict[str, Any]]
    #: Listeners of the run before, whose chains may still be under way.
    earlier: dict[int, Dependency] = field(default_factory=dict)


class Parts:
    """All parts of one page, by `render_id`."""

    def __init__(self, seen: dict[int, Seen]) -> None:
        """Start without any; `seen` is what the user sees of each block."""
        self._seen = seen
        self._all: dict[int, RenderedPart] = {}

    def clear(self) -> None:
        """The page is loaded anew."""
        for number in list(self._all):
            self._remove(number)

    @property
    def dependencies(self) -> Iterable[Dependency]:
        """What listens in all parts."""
        return [each for part in self._all.values() for each in part.dependencies.values()]

    @property
    def followers(self) -> Iterable[Dependency]:
        """What may follow the end of an event: also listeners whose part was built anew meanwhile."""
        return [*self.dependencies, *(each for part in self._all.values() for each in part.earlier.values())]

    @property
    def blocks(self) -> Iterable[Block]:
        """What stands in all parts, in the order in which it was made."""
        return [block for part in self._all.values() for block in part.blocks.values()]

    def successor(self, dependency: Dependency) -> Dependency:
        """The listener that has taken the place of this one when its part was built anew; else itself."""
        if dependency.rendered_in is None:
            return dependency
        return next((each for each in self.dependencies if _triggers(each) == _triggers(dependency)), dependency)

    def graft(self, config: dict[str, Any], built: Renders) -> tuple[list[int], list[Dependency]]:
        """Show a part; the numbers of the blocks that stand there again with another value, and its listeners.

        Args:
            config: the `render_config` of the message.
            built: what the session has on the server, where the live blocks and listeners are.
        """
        number, host = config["render_id"], config["layout"]["id"]
        old = self._all.get(number)
        given = {each["id"]: each["props"] for each in config["components"] if each["id"] != host}
        blocks = {each: block for each in given if (block := built.block(each)) is not None}
        found = [built.find(each["id"]) for each in config["dependencies"]]
        dependencies = {each.id: each for each in found if each is not None}
        for gone in [] if old is None else old.given.keys() - given.keys():
            self._drop(gone)
        changed = []
        for each, props in given.items():
            if old is None or each not in old.given:
                self._seen[each] = Seen(dict(props), props.get("value"))
            elif self._again(self._seen[each], old.given[each], props):
                changed.append(each)
        self._all[number] = RenderedPart(host, blocks, dependencies, given, old.dependencies if old is not None else {})
        return changed, list(dependencies.values())

    def find(self, kind: type[Block], name: str | None, index: int) -> Block:
        """The block of this class with this label, or this text as its value; see PageUser.find."""
        fitting = [block for block in self.blocks if isinstance(block, kind) and name in (None, *self._names(block))]
        if len(fitting) <= index:
            raise LookupError(f"No part of the page has {kind.__name__} {name!r} number {index}.")
        return fitting[index]

    def _names(self, block: Block) -> list[Any]:
        seen = self._seen[block._id]
        return [seen.props.get("label"), seen.value if isinstance(block, Component) else None]

    def _again(self, seen: Seen, before: dict[str, Any], now: dict[str, Any]) -> bool:
        """A block that stands there again: what was changed of it stays where its key preserves it.

        Whether it has another value now.
        """
        wanted = now.get("preserved_by_key", "value")
        preserved = [wanted] if isinstance(wanted, str) else wanted
        changed = [name for name in preserved if name != "value" and seen.props.get(name) != before.get(name)]
        seen.props = {**now, **{name: seen.props.get(name) for name in changed}}
        if "value" in preserved and seen.value != before.get("value"):
            return False
        changes, seen.value = seen.value != now.get("value"), now.get("value")
        return bool(changes)

    def _drop(self, number: int) -> None:
        self._seen.pop(number, None)
        for inner in [each for each, part in self._all.items() if part.host == number]:
            self._remove(inner)

    def _remove(self, number: int) -> None:
        part = self._all.pop(number, None)
        for each in part.given if part is not None else ():
            self._drop(each)


def _triggers(dependency: Dependency) -> list[Any]:
    blocks = [(target.block._id if target.block is not None else None, target.event) for target in dependency.targets]
    return [dependency.api_name, blocks]
