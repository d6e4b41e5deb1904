"""What a page asks of the app that serves it is there, with the same names."""

from __future__ import annotations

import ast
import inspect

import pytest

from blocks_app.hosting import Host, host
from tests.house.sources import modules, tree

ASKED = sorted(name for name, each in vars(Host).items() if inspect.isfunction(each) and not name.startswith("_"))


@pytest.mark.parametrize("name", ASKED)
def test_the_app_that_serves_takes_what_a_page_gives(name: str) -> None:
    asked = list(inspect.signature(getattr(Host, name)).parameters.values())[1:]
    given = inspect.signature(getattr(host(), name)).parameters.values()
    assert [(each.name, each.kind, each.default) for each in asked] == [
        (each.name, each.kind, each.default) for each in given
    ]


def test_the_name_of_the_app_that_serves_stands_in_one_place() -> None:
    names = {
        module
        for module in modules()
        if module.startswith("blocks_app.") and "management" not in module
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("queue_app.")
    }
    assert names == {"blocks_app.hosting"}
