"""Every event goes the same way, whatever has started it: one builder of jobs, one completion of inputs, one driver."""

from __future__ import annotations

import ast

from tests.house.sources import imports, modules, tree


def callers(*names: str) -> set[str]:
    """The modules that call something of one of these names, as `name(…)` or `module.name(…)`."""
    return {
        module
        for module in modules()
        if module.split(".")[0] in ("auth_app", "blocks_app", "queue_app")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and called(node.func) in names
    }


def called(function: ast.expr) -> str:
    return ast.unparse(function) if isinstance(function, ast.Name | ast.Attribute) else ""


def test_one_place_makes_jobs() -> None:
    assert callers("JobSpec") == {"queue_app.execution.job_factory"}


def test_inputs_are_completed_where_a_call_is_made_of_what_came() -> None:
    assert callers("complete") == {"queue_app.execution.job_factory", "blocks_app.running.local_call"}


def test_one_place_drives_the_runner_and_another_where_there_is_no_queue() -> None:
    assert callers("runner.run") == {"queue_app.execution.worker"}
    imported = {
        module
        for module in modules()
        for each in imports(module)
        if (each.name, each.what) in (("blocks_app.running.runner", "run"), ("blocks_app.running.runner.run", ""))
    }
    assert imported == {"blocks_app.running.local_call"}
