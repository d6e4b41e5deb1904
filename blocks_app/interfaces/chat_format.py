"""Which format of a conversation a function understands, where nothing says it: what it is annotated with and reads.

Gradio 4 gave functions pairs, Gradio 6 gives them messages. Neither says so in a script, so it is read off the script.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from blocks_app.functions.annotations import Annotations
from blocks_app.functions.kinds import body_of
from blocks_app.functions.signatures import describe

_PAIR_WORDS = ("tuple", "list[list", "List[List", "Tuple")
_MESSAGE_WORDS = ("dict", "Dict", "ChatMessage", "Mapping", "Message")
_NAMES = {"role", "content", "metadata"}


def takes_pairs(fn: Callable[..., Any]) -> bool | None:
    """Whether the function takes pairs: by its annotation, else by its code. None where neither tells."""
    info = describe(fn)
    if len(info.parameters) < 2:
        return None
    name = info.parameters[1]
    hint = _by_annotation(fn, name)
    return _by_code(fn, name) if hint is None else hint


def _by_annotation(fn: Callable[..., Any], name: str) -> bool | None:
    noted = getattr(body_of(fn), "__annotations__", {}).get(name)
    texts = [str(noted), *(str(each) for each in Annotations(fn, body_of(fn)).options(name))] if noted else []
    for text in texts:
        if any(word in text for word in _MESSAGE_WORDS):
            return False
        if any(word in text for word in _PAIR_WORDS):
            return True
    return None


def _by_code(fn: Callable[..., Any], history: str) -> bool | None:
    """What its own code does with the items of the history."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(body_of(fn))))
    except (OSError, TypeError, SyntaxError):  # typed at a prompt, or a piece of an expression
        return None
    items: set[str] = set()
    for target, source in _loops(tree):
        if not _is_of(source, history):
            continue
        if isinstance(target, ast.Tuple) and _is_call(source, "enumerate") and len(target.elts) == 2:
            target = target.elts[1]
        if isinstance(target, ast.Tuple | ast.List):
            return True
        if isinstance(target, ast.Name):
            items.add(target.id)
    return _by_subscripts(tree, history, items)


def _by_subscripts(tree: ast.AST, history: str, items: set[str]) -> bool | None:
    joined = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_item(node.value, history, items):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if isinstance(key, str):
                return False
            if isinstance(key, int):
                return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "get" and _is_item(node.func.value, history, items):
                return False
            joined = joined or (node.func.attr == "extend" and any(_is_of(each, history) for each in node.args))
        joined = joined or (isinstance(node, ast.BinOp) and any(_is_of(x, history) for x in (node.left, node.right)))
        joined = joined or (isinstance(node, ast.Starred) and _is_of(node.value, history))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return False if joined and words & _NAMES else None


def _loops(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.target, node.iter


def _is_call(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _is_of(node: ast.expr, history: str) -> bool:
    """Whether an expression is the history, some of it, or it in another order."""
    if isinstance(node, ast.Call):
        return any(_is_of(each, history) for each in node.args)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and _is_of(node.value, history)
    if isinstance(node, ast.BoolOp):
        return any(_is_of(each, history) for each in node.values)
    return isinstance(node, ast.Name) and node.id == history


def _is_item(node: ast.expr, history: str, items: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in items
    return isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice) and _is_of(node.value, history)
