"""Each block that is drawn has an element, and each that is not has none."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.page.assets import block_assets
from blocks_app.tree.block import Block
from tests.house.sources import ROOT


def kinds(of: type[Block] = Block) -> Iterator[type[Block]]:
    """Every class of blocks in the product, also those that users do not see."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


#: What stands on pages: a class that is only a base of others is never drawn itself.
PUBLIC = {each for name in gr.__all__ if inspect.isclass(each := getattr(gr, name))}
KINDS = sorted(
    {
        each
        for each in kinds()
        if each.__module__.startswith("blocks_app.") and (each in PUBLIC or not each.__subclasses__())
    },
    key=lambda each: each.__name__,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_element_of_a_block_is_defined_by_its_module(kind: type[Block]) -> None:
    tag = block_assets(kind, "")["tag"]
    owners = [owner for owner in kind.__mro__ if owner.__module__.startswith("blocks_app.")]
    beside = [ROOT / kind.module] if kind.module.endswith(".ts") else []
    beside += [found for owner in owners if (found := Path(inspect.getfile(owner)).with_suffix(".ts")).exists()]
    assert tag is None or f'define("{tag}"' in beside[0].read_text(), (
        f"{kind.__name__} would be drawn as <{tag}>, which nobody defines: give it a module of its own."
    )


def test_no_class_of_an_element_is_that_of_a_layout() -> None:
    """Its rules would apply inside of the component: `row` spreads what is in it."""
    taken = ("row", "column", "form", "tabs", "group", "block")
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "blocks_app/components").rglob("*.ts")
        for name in taken
        if f'class="{name}"' in path.read_text() or f'class="{name} ' in path.read_text()
    ]
    assert not wrong, wrong


def test_all_names_are_looked_at() -> None:
    assert {gr.FileExplorer, gr.Row, gr.State} <= set(KINDS)
