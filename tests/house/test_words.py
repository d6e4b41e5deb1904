"""One word means one thing: names that could be mistaken for each other, and settings that had others."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import Any

import pytest

from queue_app import checks, conf
from tests.house.sources import modules, tree

APPS = ("auth_app", "blocks_app", "queue_app")


def test_no_public_class_name_stands_in_two_apps() -> None:
    apps = defaultdict(set)
    for module in modules():
        if ".management.commands." in module:
            continue  # Django wants all of them called Command
        for node in tree(module).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                apps[node.name].add(module.split(".")[0])
    assert {name: sorted(found) for name, found in apps.items() if len(found & {*APPS}) > 1} == {}


@pytest.mark.parametrize(
    ("old", "given", "read"),
    [
        ("BLOCKS_LEDGER", True, conf.event_log),
        ("BLOCKS_LEDGER_SIZE", 7, conf.event_log_size),
        ("BLOCKS_LEDGER_INPUTS", 7, conf.event_log_inputs),
        ("BLOCKS_LEDGER_VISITOR", 7, conf.event_log_visitor),
        ("BLOCKS_LEDGER_KEPT", 7, conf.event_log_kept),
        ("BLOCKS_POST", True, conf.message_bus),
        ("BLOCKS_POST_BEAT", 7.0, conf.message_bus_interval),
    ],
)
def test_a_setting_is_still_read_by_its_old_name(settings: Any, old: str, given: Any, read: Any) -> None:
    new = next(name for name, before in conf.RENAMED.items() if before == old)
    if hasattr(settings, new):
        delattr(settings, new)
    setattr(settings, old, given)
    assert read() == given
    assert [each.msg for each in checks.check_names()] == [
        f"{old} is now called {new}, and is still read by its old name."
    ]
    setattr(settings, new, 0)
    assert read() != given
    assert [each.id for each in checks.check_names()] == ["blocks.W043"]


def test_each_renamed_setting_has_its_test() -> None:
    assert len(conf.RENAMED) == len({*conf.RENAMED.values()}) == 7


#: Words that said several things, or one that has a name in the field; the glossary in CONTRIBUTING.md has theirs.
OUTGROWN = {
    "aside", "bury", "buried", "door", "doors", "guest", "heard", "lane", "lanes", "letter", "letters", "mend", "news",
    "obey", "said", "seat", "tell", "ticket", "told", "turns", "twin", "untold", "valve",
}  # fmt: skip
#: The table of the message bus keeps its name; a file-like object has a `tell`.
KEPT = {("queue_app.records.message_models", "Letter"), ("blocks_app.web.multipart", "tell")}


@pytest.mark.parametrize("app", [*APPS, "blocks_client"])
def test_names_use_the_words_of_the_glossary(app: str) -> None:
    found = {
        (module, name)
        for module in modules()
        if module.split(".")[0] == app
        for node in ast.walk(tree(module))
        for name in _names_of(node)
        if {*re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")} & OUTGROWN
    }
    assert found - KEPT == set()


def _names_of(node: ast.AST) -> list[str]:
    """What a node gives a name to."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.id]
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return [node.attr]
    return []
