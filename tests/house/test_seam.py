"""Who submits events knows no engine but the interface, and gives it data alone."""

from __future__ import annotations

import ast
import re
from typing import get_type_hints

import msgspec
import pytest

from blocks_app.protocol import ProcessCompleted
from queue_app.conf import engine
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.viewers import Viewer
from queue_app.execution.engine import Engine, QueueSnapshot, SessionSnapshot
from queue_app.execution.job import AccessEnded, InputView, JobSpec, ListenerView
from queue_app.sessions.presence import Attendance, VisitorInfo
from queue_app.sessions.session_directory import SessionView
from tests.house.sources import modules, tree

#: What may stand in a job: what JSON has, and the structs made of it.
PLAIN = {"str", "int", "float", "bool", "None", "list", "tuple", "Any", "RequestInfo", "FunctionKey", "InputView"}


def test_nobody_outside_of_execution_knows_the_class_of_the_engine() -> None:
    path, _, name = engine().rpartition(".")
    for module in modules():
        if module.startswith(("queue_app.execution.", "queue_app.engines.")) or module == "queue_app.conf":
            continue
        written = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
        texts = [node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant)]
        imports = (
            ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Import | ast.ImportFrom)
        )
        assert name not in written, module
        assert not any(path in str(each) or f"import {name}" in str(each) for each in (*texts, *imports)), module


@pytest.mark.parametrize("kind", [JobSpec, AccessEnded, ListenerView, InputView, VisitorInfo])
def test_what_an_engine_is_given_and_gives_is_frozen_and_made_of_plain_data(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
    get_type_hints(kind)
    for each in msgspec.structs.fields(kind):
        assert set(re.findall(r"\w+", str(kind.__annotations__[each.name]))) <= PLAIN, each.name


def test_an_engine_speaks_of_no_live_object_but_what_reads_or_is_there() -> None:
    data = {JobSpec, AccessEnded, ListenerView, VisitorInfo, QueueSnapshot, SessionSnapshot, SessionView}
    live = {Subscription, Viewer, Attendance}
    answer = {ProcessCompleted, str, int, float, bool, dict, type(None)}
    names = {each.__name__ for each in data | live | answer} | {"None"}
    methods = [each for name, each in vars(Engine).items() if callable(each) and not name.startswith("_")]
    spoken = {
        word for each in methods for what in each.__annotations__.values() for word in re.findall(r"\w+", str(what))
    }
    assert spoken <= names


def test_no_key_of_a_limit_is_the_place_of_an_object_in_memory() -> None:
    for module in modules():
        if not module.startswith(("queue_app.execution", "queue_app.scheduling", "blocks_app.listeners")):
            continue
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "id":
                assert module == "queue_app.execution.control.inspection", module  # objects counted once
