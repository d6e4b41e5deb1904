"""Whatever the log tells is a sentence, and its name is known."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator

import pytest

from blocks_app.diagnostics import log_sentences as blocks_sentences
from queue_app import log_sentences as queue_sentences
from tests.house.sources import modules, tree

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "logged", "log_failure", "record"}
TABLES = {"blocks_app": blocks_sentences.SENTENCES, "queue_app": queue_sentences.SENTENCES}
#: What every record has: Python refuses an extra field of such a name.
TAKEN = {*vars(logging.makeLogRecord({})), "message", "asctime"}


def calls(app: str) -> Iterator[ast.Call]:
    """Where an app's sources write to a log."""
    for module in modules():
        for node in ast.walk(tree(module)) if module.partition(".")[0] == app else ():
            if isinstance(node, ast.Call) and any(word(each) in LEVELS for each in (node.func, *node.args)):
                yield node


def word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def told(app: str) -> set[str]:
    """The actions that they name."""
    texts = [each.value for call in calls(app) for each in call.args if isinstance(each, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and is_action(text)}


def is_action(text: str) -> bool:
    return text.replace("_", "").replace(".", "", 1).isalpha() and text.count(".") == 1 and text.islower()


@pytest.mark.parametrize("app", sorted(TABLES))
def test_each_action_has_a_sentence(app: str) -> None:
    assert len(told(app)) > 15
    assert told(app) <= set(TABLES[app])


@pytest.mark.parametrize("app", sorted(TABLES))
def test_each_sentence_begins_as_one(app: str) -> None:
    for action, sentence in TABLES[app].items():
        assert sentence[0].isupper() or sentence[0] == "{", action
        assert "name" not in sentence.replace("fn_name", ""), f"{action}: the name of a record is that of its logger."


@pytest.mark.parametrize("app", ["auth_app", *sorted(TABLES)])
def test_no_field_has_the_name_of_one_that_every_record_has(app: str) -> None:
    extras = [each.value for call in calls(app) for each in call.keywords if each.arg == "extra"]
    named = {
        key.value
        for extra in extras
        if isinstance(extra, ast.Dict)
        for key in extra.keys
        if isinstance(key, ast.Constant)
    }
    assert named and not named & TAKEN
