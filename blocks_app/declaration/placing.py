"""What is told of a page while it is declared: a theme that there is not, and blocks that stand nowhere on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from blocks_app.diagnostics.mistakes import SourceLine, place, warn
from blocks_app.listeners.dependency import Dependency
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component


def known_theme(theme: Any) -> Any:
    """The theme as it was given; None, which is the default one, and a warning when there is no such theme."""
    if theme is None:
        return None
    from blocks_app.themes import problem_with  # most pages have the default one, which is not loaded for this

    if (problem := problem_with(theme)) is None:
        return theme
    warn(problem)
    return None


class Unplaced(NamedTuple):
    """A block of a listener that has no place on the page yet; it may still get one."""

    block: Block
    role: str
    listener: str
    at: SourceLine


def unplaced(dependency: Dependency) -> list[Unplaced]:
    """The blocks of a new listener that stand nowhere yet, with the line that names them."""
    roles = (
        *((block, "reads the value of") for block in dependency.inputs),
        *((block, "puts its result into") for block in dependency.outputs),
        *((target.block, "listens to") for target in dependency.targets if isinstance(target.block, Component)),
    )
    return [Unplaced(block, role, dependency.name, place()) for block, role in roles if not _stands(block)]


def warn_of_unplaced(found: list[Unplaced], placed: Mapping[int, Block]) -> None:
    """Warn of those that stand nowhere at the end of the declaration; none is left to tell.

    Args:
        found: what `unplaced` has found meanwhile.
        placed: the blocks that stand here, by id.
    """
    for each in found:
        if not _stands(each.block) and each.block._id not in placed:
            warn(
                f"The listener {each.listener} {each.role} {each.block.described}, which is not on the page: nobody "
                "sees it. Make it inside of `with gr.Blocks()`, or place it there by its render().",
                at=each.at,
            )
    found.clear()


def _stands(block: Block) -> bool:
    return block.is_everywhere or block.is_rendered or not isinstance(block, Component)
