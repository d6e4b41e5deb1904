"""The parts of a simulated page that gr.render has built: a port of frontend/render.ts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from blocks_app.tree.block import Block
from queue_app.testing.seen import Seen
from queue_app.testing.typed import same

B = TypeVar("B", bound=Block)


@dataclass(eq=False, slots=True)
class RenderedPart:
    """One part as it was last built: its container, and what each of its blocks was given."""

    host: int
    given: dict[int, dict[str, Any]]


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
    def blocks(self) -> list[int]:
        """What stands in all parts, in the order in which it was made."""
        return [number for part in self._all.values() for number in part.given]

    def graft(self, config: dict[str, Any]) -> list[tuple[int, Any]]:
        """Show a part; the blocks that stand there again and get another value, with that value.

        Args:
            config: the `render_config` of the message.
        """
        number, host = config["render_id"], config["layout"]["id"]
        old = self._all.get(number)
        components = {each["id"]: each for each in config["components"] if each["id"] != host}
        given = {each: component["props"] for each, component in components.items()}
        before = {} if old is None else old.given
        for gone in before.keys() - given.keys():
            self._drop(gone)
        self._all[number] = RenderedPart(host, given)
        changed = []
        for each, props in given.items():
            if each not in before:
                self._seen[each] = Seen(components[each]["type"], dict(props), props.get("value"))
            elif self._again(self._seen[each], before[each], props):
                changed.append((each, props.get("value")))
        return changed

    def _again(self, seen: Seen, before: dict[str, Any], now: dict[str, Any]) -> bool:
        """A block that stands there again: what was changed of it stays where its key preserves it.

        Whether it gets another value now.
        """
        wanted = now.get("preserved_by_key")
        wanted = "value" if wanted is None else wanted
        preserved = [wanted] if isinstance(wanted, str) else wanted
        changed = [name for name in preserved if name != "value" and not same(seen.props.get(name), before.get(name))]
        seen.props = {**now, **{name: seen.props.get(name) for name in changed}}
        keeps = "value" in preserved and not same(seen.value, before.get("value"))
        return not keeps and not same(seen.value, now.get("value"))

    def _drop(self, number: int) -> None:
        self._seen.pop(number, None)
        for inner in [each for each, part in self._all.items() if part.host == number]:
            self._remove(inner)

    def _remove(self, number: int) -> None:
        part = self._all.pop(number, None)
        for each in part.given if part is not None else ():
            self._drop(each)


def stand_in(number: int, kind: type[B], seen: Seen) -> B | None:
    """A block of this class, with the number and the options of one that only a worker has; None for another kind."""
    classes = [kind]
    for each in classes:
        classes += each.__subclasses__()
    fitting = [each for each in classes if each.wire_name == seen.kind]
    if not fitting:
        return None
    made = fitting[0].__new__(fitting[0])
    vars(made).update(seen.props, _id=number)
    return made
