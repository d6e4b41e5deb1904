"""Who submits events knows no engine but the interface, and gives it data alone."""

from __future__ import annotations

import ast
from typing import get_type_hints

import msgspec

from queue_app.conf import engine
from queue_app.execution.job import JobSpec
from tests.house.sources import modules, tree

#: What may stand in a job: what JSON has, and the structs made of it.
PLAIN = {"str", "int", "float", "bool", "None", "list", "Any", "RequestInfo", "FunctionKey"}


def test_nobody_outside_of_execution_knows_the_class_of_the_engine() -> None:
    path, _, name = engine().rpartition(".")
    for module in modules():
        if module.startswith("queue_app.execution.") or module == "queue_app.conf":
            continue
        written = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
        texts = [node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant)]
        imports = (
            ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Import | ast.ImportFrom)
        )
        assert name not in written, module
        assert not any(path in str(each) or f"import {name}" in str(each) for each in (*texts, *imports)), module


def test_a_job_is_frozen_and_made_of_plain_data() -> None:
    assert JobSpec.__struct_config__.frozen
    get_type_hints(JobSpec)
    for each in msgspec.structs.fields(JobSpec):
        words = set(str(JobSpec.__annotations__[each.name]).replace("[", " ").replace("]", " ").split())
        assert words - {"|"} <= PLAIN, each.name


def test_no_key_of_a_limit_is_the_place_of_an_object_in_memory() -> None:
    for module in modules():
        if not module.startswith(("queue_app.execution", "queue_app.scheduling", "blocks_app.listeners")):
            continue
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "id":
                assert module == "queue_app.execution.control.inspection", module  # objects counted once
